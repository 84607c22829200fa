"""Log files in, records out; a file a format."""
