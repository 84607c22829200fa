"""Shared by every command line."""
