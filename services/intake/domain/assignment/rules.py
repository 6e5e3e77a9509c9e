"""Assignment rules as an operator wrote them: which cases a rule is for, to whom it gives them, who is on duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from services.intake.domain.case import Case
from shared.kernel.conditions import Requirement, meets
from shared.worktime import WorkCalendar

HOME: Final = ZoneInfo("Asia/Shanghai")
"""The zone in which days of absence are days."""
ATTRIBUTES: Final = ("region", "kind", "category", "severity", "channel")
MODEL: Final = "model"


class Person(Protocol):
    """What rules ask of somebody who works here."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def department(self) -> str | None: ...
    def serves(self, region: str) -> bool:
        """Whether the person stands for this region."""
        ...


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, both included."""

    since: date
    until: date
    why: str = ""

    def covers(self, now: datetime) -> bool:
        """Whether it is one of these days."""
        return self.since <= now.astimezone(HOME).date() <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """What the people file does not say of a person."""

    capacity: int = 1
    skills: frozenset[str] = frozenset()
    absent: tuple[Absence, ...] = ()
    duty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """To whom cases go: people by name, or everybody of a role or department who stands for the case's region."""

    people: tuple[str, ...] = ()
    role: str = ""
    department: str = ""

    def of(self, everybody: Sequence[Person], region: str) -> list[Person]:
        """These people, in the order of the people file."""
        if self.people:
            return [each for each in everybody if each.id in self.people or each.name in self.people]
        return [each for each in everybody if self._has(each) and each.serves(region)]

    def _has(self, person: Person) -> bool:
        if self.role:
            return self.role in person.roles
        return bool(self.department) and person.department == self.department


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which cases it is for, and who gets them."""

    name: str
    to: Target
    when: tuple[Requirement, ...] = ()
    models: tuple[str, ...] = ()
    on_duty: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()
    not_registrar: bool = False
    otherwise: Target | None = None

    def is_for(self, case: Case) -> bool:
        """Whether the case is as the rule asks for."""
        return all(meets(getattr(case, name), name, values) for name, values in self.when) and self._fits_model(case)

    def _fits_model(self, case: Case) -> bool:
        if not self.models:
            return True
        model = str(case.product.get(MODEL) or "").casefold()
        return bool(model) and any(fnmatchcase(model, pattern.casefold()) for pattern in self.models)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A version of the rules."""

    name: str
    rules: tuple[Rule, ...] = ()
    staff: Mapping[str, Staff] = field(default_factory=dict)
    windows: Mapping[str, WorkCalendar] = field(default_factory=dict)
    fallback: Target | None = None

    def of(self, person: Person) -> Staff:
        """What they say of a person, by id or by name."""
        return self.staff.get(person.id) or self.staff.get(person.name) or _PLAIN

    def rule_for(self, case: Case) -> Rule | None:
        """The first rule that is for the case."""
        return next((rule for rule in self.rules if rule.is_for(case)), None)


_PLAIN: Final = Staff()
