"""What people read of a deployment: coverage and quotas."""
