"""Receipts: kept raw at once, joined to their messages in the same breath where those are known (NO-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.notify.handlers.rules import Rules
from services.notify.handlers.settling import join
from services.notify.storage import receipts
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork

STATES: Final = ("delivered", "failed", "other")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says of a message; `reference` is ours or theirs."""

    reference: str
    state: str
    reason: str | None = None


def receive(rules: Rules, uow: UnitOfWork, provider: str, found: Sequence[Receipt], raw: str) -> None:
    """Keep them; what is about a message that is known has its effect now, else when that is known."""
    wall = wall_now()
    rows = [
        {
            "provider": provider,
            "reference": each.reference,
            "state": each.state,
            "reason": each.reason,
            "raw": raw,
            "received_at": wall,
            "joined_at": wall if each.state == "other" else None,
        }
        for each in found
    ]
    receipts.keep(uow.connection, rows)
    join(uow, rules, [each.reference for each in found])
