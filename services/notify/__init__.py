"""Notify: how people are told, and whether it reached them.

Owns: messages with their attempts and receipts, subscriptions; the newest of what others tell.
Hears: case events (intake), clock events (sla), escalation events (escalation), order events (maintenance);
`customer.erased` (intake).
Says: message.accepted, .sent, .delivered, .failed, .expired, .unknown.
Never: decides who must act (escalation); sends anything about a case of mode `history`.
"""
