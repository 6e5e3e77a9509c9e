"""What every process stands on: the clock, settings, the database and its unit of work, logs. No nameko."""
