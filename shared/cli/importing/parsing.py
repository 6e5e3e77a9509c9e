"""The parts of a mapping file: fields, and the forms in which a value may be written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import marshmallow as ma

from shared.cli import border
from shared.cli.importing.mapping import KeyOf, Tree
from shared.cli.importing.values import Constant, Day, LookedUp, Moment, RegionPath, Several, Template, Value, Whole
from shared.kernel.reading import Problems

Node = Any
AnyField = ma.fields.Field[Any]

_FORMS = {
    "column": ("table", "otherwise"),
    "instant": ("format", "zone"),
    "day": ("format",),
    "whole": (),
    "region": (),
}
_WRONG = Constant(None)
_EXAMPLE = datetime(2001, 2, 3, 4, 5, 6)  # noqa: DTZ001 - only to try a format out


@dataclass
class Reader:
    """Reads values; keeps what is wrong, and where each column is used."""

    problems: Problems
    zone: tzinfo
    dates: str | None = None
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def tree(self, place: str, node: Node, fields: border.Fields) -> Tree:
        """Fields by name, as deep as `fields` is."""
        if not isinstance(node, dict):
            self.problems.add(place, "must be a mapping of fields")
            return {}
        return {
            str(name): self._branch(f"{place}.{name}", each, fields.get(str(name)), fields)
            for name, each in node.items()
        }

    def _branch(self, place: str, node: Node, field: AnyField | None, fields: border.Fields) -> "Value | Tree":
        if field is None:
            self.problems.add(place, f"no such field; there are {', '.join(fields)}")
            return _WRONG
        inner = border.inner_fields(field)
        return self.value(place, node, field) if inner is None else self.tree(place, node, inner)

    def value(self, place: str, node: Node, field: AnyField) -> Value:
        """One value, in any of its forms."""
        found = self._value(place, node, field)
        for column in found.columns:
            self.places.setdefault(column, place)
        return found

    def _value(self, place: str, node: Node, field: AnyField) -> Value:
        if isinstance(node, dict):
            return self._form(place, node, field)
        if isinstance(node, list):
            inner = field.inner if isinstance(field, ma.fields.List) else field
            return Several([self.value(f"{place}[{index}]", each, inner) for index, each in enumerate(node)])
        if isinstance(node, str) and Template(node).columns:
            return Template(node)
        self._try(place, node, field)
        return Constant(node)

    def _try(self, place: str, constant: Any, field: AnyField) -> None:
        for why in border.check(field, constant):
            self.problems.add(place, f"{constant!r} {why}")

    def _form(self, place: str, node: dict[str, Any], field: AnyField) -> Value:
        named = [form for form in _FORMS if form in node]
        if len(named) != 1:
            self.problems.add(place, f"must be a text or have exactly one of {', '.join(_FORMS)}")
            return _WRONG
        for extra in sorted(set(node) - {named[0], *_FORMS[named[0]]}):
            self.problems.add(f"{place}.{extra}", f"does not belong beside {named[0]}")
        makers: dict[str, Callable[[str, dict[str, Any], AnyField], Value]] = {
            "column": self._column,
            "instant": self._instant,
            "day": self._day,
            "whole": lambda _place, node, _field: Whole(str(node["whole"])),
            "region": self._region,
        }
        return makers[named[0]](place, node, field)

    def _column(self, place: str, node: dict[str, Any], field: AnyField) -> Value:
        column, table = str(node["column"]), node.get("table")
        if table is None:
            return LookedUp(column, {}, node["otherwise"]) if "otherwise" in node else Template(f"{{{column}}}")
        if isinstance(table, str):
            place_of_table, table = f"tables.{table}", self.tables.get(table)
        else:
            place_of_table = f"{place}.table"
        if not isinstance(table, dict):
            self.problems.add(place_of_table, "must be a table of texts to values")
            return _WRONG
        for text, value in [*table.items(), *([("otherwise", node["otherwise"])] if "otherwise" in node else [])]:
            self._try(f"{place_of_table}.{text}", value, field)
        return LookedUp(column, {str(text): value for text, value in table.items()}, node.get("otherwise"))

    def _instant(self, place: str, node: dict[str, Any], _field: AnyField) -> Value:
        zone = self.zone_of(f"{place}.zone", node["zone"]) if "zone" in node else self.zone
        return Moment(str(node["instant"]), self._format(place, node), zone)

    def _day(self, place: str, node: dict[str, Any], _field: AnyField) -> Value:
        return Day(str(node["day"]), self._format(place, node) or "%Y-%m-%d")

    def _region(self, place: str, node: dict[str, Any], _field: AnyField) -> Value:
        parts = node["region"]
        if not isinstance(parts, list) or not parts:
            self.problems.add(f"{place}.region", "must be a list of texts, largest region first")
            return _WRONG
        return RegionPath([Template(str(part)) for part in parts])

    def _format(self, place: str, node: dict[str, Any]) -> str | None:
        form = node.get("format", self.dates)
        if form is not None:
            self.try_format(f"{place}.format", form)
        return form

    def try_format(self, place: str, form: Any) -> None:
        """Complain about a date format that cannot be read back."""
        try:
            datetime.strptime(_EXAMPLE.strftime(form), form)  # noqa: DTZ007 - only to try a format out
        except (ValueError, TypeError) as error:
            self.problems.add(place, f"{form!r} is no date format ({error})")

    def zone_of(self, place: str, name: Any) -> tzinfo:
        """The zone of that name."""
        try:
            return ZoneInfo(str(name))
        except (ValueError, KeyError, OSError):
            self.problems.add(place, f"{name!r} is no IANA time zone, like America/New_York")
            return self.zone

    def key(self, place: str, node: Node, earlier: list[str]) -> KeyOf | None:
        """`{key_of: STEP}`: the key that an earlier step's fact got; None when the node is something else."""
        if not isinstance(node, dict) or "key_of" not in node:
            return None
        if node["key_of"] not in earlier:
            self.problems.add(
                place, f"no earlier step is named {node['key_of']!r}; there are {', '.join(earlier) or 'none'}"
            )
        return KeyOf(str(node["key_of"]))
