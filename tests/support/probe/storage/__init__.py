"""The database of the probe."""
