"""Intake: everything a customer brings becomes one case with one number and one history.

Owns: cases, their facts and their history; the customer file; case numbers; who may date a step back.
Hears: `escalation.acknowledged`, `team.formed` (escalation); `order.planned`, `order.completed`, `defect.found`
(maintenance).
Says: `case.registered.v1` and `case.<fact>.v1`, one for each fact, each with the whole case; `customer.changed.v1`.
Never: computes a deadline (sla), decides who is told (escalation) or tells anybody (notify).
"""
