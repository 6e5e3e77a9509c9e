"""What the pages of cases share: numbers, states, and the time that is left. Pure."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from shared.cli.durations import short_duration, working_hours
from shared.cli.terms import CLOCK_STATES, CLOCKS, VALUES, ZH, term
from shared.kernel.instants import parse_instant

Wire = Mapping[str, Any]

STATE_STYLES = {
    "running": "cyan",
    "paused": "yellow",
    "met": "green",
    "breached": "bold red",
    "late": "red",
    "cancelled": "dim",
}
SEVERITY_STYLES = {"serious": "yellow", "major": "red", "critical": "bold red"}
SOON_SECONDS = 3600
"""A running clock with less than this left is shown as urgent."""
OPEN = frozenset({"running", "paused", "breached"})
"""States of clocks that facts can still change."""
WORKING = "working"
WORKDAYS = "workdays"


def words(said: Any, lang: str = "en") -> str:
    """A sentence that comes in several languages."""
    return str(said.get(lang) or said.get("en", "")) if isinstance(said, Mapping) else str(said)


def identity(clock: Wire) -> tuple[str, str, int]:
    """Which clock of its case it is."""
    return clock["clock"], clock.get("key", ""), clock["generation"]


def clock_name(clock: Wire, lang: str = "en") -> str:
    """Which clock it is, with its key and the number of its generation."""
    again = f" #{clock['generation']}" if clock["generation"] > 1 else ""
    return term(clock["clock"], lang, CLOCKS) + (f" {clock['key']}" if clock.get("key") else "") + again


def state_text(state: str, lang: str = "en") -> Text:
    """A clock's state in its colour."""
    return Text(term(state, lang, CLOCK_STATES), STATE_STYLES.get(state, ""))


def severity_text(severity: str, lang: str = "en") -> Text:
    """A severity in its colour."""
    return Text(term(severity, lang, VALUES), SEVERITY_STYLES.get(severity, ""))


def is_overdue(clock: Wire) -> bool:
    """Whether it was overrun and nobody has stopped it yet."""
    return "overdue_seconds" in clock


def left_text(clock: Wire, lang: str = "en") -> Text:
    """What is left of a clock's limit, in the limit's own measure; how far it is overrun; how late it was stopped."""
    if is_overdue(clock):
        over = short_duration(clock["overdue_seconds"], lang)
        return Text(f"已超时{over}" if lang == ZH else f"{over} overdue", STATE_STYLES["breached"])
    if clock["state"] == "late":
        late = parse_instant(clock["stopped_at"]) - parse_instant(clock["due_at"])
        by = short_duration(late.total_seconds(), lang)
        return Text(f"逾期{by}" if lang == ZH else f"late by {by}", STATE_STYLES["late"])
    if clock["state"] not in ("running", "paused"):
        return Text()
    left = clock["left_seconds"]
    style = STATE_STYLES["breached"] if left <= 0 else "yellow" if left < SOON_SECONDS else ""
    return Text(_left(left, clock.get("measure", ""), lang), style)


def _left(seconds: float, measure: str, lang: str) -> str:
    if measure == WORKING:
        left = working_hours(seconds, lang)
        return f"{left}（工作时间）" if lang == ZH else f"{left} of working time"
    left = short_duration(seconds, lang)
    if measure == WORKDAYS:
        return f"{left}（工作日）" if lang == ZH else f"{left} on working days"
    return left
