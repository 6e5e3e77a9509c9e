"""Intake's own database: its tables and the one place that speaks SQL to them."""
