"""The table of clocks and its words, by the requirements (SL-1 to SL-5, contracts 4); instants are minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

GRAVE = frozenset({"major", "critical"})
SERIOUS_KINDS = frozenset({"complaint", "dispute", "accident"})
HANDLING = frozenset(
    "handover first_response opinion opinion_unverified warning_notice investigation progress resolution".split()
)
"""What `resolve` also stops."""
SIGNS = frozenset("investigation_started inspected relief_given opinion_given plan_agreed progress_recorded".split())
REPLY_WITH_PLAN = "replied, saying what and by when"
START = {"kind": None, "severity": "minor", "verifiable": True, "repeat": False, "region": "unassigned"}


class Happened(NamedTuple):
    """A fact: `at` and `due` in minutes."""

    seq: int
    name: str
    at: int
    key: str | None = None
    due: int | None = None
    sets: Mapping[str, Any] = {}
    voids: str | None = None


class Limit(NamedTuple):
    """`counting` is same_day, working_days, or minutes: elapsed, working, on_workdays; or given."""

    counting: str
    amount: int = 0


GIVEN = Limit("given")


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    name: str
    starts: frozenset[str]
    stops: frozenset[str]
    kinds: frozenset[str] | None = None
    grave: bool = False
    firsts_only: bool = False
    verifiable: bool | None = None
    once: bool = False
    """The first such fact, and not when what it waits for came before."""
    restarts: frozenset[str] = frozenset()
    keyed: bool = False
    also_cancels: frozenset[str] = frozenset()


def _row(name: str, starts: str, stops: str, **more: Any) -> Row:
    return Row(name, frozenset(starts.split("|")), frozenset(stops.split("|")), **more)


FIRSTS = {"kinds": SERIOUS_KINDS, "firsts_only": True}
TABLE = [
    _row("handover", "received", "handed_over", **FIRSTS),
    _row("first_response", "received", REPLY_WITH_PLAN),
    _row("opinion", "handed_over", "opinion_given", **FIRSTS, verifiable=True, once=True),
    _row("opinion_unverified", "received", "opinion_given", **FIRSTS, verifiable=False),
    _row("warning_notice", "", "warning_settled", kinds=frozenset({"complaint"}), firsts_only=True),
    _row("investigation", "received", "investigation_started", **FIRSTS, verifiable=False),
    _row("progress", "received|reopened", "", kinds=SERIOUS_KINDS, restarts=SIGNS),
    _row("major_report", "became grave", "head_acknowledged|head_reported", grave=True),
    _row("team_formed", "became grave", "team_formed", grave=True),
    _row("team_report", "team_formed", "report_received", grave=True, once=True),
    _row("team_opinion", "report_received", "team_opinion_given", grave=True, once=True),
    _row("site_visit", "appointment_made", "arrived", keyed=True),
    _row("authority_reply", "authority_involved", "authority_replied", keyed=True),
    _row("commitment", "promised", "promise_kept", keyed=True),
    _row("resolution", "received|reopened", ""),
    _row(
        "revisit",
        "resolved",
        "revisited",
        kinds=SERIOUS_KINDS | {"repair"},
        also_cancels=frozenset({"reopened"}),
    ),
]


@dataclass(frozen=True)
class Rules:
    """A policy: a limit for each clock (`progress_grave` beside `progress`), which of them wait, when they warn."""

    limits: Mapping[str, Limit]
    waiting: frozenset[str]
    warn: tuple[float, ...]
    left: tuple[int, ...] = ()
    """Minutes left at which a clock warns as well."""
    valid: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    """The days of receipt, both included, of clocks that only some cases have."""
    gone: frozenset[str] = frozenset()
    """Clocks that this policy does not have."""
