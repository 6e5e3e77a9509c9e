"""The file of who may do what, read with care: every mistake at once, each with its place and remedy."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from services.intake.domain.roles.rules import READ, SYSTEM, RoleRules, Row, System
from shared.kernel.reading import Part, Problems

FILE: Final = ("leaders", "any_department", "default", "steps", "methods", "read", "systems")
ROW: Final = ("roles", "owner", "department", "anywhere")
MAY: Final = ("may", "never")
ALL: Final = "all"
DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Known:
    """The words that a file may use: roles of people, steps, methods, steps that name a department."""

    roles: Collection[str]
    steps: Collection[str]
    methods: Collection[str]
    of_departments: Collection[str]

    @property
    def deeds(self) -> Collection[str]:
        """Everything that somebody can do."""
        return {*self.steps, *self.methods, READ}


def read_rules(data: Any, file: str, known: Known) -> RoleRules:
    """The rules in a file's data; raises Misconfigured with file, place and remedy of each mistake."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    rules = RoleRules(
        default=_row(top.at("default"), known, department=False),
        rows=_rows(top, known),
        leaders=_roles(top.at("leaders"), known),
        any_department=_roles(top.at("any_department"), known),
        **_systems(top.at("systems"), known),
    )
    problems.refuse(file)
    return rules


def _rows(top: Part, known: Known) -> dict[str, Row]:
    rows = {READ: _row(top.at(READ), known, department=False)}
    for kind, names in (("steps", known.steps), ("methods", known.methods)):
        for name, part in top.at(kind, {}).entries(names).items():
            rows[name] = _row(part, known, department=name in known.of_departments)
    return rows


def _row(part: Part, known: Known, *, department: bool) -> Row:
    part.mapping(ROW)
    if part.has("department") and not department:
        part.at("department").wrong("has no meaning here: the step names no department; take it out")
    anybody = part.at("roles").value == ALL
    row = Row(
        roles=None if anybody else _roles(part.at("roles"), known),
        owner=part.at("owner").flag(),
        department=part.at("department").flag(),
        anywhere=part.at("anywhere").flag(),
    )
    if row.roles is not None and not row.roles and not row.owner:
        part.wrong(f"is for nobody; name roles, or `roles: {ALL}`, or `owner: true`")
    return row


def _roles(part: Part, known: Known) -> frozenset[str]:
    return frozenset(each.one_of(known.roles, "role") for each in part.items()) - {""}


def _systems(part: Part, known: Known) -> dict[str, Any]:
    found = part.entries() if part.value is not None else {}
    for name in found:
        if name != DEFAULT and not name.startswith(SYSTEM):
            part.at(name).wrong(f"is no system; write `{SYSTEM}name`, or `{DEFAULT}` for all others")
    named = {name: _system(each, known) for name, each in found.items() if name != DEFAULT}
    others = _system(found[DEFAULT], known) if DEFAULT in found else System(frozenset())
    return {"systems": named, "other_systems": others}


def _system(part: Part, known: Known) -> System:
    part.mapping(MAY)
    everything = part.at("may").value == ALL
    may = (
        None if everything else frozenset(each.one_of(known.deeds, "step or method") for each in part.at("may").items())
    )
    return System(may, frozenset(each.one_of(known.deeds, "step or method") for each in part.at("never").items()))
