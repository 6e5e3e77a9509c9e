"""When a step counts: nobody rescues his own breach by dating it back (contracts 4, SL-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from services.intake.domain.vocabulary import BACK_DATING_SOURCES, HISTORY_SOURCE
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant
from shared.kernel.vocabulary import HISTORY

AHEAD = timedelta(seconds=60)
"""How far ahead an instant may lie: clocks of two machines are never quite the same."""
BACK = timedelta(minutes=15)
"""How far back anybody may date a step: the time it takes to write it down."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, and what is known of them."""

    by: str
    is_supervisor: bool = False
    names: Sequence[str] = ()
    """Every way of naming them, where there are more than `by`."""

    @property
    def named(self) -> Sequence[str]:
        """Every way of naming them."""
        return (self.by, *self.names)

    @property
    def may_date_back(self) -> bool:
        """Whether this person or system may record what happened long ago."""
        return self.is_supervisor or self.by in BACK_DATING_SOURCES


@dataclass(frozen=True, slots=True)
class Dated:
    """The instant that counts, and the marks that the history keeps of how it came about."""

    at: datetime
    marks: Mapping[str, Any] = field(default_factory=dict)


def date_step(asked: datetime | None, reason: str | None, actor: Actor, mode: str, now: datetime) -> Dated:
    """The instant of a step; raises Invalid at `at` when it lies ahead.

    An `at` too far back without a reason, or by somebody who may not, is kept in the marks and does not count.
    """
    if asked is None:
        return Dated(now)
    if mode == HISTORY and actor.by == HISTORY_SOURCE:
        return Dated(asked)
    refuse_ahead(asked, now, "at")
    if asked >= now - BACK:
        return Dated(asked)
    if reason and actor.may_date_back:
        return Dated(asked, {"dated_back": True, "at_reason": reason})
    marks = {"claimed_at": asked} | ({"at_reason": reason} if reason else {})
    return Dated(now, marks)


_OPPOSITE: Final = {"waiting_ended": "waiting_started", "waiting_started": "waiting_ended"}


def refuse_disorder(name: str, at: datetime, milestones: Mapping[str, datetime], mode: str) -> None:
    """Raise Invalid at `at` where waiting would end before it began, or begin before it last ended.

    Clocks follow the instants of facts: they would stand for ever while the case goes on, or run while it waits (SL-4).
    """
    before = milestones.get(_OPPOSITE.get(name, ""))
    if mode != HISTORY and before is not None and at < before:
        what = "ends" if name == "waiting_ended" else "begins again"
        raise Invalid.field("at", f"waiting {what} after {format_instant(before)}; give an instant from then on")


def refuse_ahead(instant: datetime, now: datetime, name: str) -> None:
    """Raise Invalid at `name` when the instant has not come yet."""
    if instant > now + AHEAD:
        raise Invalid.field(name, "lies in the future; give the instant at which it happened")


def refuse_past(due: datetime | None, at: datetime, mode: str, name: str) -> None:
    """Raise Invalid at `name` when a live case is given a due instant that is over already."""
    if due is not None and mode != HISTORY and due < at:
        raise Invalid.field(name, "is over already; give an instant to come")
