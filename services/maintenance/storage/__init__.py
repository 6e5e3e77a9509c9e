"""The database of maintenance."""
