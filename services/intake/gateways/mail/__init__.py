"""The mailbox, and how its messages are read."""

from services.intake.gateways.mail.client import Patience
from services.intake.gateways.mail.mailbox import Fetched, Mailbox, MailboxAway, Place
from services.intake.gateways.mail.reading import Limits, Unreadable, read_letter
from services.intake.gateways.mail.server import ImapServer
from services.intake.gateways.mail.store import Store

__all__ = [
    "Fetched",
    "ImapServer",
    "Limits",
    "Mailbox",
    "MailboxAway",
    "Patience",
    "Place",
    "Store",
    "Unreadable",
    "read_letter",
]
