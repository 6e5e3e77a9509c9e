"""Cases told step by step, for tests: `a_case("2026-10-12 07:30").then("handed_over", "2026-10-12 09:00")`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.storage.policy_files import load_policy
from shared.worktime import default_calendar

CN = Calendar("cn", "cn-test", default_calendar())
POLICY = load_policy()
PUBLICATIONS = [Publication(POLICY, Calendars(CN))]
SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = "2027-06-30 12:00"


def at(text: str) -> datetime:
    """An instant in Shanghai, told in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def wall(instant: datetime | None) -> str | None:
    """What the wall in Shanghai shows."""
    return instant and instant.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(" ", "minutes")


class Told:
    """A case with its facts so far; immutable."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)

    def then(self, name: str, when: str, *, due: str | None = None, recorded: str | None = None, **more: Any) -> "Told":
        """The case after one more fact."""
        fact = Fact(
            seq=len(self.facts) + 1,
            name=name,
            at=at(when),
            recorded_at=at(recorded or when),
            by="li",
            due_at=at(due) if due else None,
            **more,
        )
        return Told([*self.facts, fact])

    def clocks(self, now: str = LATER) -> list[Clock]:
        """Every clock, as of now."""
        return clocks(self.facts, PUBLICATIONS, at(now))

    def named(self, name: str, now: str = LATER) -> list[Clock]:
        """The generations of one clock."""
        return [clock for clock in self.clocks(now) if clock.name == name]

    def only(self, name: str, now: str = LATER) -> Clock:
        """The one generation of a clock."""
        (clock,) = self.named(name, now)
        return clock

    def states(self, now: str = LATER) -> dict[str, str]:
        """The state of each clock; the last generation's where there are several."""
        return {clock.name: str(clock.state) for clock in self.clocks(now)}

    def without(self, *names: str) -> "Told":
        """The case without the facts of these names."""
        return Told(replace(fact) for fact in self.facts if fact.name not in names)


def a_case(when: str, **attributes: Any) -> Told:
    """A case received; a minor, verifiable complaint unless told otherwise."""
    known = {"kind": "complaint", "channel": "phone", "region": "south", "severity": "minor", "verifiable": True}
    return Told(()).then("received", when, set=known | {"mode": "live"} | attributes)
