"""What sla keeps: its database and its policy files."""
