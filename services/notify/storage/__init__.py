"""The database of notify."""
