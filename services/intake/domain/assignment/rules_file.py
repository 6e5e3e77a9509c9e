"""From the data of a rules file to rules: everything is checked, every mistake is told at once with its remedy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.intake.domain.assignment.rules import ATTRIBUTES, MODEL, Absence, Rule, Rules, Staff, Target
from shared.kernel.conditions import Requirement, read_requirements
from shared.kernel.errors import Invalid
from shared.kernel.reading import Part, Problems
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, KINDS, SEVERITIES
from shared.worktime import WorkCalendar
from shared.worktime.builtin import default_calendar

FILE: Final = ("assignment", "staff", "duty", "rules", "fallback")
RULE: Final = ("name", "when", "to", "on_duty", "skills", "not_registrar", "otherwise")
STAFF: Final = ("capacity", "skills", "absent", "duty")
TARGET: Final = ("people", "role", "department")
WORKING_HOURS: Final = "working_hours"
"""The window that needs no hours of its own: working time of the calendar `cn` (SL-1)."""
MOST_OPEN: Final = 10_000
_WORDS: Final = {"kind": KINDS, "category": CATEGORIES, "severity": SEVERITIES, "channel": CHANNELS}


@dataclass(frozen=True)
class Known:
    """The words that rules may use but that others own."""

    names: Collection[str]
    """Ids and names of people."""
    departments: Collection[str]
    roles: Collection[str]


def read_rules(data: Any, file: str, known: Known) -> Rules:
    """The rules in a file's data; raises Misconfigured that names file, field and remedy of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    windows = {name: _window(part) for name, part in top.at("duty").entries().items()} if top.has("duty") else {}
    reader = _Reader(known, windows)
    staff = {name: reader.staff(name, part) for name, part in top.at("staff", {}).entries().items()}
    rules = tuple(reader.rule(part) for part in top.at("rules").items())
    _refuse_twins(top, rules)
    fallback = reader.target(top.at("fallback")) if top.has("fallback") else None
    if isinstance(data, dict) and rules and fallback is None:
        top.at("fallback").wrong("is missing; say who gets a case when nobody of its rule can take it")
    name = top.at("assignment").name()
    problems.refuse(file)
    return Rules(name=name, rules=rules, staff=staff, windows=windows, fallback=fallback)


def _refuse_twins(top: Part, rules: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for part, rule in zip(top.at("rules").items(), rules, strict=True):
        if rule.name and rule.name in seen:
            part.at("name").wrong(f"{rule.name} is there twice; give each rule a name of its own")
        seen.add(rule.name)


def _window(part: Part) -> WorkCalendar:
    if part.value == WORKING_HOURS:
        return default_calendar()
    try:
        return WorkCalendar.from_dict(part.value)
    except Invalid as error:
        for path, reasons in error.detail.items():
            (part if path == "calendar" else part.at(path)).wrong("; ".join(reasons))
        return default_calendar()


@dataclass(frozen=True)
class _Reader:
    known: Known
    windows: dict[str, WorkCalendar]

    def rule(self, part: Part) -> Rule:
        """One rule."""
        part.mapping(RULE)
        if not part.has("to"):
            part.at("to").wrong(f"is missing; name {', '.join(TARGET)}")
        return Rule(
            name=part.at("name").name(),
            when=_when(part.at("when")) if part.has("when") else (),
            models=_models(part.at("when")),
            to=self.target(part.at("to")) if part.has("to") else Target(),
            on_duty=self._windows(part.at("on_duty")),
            skills=_skills(part.at("skills")),
            not_registrar=part.at("not_registrar").flag(),
            otherwise=self.target(part.at("otherwise")) if part.has("otherwise") else None,
        )

    def target(self, part: Part) -> Target:
        """To whom; exactly one way of saying it."""
        given = [name for name in part.mapping(TARGET) if name in TARGET]
        if isinstance(part.value, dict) and len(given) != 1:
            part.wrong(f"names {' and '.join(given) or 'nobody'}; name either people, or a role, or a department")
        people = part.at("people").some_of(self.known.names, "person of the people file") if "people" in given else ()
        role = part.at("role").one_of(self.known.roles, "role") if "role" in given else ""
        departments = self.known.departments
        department = part.at("department").one_of(departments, "department") if "department" in given else ""
        return Target(people=people, role=role, department=department)

    def staff(self, name: str, part: Part) -> Staff:
        """What the file says of one person."""
        if name not in self.known.names:
            part.wrong("is no person of the people file; write their id or name as it stands there")
        part.mapping(STAFF)
        return Staff(
            capacity=part.at("capacity").whole(1, MOST_OPEN) if part.has("capacity") else 1,
            skills=_skills(part.at("skills")),
            absent=tuple(_absence(each) for each in part.at("absent").items()),
            duty=self._windows(part.at("duty")),
        )

    def _windows(self, part: Part) -> tuple[str, ...]:
        return part.some_of(self.windows, "window of duty") if part.value is not None else ()


def _when(part: Part) -> tuple[Requirement, ...]:
    asked = {name: value for name, value in part.mapping((*ATTRIBUTES, MODEL)).items() if name in ATTRIBUTES}
    if not asked:
        if not part.has(MODEL):
            part.wrong("asks for nothing; name an attribute, or leave `when` out")
        return ()
    found = read_requirements(Part(asked, part.place, part.problems), ATTRIBUTES)
    for name, words in _WORDS.items():
        if name in asked:
            part.at(name).some_of(words, name)
    return found


def _models(part: Part) -> tuple[str, ...]:
    if not part.has(MODEL):
        return ()
    return tuple(each.text() for each in part.at(MODEL).items())


def _skills(part: Part) -> frozenset[str]:
    return frozenset(each.text() for each in part.items())


def _absence(part: Part) -> Absence:
    part.mapping(("from", "to", "why"))
    since, until = _day(part.at("from")), _day(part.at("to"))
    if since and until and until < since:
        part.wrong("ends before it begins; write the first day as from, the last as to")
    why = part.at("why").text(required=False)
    return Absence(since or date.max, until or date.min, why)


def _day(part: Part) -> date | None:
    try:
        return date.fromisoformat(str(part.value))
    except ValueError:
        part.wrong(f"{part.value!r} is no day; write it like 2026-10-01")
        return None
