"""The operator's departments and duties, read from plain data: every mistake at once, each with its place (IN-21)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.intake.domain.handling.duties import (
    ASKED,
    DEPARTMENT,
    FORM,
    IMPROVER,
    NAMED,
    PERSON,
    WORDS,
    Department,
    Duties,
    Duty,
    Limit,
)
from services.intake.domain.steps import BY_FACT, TABLE
from services.intake.domain.vocabulary import BROUGHT_BACK
from shared.kernel.reading import Part, Problems, listed
from shared.kernel.vocabulary import KINDS, RECEIVED, SEVERITIES

FILE: Final = ("departments", "duties")
DEPARTMENT_FIELDS: Final = ("names", "head")
DUTY_FIELDS: Final = (
    "says", "steps", "field", "owed_by", "after", "due", "severities", "kinds", "ours", "earlier_counts",
)  # fmt: skip
LIMITS: Final[Mapping[str, int]] = {"workdays": 250, "hours": 2000, "elapsed_hours": 8760}
"""In what a limit is counted, and the longest."""
BEGUN_BY: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    ASKED: {"analysis_requested": ("give_finding",)},
    NAMED: {"plan_agreed": ("approve",)},
    IMPROVER: {"improvement_set": ("check_effect", "follow_up"), "effect_checked": ("improve",)},
}
"""What begins a duty of those whom only a step names, and which steps can do it then."""


@dataclass(frozen=True)
class Known:
    """Who works here."""

    is_person: Callable[[str], bool]
    roles: Collection[str]


def read_duties(data: Any, file: str, known: Known) -> Duties:
    """The duties in a file's data; raises Misconfigured that names file, field and remedy of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    reader = _Reader(known)
    departments = {code: reader.department(code, part) for code, part in top.at("departments", {}).entries().items()}
    _refuse_twins(top.at("departments"), departments)
    duties = [reader.duty(name, part, departments) for name, part in top.at("duties", {}).entries().items()]
    problems.refuse(file)
    return Duties(departments, tuple(duties))


def _refuse_twins(part: Part, departments: Mapping[str, Department]) -> None:
    seen: dict[str, str] = {}
    for code, each in departments.items():
        for name in each.all_names:
            other = seen.setdefault(name.casefold(), code)
            if other != code:
                part.at(code).wrong(f"{name!r} is a name of {other} too; give each department names of its own")


@dataclass(frozen=True)
class _Reader:
    known: Known

    def department(self, code: str, part: Part) -> Department:
        """A department."""
        Part(code, part.place, part.problems).name()
        part.mapping(DEPARTMENT_FIELDS)
        names = part.at("names").words()
        head = part.at("head")
        if head.value is None:
            return Department(code=code, names=names)
        asked = head.mapping((PERSON, "role"))
        if len(asked) != 1:
            head.wrong("names nobody, or two; give {person: id} or {role: name}")
        role = head.at("role").one_of(self.known.roles) if "role" in asked else None
        return Department(code=code, names=names, person=self._person(head) if PERSON in asked else None, role=role)

    def duty(self, name: str, part: Part, departments: Mapping[str, Department]) -> Duty:
        """A duty."""
        Part(name, part.place, part.problems).name()
        part.mapping(DUTY_FIELDS)
        owed_by, whom = self._who(part.at("owed_by"), departments)
        after = _after(part.at("after"), owed_by)
        steps = part.at("steps").some_of(BEGUN_BY.get(owed_by, {}).get(after, TABLE), "step that does it")
        return Duty(
            name=name,
            says=part.at("says").words(),
            steps=steps,
            done_by=tuple(TABLE[step].fact for step in steps if step in TABLE),
            owed_by=owed_by,
            whom=whom,
            after=after,
            limit=_limit(part.at("due")),
            severities=_some(part.at("severities"), SEVERITIES, "severity"),
            kinds=_some(part.at("kinds"), KINDS, "kind of case"),
            ours=part.at("ours").flag() if part.has("ours") else None,
            field=part.at("field").one_of(FORM, "field of the form") if part.has("field") else None,
            earlier_counts=part.at("earlier_counts").flag(),
        )

    def _who(self, part: Part, departments: Mapping[str, Department]) -> tuple[str, str | None]:
        if not isinstance(part.value, Mapping):
            return part.one_of(WORDS, "word for who owes it, {department: code} or {person: id}"), None
        asked = part.mapping((DEPARTMENT, PERSON))
        if len(asked) != 1:
            part.wrong("names nobody, or two; give {department: code} or {person: id}")
        if DEPARTMENT in asked:
            return DEPARTMENT, part.at(DEPARTMENT).one_of(departments, "department of this file")
        return PERSON, self._person(part)

    def _person(self, part: Part) -> str:
        person = part.at(PERSON)
        who = person.text()
        if who and not self.known.is_person(who):
            person.wrong(f"{who} is not in the people file; name somebody who is")
        return who


def _after(part: Part, owed_by: str) -> str:
    """The fact of a step, or one that another service brings back.

    A case begins with `received`, which is looked at behind the caller's back.
    """
    facts = BEGUN_BY.get(owed_by, (RECEIVED, *BY_FACT, *BROUGHT_BACK))
    found = part.value
    if isinstance(found, str) and found in facts:
        return found
    part.wrong(f"{found!r} begins no duty of this kind; use one of {listed(facts)}")
    return ""


def _limit(part: Part) -> Limit:
    asked = part.mapping(LIMITS)
    if len(asked) != 1:
        part.wrong("must be one limit, like {workdays: 2}, {hours: 8} or {elapsed_hours: 24}")
        return Limit(1)
    (unit,) = asked
    if unit == "workdays":
        return Limit(workdays=part.at(unit).whole(1, LIMITS[unit]))
    if unit not in LIMITS:
        return Limit(1)
    hours = part.at(unit).number(0.1, LIMITS[unit], 1)
    return Limit(hours=hours) if unit == "hours" else Limit(elapsed_hours=hours)


def _some(part: Part, known: Collection[str], what: str) -> frozenset[str]:
    return frozenset(part.some_of(known, what)) if part.value is not None else frozenset(known)
