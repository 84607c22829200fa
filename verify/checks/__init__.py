"""The checks, one a topic."""
