"""Escalation: who must be told next when a case stands still or turns grave.

Owns: the newest cases and clocks, as told by intake and sla.
Hears: case events (intake), clock events (sla), overdue orders (maintenance).
Says: nothing yet.
Never: decides how somebody is told (notify), computes a deadline (sla).
"""
