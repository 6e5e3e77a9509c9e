"""Who hears what, and how, as data (NO-9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from services.notify.domain.vocabulary import OnUnknown, Trigger


@dataclass(frozen=True, slots=True)
class When:
    """What happened: the trigger, the names of it that count, and what else must be so.

    `least` and `below` bound the fraction of a warned clock.
    """

    trigger: Trigger
    names: frozenset[str]
    conditions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    least: float = 0.0
    below: float = 2.0


@dataclass(frozen=True, slots=True)
class Who:
    """One word of `who`; `role` goes with the word role."""

    word: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """A message that waits some working days; told at once after a fact of `sooner`, never after one of `unless`."""

    workdays: int
    sooner: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Promised:
    """A message that names when a clock of its case is due, and waits so long for sla to tell it."""

    clock: str
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table."""

    name: str
    when: When
    who: tuple[Who, ...]
    channels: tuple[str, ...]
    everywhere: bool
    template: str
    category: str
    urgent: bool = False
    later: Later | None = None
    promised: Promised | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What kinds of messages have in common."""

    name: str
    expires_after: timedelta
    on_unknown: OnUnknown = OnUnknown.SHOW
    bundle: bool = True
    quiet: bool = True
    audience: str = "customer"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in which nothing but the urgent is sent; `end` before `begin` passes midnight."""

    begin: time
    end: time

    @property
    def length(self) -> timedelta:
        """How long they last."""
        minutes = (self.end.hour * 60 + self.end.minute) - (self.begin.hour * 60 + self.begin.minute)
        return timedelta(minutes=minutes % (24 * 60))


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many messages to one recipient in so long a time."""

    messages: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Lane:
    """How hard a channel's provider is worked: calls at a time, and calls begun a second (0: no limit)."""

    parallel: int
    per_second: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The whole file."""

    name: str
    version: str
    zone: ZoneInfo
    languages: Mapping[str, str]
    quiet: Mapping[str, Quiet]
    windows: tuple[timedelta, ...]
    most_in_bundle: int
    rates: Mapping[str, Rate]
    lanes: Mapping[str, Lane]
    waits: tuple[timedelta, ...]
    categories: Mapping[str, Category]
    rules: Mapping[str, Rule]

    def category_of(self, rule: Rule) -> Category:
        """The category of a rule's messages."""
        return self.categories[rule.category]
