"""What intake reads from outside."""
