"""One walk up a ladder, why it is walked, and what happens on it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from services.escalation.domain.organisation import Target

REPEAT: Final = "repeat_linked"
"""What happened where a case repeats an earlier one (ES-2)."""


class State(StrEnum):
    """How far it is."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class What(StrEnum):
    """What can happen on a ladder, and to its matter: the words of the story (ES-8)."""

    ASKED = "help_asked"
    RAISED = "raised"
    JOINED = "joined"
    STEP_REACHED = "step_reached"
    SAID_AGAIN = "said_again"
    SKIPPED = "step_skipped"
    ACKNOWLEDGED = "acknowledged"
    STALLED = "stalled"
    HANDED_ON = "handed_on"
    REASON_GONE = "reason_gone"
    RESOLVED = "resolved"
    TEAM_FORMED = "team_formed"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A walk as it stands; `number` is the step reached, 0 before the first, `version` counts what was said of it."""

    id: str
    subject: str
    ladder: str
    opened_at: datetime
    reached_at: datetime
    state: State = State.OPEN
    level: int = 1
    number: int = 0
    repeats: int = 0
    next_at: datetime | None = None
    version: int = 0
    acknowledged_by: tuple[str, ...] = ()
    acknowledged_at: datetime | None = None
    handed_to: str | None = None
    lifted: tuple[str, ...] = ()
    """What has lifted it above where it stood (`Reason.lift`): each does so once."""

    @property
    def is_over(self) -> bool:
        """Whether nobody needs to act any more."""
        return self.state is State.RESOLVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a ladder is walked: a rule, and the very fact, clock or request that met it (unique by both).

    `standing`: it still holds. `settled`: somebody resolved it by hand, so it never stands again.
    `joined` is the walk that it belongs to.
    """

    rule: str
    ref: str
    what: str
    ladder: str
    at: datetime
    clock: str | None = None
    level: int | None = None
    up: int = 0
    standing: bool = True
    settled: bool = False
    joined: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this one and no other."""
        return self.rule, self.ref

    @property
    def lift(self) -> str:
        """What it lifts a walk for, once: that the case is a repeat, linked anew or not; else just this."""
        return f"{self.rule}/{self.what if self.what == REPEAT else self.ref}"

    def stands(self, standing: bool) -> "Reason":
        """The same reason, standing or not; one that stands anew has to join a walk anew."""
        standing = standing and not self.settled
        if standing == self.standing:
            return self
        return replace(self, standing=standing, joined=None if standing else self.joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened: a line of the story and, for some, an event; `walk` is how it stood right after."""

    what: What
    at: datetime
    rule: str
    walk: Escalation | None = None
    targets: tuple[Target, ...] = ()
    urgent: bool = False
    reason: Reason | None = None
    by: str = ""
    note: str = ""
    level: int | None = None
    trace: str = ""
    """The W3C traceparent of its cause: it is said in the same trace."""


Told = tuple[Escalation, tuple[Happening, ...]]
"""A walk after something, and what happened."""


def said(walk: Escalation) -> Escalation:
    """The walk with one thing more said of it."""
    return replace(walk, version=walk.version + 1)
