"""What moto lacks or loses: candidates for upstream."""
