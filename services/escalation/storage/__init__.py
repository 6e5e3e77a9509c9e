"""What escalation keeps: its database and its policy files."""
