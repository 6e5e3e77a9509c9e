"""What happened, in the form in which rules look at it: one trigger, one name, one stable key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.notify.domain.vocabulary import MAJOR, Trigger

_CASE: Final = frozenset("case_no kind severity region category owner".split())
_PERSON: Final = frozenset("name code".split())
SUPPLIES: Final[Mapping[Trigger, frozenset[str]]] = {
    Trigger.FACT: _PERSON | _CASE | frozenset("at due_at text reply_by what_zh what_en owed_by".split()),
    Trigger.BECAME: _PERSON | _CASE | frozenset("at due_at text reply_by".split()),
    Trigger.CLOCK: _PERSON | _CASE | frozenset("clock due_at percent".split()),
    Trigger.STEP: _PERSON | _CASE | frozenset("order_no ladder level step trigger clock due_on".split()),
    Trigger.TEAM_FORMED: _PERSON | _CASE | frozenset("leader members visit_at".split()),
    Trigger.ALERT: _PERSON
    | frozenset("alert severity region at text_zh text_en case_no order_no clock due_at".split()),
    Trigger.ORDER: _PERSON
    | frozenset("order_no level region due_on due_at visit_at visit_until".split())
    | frozenset("model serial_no site technician administrator".split()),
    Trigger.SURVEY: _PERSON | frozenset("period link survey region".split()),
    Trigger.MESSAGE: _PERSON | frozenset("message_id channel state reason audience rule case_no order_no".split()),
}
"""The variables that a template of each trigger may use; each is always there, None where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """How somebody outside is reached."""

    name: str = ""
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody a step reaches, with the code that acknowledges."""

    person: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtors:
    """Who owes what somebody was urged for: people, and a department by every name that it has."""

    persons: tuple[str, ...] = ()
    department: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing to tell of.

    `key` is the same however often and in whatever order it is heard of. `at` is when it was so: expiry counts from it.
    `attributes` are what conditions look at, `variables` what templates may say.
    `following` are the later facts of the case, with their instants.
    """

    trigger: Trigger
    name: str
    key: str
    at: datetime
    region: str = ""
    severity: str = ""
    case_no: str | None = None
    order_no: str | None = None
    fraction: float = 0.0
    following: tuple[tuple[str, datetime], ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    owner: str | None = None
    complained_about: tuple[str, ...] = ()
    """Who of ours it is about: they are told nothing of it (IN-26)."""
    customer: Contacts | None = None
    administrator: Contacts | None = None
    technician: str | None = None
    targets: tuple[Target, ...] = ()
    members: tuple[str, ...] = ()
    debtors: Debtors = Debtors()
    alert_key: str = ""
    body: str = field(default="", repr=False)

    def concerns(self, person: str | None) -> bool:
        """Whether it is a complaint about this person."""
        return person in self.complained_about

    @property
    def is_major(self) -> bool:
        """Whether it is about a major or critical case."""
        return self.severity in MAJOR


def supplied(trigger: Trigger, /, **known: Any) -> dict[str, Any]:
    """Every variable of a trigger, None where it is not known."""
    return {name: known.get(name) for name in SUPPLIES[trigger]}
