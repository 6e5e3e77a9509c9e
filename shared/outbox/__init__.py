"""Reliable messaging in a service's own database: outbox and relay, inbox, held messages, kept answers.

A fact is published if and only if it was committed, and a message has its effect once (AL-2).
"""

from shared.outbox.answers import Answers, Brief
from shared.outbox.held import Held
from shared.outbox.inbox import Inbox
from shared.outbox.staging import Voice
from shared.outbox.tables import MessagingTables, declare

__all__ = ["Answers", "Brief", "Held", "Inbox", "MessagingTables", "Voice", "declare"]
