"""What a mapping makes of a row: one registration and the steps after it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.cli.importing.values import Cells, Value
from shared.kernel.errors import Invalid

HISTORY, LIVE = "history", "live"

Tree = Mapping[str, "Value | Tree"]
"""Fields by name, as deep as the request is."""


@dataclass(frozen=True)
class KeyOf:
    """Stands in a plan for the key of the fact that an earlier step writes, like the id of its promise."""

    step: str


@dataclass(frozen=True)
class Condition:
    """When a step is taken: the column holds something, or one of these texts."""

    column: str
    texts: Sequence[str] = ()

    def holds(self, cells: Cells) -> bool:
        """Whether it does in this row."""
        return cells[self.column] in self.texts if self.texts else bool(cells[self.column])


@dataclass(frozen=True)
class MappedStep:
    """One step of the mapping."""

    step: str
    name: str
    fields: Tree
    when: Sequence[Condition] = ()
    keys: Mapping[str, KeyOf] = field(default_factory=dict)
    needs: Sequence[str] = ()
    """Fields that must not be empty when the step is taken."""


@dataclass(frozen=True)
class CaseMapping:
    """A whole mapping; `places` says where in its file each column is used."""

    name: str
    encoding: str
    delimiter: str
    register: Tree
    steps: Sequence[MappedStep]
    places: Mapping[str, str]


@dataclass(frozen=True)
class PlannedStep:
    """One step of one row, ready to be asked for; `fields` may hold KeyOf."""

    step: str
    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What one row asks for."""

    registration: Mapping[str, Any]
    steps: Sequence[PlannedStep] = ()

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes a second registration the same case (IN-16)."""
        given = self.registration
        return given["channel"], given.get("source", ""), given["external_ref"]


def plan(mapping: CaseMapping, cells: Cells, mode: str) -> Plan:
    """The requests of one row; raises Invalid with everything that is wrong with it.

    History takes facts at their own times; live registers as of now and leaves the steps out (contracts 1).
    """
    problems: dict[str, list[str]] = {}
    registration = {"customer": {}} | dict(_fill(mapping.register, cells, problems)) | {"mode": mode}
    _need(registration, ("kind", "channel", "external_ref"), "", problems)
    steps = list(_steps(mapping, cells, problems)) if mode == HISTORY else []
    if mode == LIVE:
        registration.pop("occurred_at", None)
    if problems:
        raise Invalid("; ".join(f"{name}: {why}" for name, whys in problems.items() for why in whys), problems)
    return Plan(registration, steps)


def _steps(mapping: CaseMapping, cells: Cells, problems: dict[str, list[str]]) -> Iterator[PlannedStep]:
    for each in mapping.steps:
        if all(condition.holds(cells) for condition in each.when):
            fields = dict(_fill(each.fields, cells, problems)) | dict(each.keys)
            _need(fields, each.needs, f"{each.name}.", problems)
            yield PlannedStep(each.step, each.name, fields)


def _fill(tree: Tree, cells: Cells, problems: dict[str, list[str]]) -> Iterator[tuple[str, Any]]:
    for name, node in tree.items():
        value = (
            dict(_fill(node, cells, problems)) or None if isinstance(node, Mapping) else _read(node, cells, problems)
        )
        if value is not None:
            yield name, value


def _read(value: Value, cells: Cells, problems: dict[str, list[str]]) -> Any:
    try:
        return value.of(cells)
    except Invalid as error:
        for column, whys in error.detail.items():
            known = problems.setdefault(column, [])
            known.extend(why for why in whys if why not in known)
        return None


def _need(filled: Mapping[str, Any], names: Sequence[str], prefix: str, problems: dict[str, list[str]]) -> None:
    for name in names:
        if not problems and name not in filled:
            problems.setdefault(prefix + name, []).append("is empty in this row")
