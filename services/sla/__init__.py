"""SLA: which time limits a case has, where they stand, and when they are overrun.

Owns: policies, calendars, clocks with their warnings and breaches, the ledger of facts they are derived from.
Hears: case events, `customer.erased` (intake).
Says: clock events.
Never: decides who is told (escalation) or how (notify), changes a case (intake).
"""
