"""The rules in force: policies and calendars as published."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from time import monotonic
from weakref import ReferenceType, ref

import sqlalchemy as sa

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.domain.policy import Policy
from services.sla.domain.published import Published, followed_by
from services.sla.domain.reach import out_of_reach
from services.sla.domain.touched import Touched, touched
from services.sla.storage import publications
from shared.base.database import Database, UnitOfWork
from shared.kernel.errors import Invalid, Unavailable
from shared.worktime import default_calendar

LOOK_SECONDS = 1.0
"""Between two looks of those who ask no database otherwise; real time."""


@dataclass(frozen=True)
class Rules:
    """Every publication so far, the newest last; made once, asked for every case. `last` is the newest one's number."""

    publications: tuple[Publication, ...]
    last: int = 0

    @property
    def calendars(self) -> Calendars:
        """The calendars that count now."""
        return self.publications[-1].calendars

    @property
    def policy(self) -> Policy:
        """The policy that counts now."""
        return self.publications[-1].policy

    def derive(self, facts: Iterable[Fact], now: datetime, names: Collection[str] | None = None) -> list[Clock]:
        """The clocks of a case; only these, where there has been one policy alone."""
        return clocks(facts, self.publications, now, names)

    @cached_property
    def has_one_policy(self) -> bool:
        """Whether nothing but calendars was ever published."""
        return all(each.policy is self.policy for each in self.publications)

    def followed_by(self, *news: Published) -> "Rules":
        """The rules with these publications; raises Invalid or Misconfigured with every mistake in one."""
        return Rules(followed_by(self.publications, news), news[-1].id if news else self.last)

    def published(self, new: Published) -> "Rules":
        """The rules once this is published; refuses also what would leave a limit without an end."""
        rules = self.followed_by(new)
        problems = list(dict.fromkeys(out_of_reach(rules.policy, rules.calendars, new.at)))
        if problems:
            raise Invalid("; ".join(problems), {str(new.kind): problems})
        return rules

    def reach_of(self, number: int) -> Touched:
        """What a publication can change."""
        known = self._reaches.get(number)
        if known is None:
            known = self._reaches[number] = touched(self.until(number).publications)
        return known

    @cached_property
    def _reaches(self) -> dict[int, Touched]:
        return {}

    def until(self, last: int) -> "Rules":
        """The rules as they were when this publication was the newest."""
        return Rules(tuple(each for each in self.publications if each.number <= last), last)


class LiveRules:
    """The rules as the database has them; what another process publishes is seen by the next transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rules = Rules(())
        self._looked = 0.0
        self._seen_by: ReferenceType[UnitOfWork] | None = None

    def now(self) -> datetime:
        """The suite's instant."""
        return self._database.clock.now()

    def held_by(self, uow: UnitOfWork) -> Rules:
        """The rules for who derives: nothing is published until this unit of work ends. Looks once in each."""
        if self._seen_by is None or self._seen_by() is not uow:
            rules = self._up_to_date(uow.connection, publications.hold(uow.connection))
            self._seen_by = ref(uow)
            return rules
        return self._rules

    def seen_by(self, connection: sa.Connection) -> Rules:
        """The rules for a question."""
        return self._up_to_date(connection, publications.newest(connection))

    def known(self) -> Rules:
        """The rules for who needs no database; at most a second old while there is one."""
        if monotonic() - self._looked > LOOK_SECONDS:
            self._looked = monotonic()
            # While the database is away, what was published last is still the best answer.
            with suppress(Unavailable), self._database.read() as connection:
                self.seen_by(connection)
        return self._rules

    def look_again(self) -> None:
        """Something was published here: whoever asks next shall know."""
        self._looked = 0.0

    def _up_to_date(self, connection: sa.Connection, newest: int) -> Rules:
        rules = self._rules
        if rules.last < newest:
            rules = rules.followed_by(*publications.after(connection, rules.last))
            self._rules = rules
        return rules


def rules_of(policy: Policy) -> Rules:
    """A policy with the built-in calendar `cn` (SL-1)."""
    return Rules((Publication(policy, Calendars(Calendar("cn", builtin_version(), default_calendar()))),))


def builtin_version() -> str:
    """The version of the built-in calendar: the last year whose days off are announced."""
    known = default_calendar().known_until
    return f"cn-{known.year}" if known else "cn"
