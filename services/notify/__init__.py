"""Notify: how people are told, and whether it reached them.

Owns: the newest cases, clocks and escalations, as told by their owners.
Hears: case events (intake), clock events (sla), escalation events (escalation), order events (maintenance).
Says: nothing yet.
Never: decides who must act (escalation).
"""
