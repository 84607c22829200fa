"""What an event of the catalog is: its record, conditions, providers, audit subcategories and paths."""
