"""The types of single values: each refuses what AWS would refuse, and says what it would take."""
