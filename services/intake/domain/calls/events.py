"""What an exchange tells of a call: one event, and when we heard it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from shared.kernel.erasing import ERASED
from shared.kernel.instants import format_instant, parse_instant

NEW_CALL: Final = "newCall"
ANSWER: Final = "answer"
HANGUP: Final = "hangup"
KINDS: Final = (NEW_CALL, ANSWER, HANGUP)

IN: Final = "in"
OUT: Final = "out"
DIRECTIONS: Final = (IN, OUT)

Order = tuple[bool, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """One event as it was told; two that say the same are one, whenever they are heard.

    `heard_at` stands in for an `at` that was not sent, and tells no two events apart.
    """

    event: str
    sent_from: str
    sent_to: str
    direction: str
    heard_at: datetime
    at: datetime | None = None
    user: str | None = None
    queue: str | None = None
    cause: str | None = None
    recording: str | None = None

    @property
    def instant(self) -> datetime:
        """When it happened, as far as anybody knows."""
        return self.at or self.heard_at

    @property
    def content(self) -> tuple[str, ...]:
        """What was told, without the instant at which we heard it."""
        told = (self.event, self.sent_from, self.sent_to, self.direction, self.user, self.queue, self.cause)
        at = format_instant(self.at) if self.at else ""
        return (*(each or "" for each in told), self.recording or "", at)

    @property
    def other(self) -> str:
        """The number of the party that is not us, as sent."""
        return self.sent_from if self.direction == IN else self.sent_to

    def without_other(self) -> "CallEvent":
        """The same without the data of the party that is not us."""
        if self.direction == IN:
            return replace(self, sent_from=ERASED, recording=None)
        return replace(self, sent_to=ERASED, recording=None)

    @property
    def order(self) -> Order:
        """A place among the events of a call that does not depend on when each was heard."""
        return (self.at is None, format_instant(self.at) if self.at else "", self.content)


def event_to_wire(event: CallEvent) -> dict[str, Any]:
    """The event as plain data, to be kept with its call."""
    told = {name: value for name, value in asdict(event).items() if value is not None}
    return {name: format_instant(value) if isinstance(value, datetime) else value for name, value in told.items()}


def event_from_wire(kept: Mapping[str, Any]) -> CallEvent:
    """The event that `event_to_wire` wrote."""
    instants = {name: parse_instant(kept[name]) for name in ("at", "heard_at") if name in kept}
    return CallEvent(**{**kept, **instants})
