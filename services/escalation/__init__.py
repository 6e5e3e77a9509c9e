"""Escalation: who must be told next when a case stands still or turns grave.

Owns: escalations and their story, handling teams, alerts to regions, the escalation policy.
Hears: case events (intake), clock events (sla), overdue, completed and missed orders (maintenance);
`customer.erased` (intake).
Says: escalation.raised, .step_reached, .acknowledged, .resolved, team.formed, alert.raised; alerts on `alerts`.
Never: decides how somebody is told (notify), computes a deadline (sla), changes a case (intake).
"""
