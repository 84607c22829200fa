"""The way into an account, and what its policies allow."""
