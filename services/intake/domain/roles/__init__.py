"""Who may take which step and call which method, by the operator's rules (contracts 3, IN-21)."""
