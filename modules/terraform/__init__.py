"""Terraform itself: templates escaped, resources imported, replaced or removed without destroy."""
