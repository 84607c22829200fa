"""What must hold for the catalog as a whole: validators, overlap, known event fields, the lock file."""
