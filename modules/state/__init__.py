"""Where Terraform keeps its state."""
