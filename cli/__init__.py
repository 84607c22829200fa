"""Shared by every command line: options, exit statuses, errors, the terminal, tables."""
