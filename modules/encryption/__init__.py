"""The encryption key, and policies of resources."""
