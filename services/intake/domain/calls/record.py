"""The record of a call: a pure function of the set of its events, whatever their order and however often they came.

What a call *is* (answered, missed, ended) depends on which events there are, never on their instants: exchanges' clocks
disagree, and events overtake each other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.intake.domain.calls.events import ANSWER, HANGUP, IN, KINDS, NEW_CALL, CallEvent
from services.intake.domain.calls.numbers import is_withheld, key_of

RINGING: Final = "ringing"
ANSWERED: Final = "answered"
ENDED: Final = "ended"
MISSED: Final = "missed"
STATES: Final = (RINGING, ANSWERED, ENDED, MISSED)

_MACHINES: Final = frozenset(
    {"announcement", "auto attendant", "autoattendant", "ivr", "mailbox", "voicemail", "答录机", "语音信箱", "语音导航"}
)
"""Users that are nobody: a caller who spoke to one of them has not been answered."""
_PASSED_ON: Final = frozenset(
    {"26", "answeredelsewhere", "completedelsewhere", "forwarded", "loserace", "redirected", "transferred"}
)
"""Causes of a hangup that ends one leg, not the call: it rings or is spoken on another one (Q.850 cause 26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """What is known of a call; every instant is the earliest or latest that makes it a story."""

    direction: str
    sent_from: str
    sent_to: str
    state: str
    first_at: datetime
    started_at: datetime | None = None
    answered_at: datetime | None = None
    spoke_at: datetime | None = None
    """When one of us last began to speak with the other party: the call was answered, or passed on."""
    ended_at: datetime | None = None
    users: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    cause: str | None = None
    recording: str | None = None

    @property
    def other(self) -> str:
        """The number of the party that is not us, as sent."""
        return self.sent_from if self.direction == IN else self.sent_to

    @property
    def number(self) -> str | None:
        """By what the calls of the other party are found together; None when the number is withheld."""
        return key_of(self.other)

    @property
    def is_missed(self) -> bool:
        """Whether somebody called us and nobody answered."""
        return self.state == MISSED


def distinct(events: Iterable[CallEvent]) -> list[CallEvent]:
    """Each event once, in an order that depends on nothing but what was told; of doubles the one heard first."""
    first: dict[tuple[str, ...], CallEvent] = {}
    for event in events:
        known = first.get(event.content)
        if known is None or event.heard_at < known.heard_at:
            first[event.content] = event
    return sorted(first.values(), key=lambda event: event.order)


def fold(heard: Iterable[CallEvent]) -> CallRecord:
    """The record that these events make; there is at least one."""
    events = distinct(heard)
    leading = min(events, key=_lead)
    answers = [each for each in events if each.event == ANSWER and not _is_machine(each.user)]
    ends = _ends(events, answered=bool(answers))
    first_at = min(each.instant for each in events)
    answered_at = min((each.instant for each in answers), default=None)
    return CallRecord(
        direction=leading.direction,
        sent_from=leading.sent_from,
        sent_to=leading.sent_to,
        state=_state(leading.direction, answers, ends),
        first_at=first_at,
        started_at=first_at if any(each.event == NEW_CALL for each in events) else None,
        answered_at=answered_at,
        spoke_at=max((each.instant for each in answers), default=None),
        ended_at=max([each.instant for each in ends] + [answered_at or first_at]) if ends else None,
        users=_users(leading.direction, events, answers),
        queues=_told(events, lambda each: each.queue),
        cause=next((each.cause for each in reversed(ends) if each.cause), None),
        recording=next((each.recording for each in reversed(events) if each.recording), None),
    )


def _lead(event: CallEvent) -> tuple[bool, int, object]:
    """One leg may hide what another shows; the first newCall says best who calls whom."""
    return (is_withheld(event.other), KINDS.index(event.event), event.order)


def _ends(events: Sequence[CallEvent], *, answered: bool) -> list[CallEvent]:
    """The hangups that end the call: one that passes it on does so only where nothing else was told."""
    hangups = [each for each in events if each.event == HANGUP]
    whole = [each for each in hangups if not _is_passed_on(each.cause)]
    return whole or ([] if answered else hangups)


def _state(direction: str, answers: Sequence[CallEvent], ends: Sequence[CallEvent]) -> str:
    if not ends:
        return ANSWERED if answers else RINGING
    nobody_came = direction == IN and not answers and not _is_passed_on(ends[0].cause)
    return MISSED if nobody_came else ENDED


def _users(direction: str, events: Sequence[CallEvent], answers: Sequence[CallEvent]) -> tuple[str, ...]:
    """Who of us spoke, first to last; of a call that we made, else who made it."""
    spoke = _told(answers, lambda each: each.user)
    if spoke or direction == IN:
        return spoke
    return _told([each for each in events if not _is_machine(each.user)], lambda each: each.user)


def _told(events: Iterable[CallEvent], what: Callable[[CallEvent], str | None]) -> tuple[str, ...]:
    """Each value once, in order."""
    return tuple(dict.fromkeys(value for each in events if (value := what(each))))


def _is_machine(user: str | None) -> bool:
    return user is not None and user.casefold() in _MACHINES


def _is_passed_on(cause: str | None) -> bool:
    return cause is not None and cause.casefold().replace(" ", "").replace("_", "") in _PASSED_ON
