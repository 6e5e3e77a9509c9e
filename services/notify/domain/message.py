"""A message as it is kept: from the intent to the receipt (NO-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from services.notify.domain.states import State

_NAMESPACE: Final = UUID("6f1c1f0a-5a0e-5d51-9d0e-0a2f3c7b9e11")


def message_id_of(key: str, recipient: str, channel: str) -> str:
    """The id: the same for the same message, whoever computes it."""
    return str(uuid5(_NAMESPACE, "\n".join((key, recipient, channel))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row: one message to one recipient on one channel, for one reason."""

    message_id: str
    key: str
    recipient: str
    channel: str
    address: str = field(repr=False)
    audience: str
    person: str | None
    rule: str
    category: str
    template: str | None
    language: str
    urgent: bool
    bundle: bool
    subject: str = field(repr=False)
    text: str = field(repr=False)
    fallbacks: Sequence[Mapping[str, str]] = field(repr=False)
    case_no: str | None
    order_no: str | None
    state: State
    reason: str | None
    attempts: int
    trace: str
    """The W3C traceparent of what it was accepted for: whatever becomes of it is said in the same trace."""
    accepted_at: datetime
    due_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    id: int | None = None
    attempt_id: int | None = None

    def told(self) -> dict[str, Any]:
        """What others may know of it: nothing of where it goes and what it says (AL-4)."""
        names = "message_id key channel audience category attempts urgent template person case_no order_no reason rule"
        return {name: getattr(self, name) for name in names.split()} | {"state": self.state.value}
