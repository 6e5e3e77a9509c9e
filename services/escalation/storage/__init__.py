"""The database of escalation."""
