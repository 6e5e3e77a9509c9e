"""Maintenance: equipment, plans, work orders.

Owns: the newest cases, to know those its defects opened.
Hears: case events (intake).
Says: nothing yet.
Never: registers a case by itself but through intake.
"""
