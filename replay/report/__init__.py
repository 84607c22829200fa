"""What a replay found: as a table, as JSON, as a page."""
