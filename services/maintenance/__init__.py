"""Maintenance: equipment, its plans, and the orders that they make.

Owns: equipment, plans and what became of each of their slots, work orders with their answers, defects.
Hears: `case.registered`, `.resolved`, `.closed`, `.withdrawn`, `.reopened` (intake), for the cases its defects opened;
`customer.erased` (intake).
Says: `order.planned`, `.scheduled`, `.due_soon`, `.due`, `.overdue`, `.completed`, `.missed`, `.postponed`,
`.cancelled`; `defect.found`.
Never: registers a case (intake does, hearing of a defect), reminds anybody (notify), decides who answers for what is
overdue (escalation).
"""
