"""Who owes what of a case: departments and their duties, an operator's data (IN-21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final

from shared.kernel.vocabulary import RECEIVED
from shared.kernel.words import Words
from shared.worktime import default_calendar

OWNER: Final = "owner"
ASKED: Final = "asked"
NAMED: Final = "named"
CAUSE: Final = "cause"
IMPROVER: Final = "improver"
DEPARTMENT: Final = "department"
PERSON: Final = "person"
WORDS: Final = (OWNER, ASKED, NAMED, CAUSE, IMPROVER)
"""Who owes it: the case's owner, each department asked for its finding, each department named on the handling form,
each department of the cause, whoever an improvement was given to. Else one department or person, by name."""
FORM: Final = ("cause", "measures", "plan", "approvals", "result", "reaction", "improvement")
"""The fields of the handling form that a duty may fill (IN-9)."""

APPROVERS_NAMED: Final = "approvers_named"
"""The fact from which on somebody else may have to approve."""
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """How long somebody has: working days, working hours, or hours as they pass; one of them is not 0."""

    workdays: int = 0
    hours: float = 0
    elapsed_hours: float = 0

    def due(self, since: datetime) -> datetime:
        """When it ends; regions without a calendar of their own use the built-in `cn` (SL-1)."""
        return _due(self, since)


@lru_cache(maxsize=1024)
def _due(limit: Limit, since: datetime) -> datetime:
    """The same tasks are made before and after each step."""
    if limit.workdays:
        return default_calendar().add_days(since, limit.workdays)
    if limit.hours:
        return default_calendar().add(since, limit.hours * HOUR)
    return since + timedelta(hours=limit.elapsed_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department, and who answers for it: a person, or everybody of a role."""

    code: str
    names: Words
    person: str | None = None
    role: str | None = None

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every way of naming it."""
        return tuple(dict.fromkeys((self.code, self.names.zh, self.names.en)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One: what begins it, which steps do it, who owes it, by when."""

    name: str
    says: Words
    steps: tuple[str, ...]
    done_by: tuple[str, ...]
    """The facts of these steps."""
    owed_by: str
    whom: str | None = None
    """The department or person, where it is always the same."""
    after: str
    """The fact that begins it."""
    limit: Limit
    severities: frozenset[str]
    kinds: frozenset[str]
    ours: bool | None = None
    """Of cases judged ours, or not ours; None: of all."""
    field: str | None = None
    earlier_counts: bool = False
    """Whether it is done also by a step that came before."""


@dataclass(frozen=True)
class Duties:
    """All of them, and the departments."""

    departments: Mapping[str, Department] = field(default_factory=dict)
    all: Sequence[Duty] = ()

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {name.casefold(): each.code for each in self.departments.values() for name in each.all_names}

    def code_of(self, department: str) -> str:
        """The code of a department, however it is named; one that is not in the file stays as it is."""
        return self._codes.get(department.casefold(), department)

    def names_of(self, department: str) -> Words:
        """How it is called."""
        known = self.departments.get(self.code_of(department))
        return known.names if known else Words(department, department)

    def all_names_of(self, department: str) -> tuple[str, ...]:
        """Every way of naming it."""
        known = self.departments.get(self.code_of(department))
        return known.all_names if known else (department,)

    @cached_property
    def facts(self) -> frozenset[str]:
        """Every fact whose instant a task may depend on."""
        begun = (each.after for each in self.all)
        return frozenset((*begun, *(fact for each in self.all for fact in each.done_by), APPROVERS_NAMED))

    @cached_property
    def begins_at_once(self) -> bool:
        """Whether a case owes something from the moment it is registered."""
        return any(each.after == RECEIVED for each in self.all)

    @cached_property
    def by_name(self) -> Mapping[str, Duty]:
        """The duties by their names."""
        return {each.name: each for each in self.all}
