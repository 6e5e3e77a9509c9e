"""A JSON Schema read as far as ours go: what it does not know it refuses, so that nothing passes unread."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
TOLD = {"$schema", "title", "description", "$defs"}


class JsonSchema:
    """A schema; `problems` tells what is wrong with some data."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.root = schema

    def problems(self, data: Any) -> list[str]:
        return list(self._check(data, self.root, "$"))

    def _check(self, data: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        for word, rule in schema.items():
            if word not in TOLD:
                check = getattr(self, f"_{word.removeprefix('$')}", None)
                if check is None:
                    raise ValueError(f"{word!r} is not known to this reader of JSON Schema")
                yield from check(data, rule, place, schema)

    def _ref(self, data: Any, rule: str, place: str, _schema: Any) -> Iterator[str]:
        yield from self._check(data, self.root["$defs"][rule.removeprefix("#/$defs/")], place)

    def _type(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:
        names = rule if isinstance(rule, list) else [rule]
        fits = any(isinstance(data, TYPES[name]) and isinstance(data, bool) == (name == "boolean") for name in names)
        if not fits:
            yield f"{place}: is no {' or '.join(names)}"

    def _anyOf(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802, their word
        if not any(not list(self._check(data, each, place)) for each in rule):
            yield f"{place}: fits none of the alternatives"

    def _properties(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:
        for name, each in rule.items() if isinstance(data, dict) else ():
            if name in data:
                yield from self._check(data[name], each, f"{place}.{name}")

    def _additionalProperties(self, data: Any, rule: Any, place: str, schema: Any) -> Iterator[str]:  # noqa: N802
        others = data.keys() - schema.get("properties", {}).keys() if isinstance(data, dict) else ()
        for name in sorted(others):
            if rule is False:
                yield f"{place}.{name}: is not known"
            else:
                yield from self._check(data[name], rule, f"{place}.{name}")

    def _required(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:
        yield from (f"{place}.{name}: is missing" for name in rule if isinstance(data, dict) and name not in data)

    def _items(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:
        for index, each in enumerate(data if isinstance(data, list) else ()):
            yield from self._check(each, rule, f"{place}[{index}]")

    def _enum(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:
        if not any(data == each and isinstance(data, bool) == isinstance(each, bool) for each in rule):
            yield f"{place}: {data!r} is none of the words"

    def _const(self, data: Any, rule: Any, place: str, _schema: Any) -> Iterator[str]:
        if data is not rule:
            yield f"{place}: is not {rule}"

    def _pattern(self, data: Any, rule: str, place: str, _schema: Any) -> Iterator[str]:
        if isinstance(data, str) and not re.search(rule, data):
            yield f"{place}: {data!r} does not fit"

    def _minProperties(self, data: Any, rule: int, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802
        yield from self._bound(data, dict, len, place, least=rule)

    def _minItems(self, data: Any, rule: int, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802
        yield from self._bound(data, list, len, place, least=rule)

    def _maxItems(self, data: Any, rule: int, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802
        yield from self._bound(data, list, len, place, most=rule)

    def _minLength(self, data: Any, rule: int, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802
        yield from self._bound(data, str, len, place, least=rule)

    def _minimum(self, data: Any, rule: float, place: str, _schema: Any) -> Iterator[str]:
        yield from self._bound(data, (int, float), float, place, least=rule)

    def _maximum(self, data: Any, rule: float, place: str, _schema: Any) -> Iterator[str]:
        yield from self._bound(data, (int, float), float, place, most=rule)

    def _exclusiveMinimum(self, data: Any, rule: float, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802
        if isinstance(data, int | float) and data <= rule:
            yield f"{place}: {data} is not above {rule}"

    def _exclusiveMaximum(self, data: Any, rule: float, place: str, _schema: Any) -> Iterator[str]:  # noqa: N802
        if isinstance(data, int | float) and data >= rule:
            yield f"{place}: {data} is not below {rule}"

    @staticmethod
    def _bound(
        data: Any, kind: Any, measure: Any, place: str, *, least: float | None = None, most: float | None = None
    ) -> Iterator[str]:
        if not isinstance(data, kind):
            return
        if least is not None and measure(data) < least:
            yield f"{place}: is below {least}"
        if most is not None and measure(data) > most:
            yield f"{place}: is above {most}"
