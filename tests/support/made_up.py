"""Requests made up from a schema: mostly good ones, with something wrong here and there, and some that are no request.

Whoever adds a method has it tried out: what is good is told by the kinds of its fields.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta, timezone
from typing import Any, Final

from hypothesis import strategies as st
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from shared.base.clock import wall_now
from shared.base.fields import CaseNumber, Choice, Day, Email, Flag, Moment, Phone, Region, Text, Whole

Made = st.SearchStrategy[Any]

PHONES: Final = ("13800138000", "+86 138-0013-8000", "010-62345678", "+14155550123")
MOMENTS: Final = (
    wall_now().isoformat(),
    (wall_now() - timedelta(minutes=5)).isoformat(),
    (wall_now() + timedelta(days=3)).astimezone(timezone(timedelta(hours=8))).isoformat(),
    "1900-01-01T00:00:00+14:00",
    "2199-12-31T23:59:59.999999-12:00",
    "2016-12-31T23:59:59Z",
)
WORDS: Final = (
    "desk",
    "system:phone",
    "system:import",
    "张三",
    "瓷砖胶不粘",
    "O'Brien; DROP TABLE cases; --",
    "100%_\\",
    "=1+1",
    "😀\u200d\u0301é",
    "x" * 200,
)
NASTY: Final = (
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    10**400,
    5e-324,
    "",
    " ",
    "\u0000",
    "\ud800",
    "\u202eabc",
    "\r\nX: y",
    "x" * 20_001,
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "2026-10-09T14:00:00",
    "2026-02-30T14:00:00Z",
    "2026-10-09T14:00:60Z",
    "2026-10-09T25:00:00+99:99",
    "2926-10-09",
    "south..x",
    "anonymous",
    "12345",
    "käufer@exämple.de",
    "=1+1",
    "NaN",
    [],
    {},
    [[]],
    {"": None},
    {"\ud800": 1},
)
DEEP: Final = 60


def _deep(depth: int) -> Any:
    value: Any = "bottom"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


JSON: Final[Made] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WRONG: Final[Made] = st.sampled_from([*NASTY, _deep(DEEP)]) | JSON

_LETTERS: Final = st.characters(codec="utf-8", categories=("L", "N", "P"))


def _texts(field: Text) -> Made:
    fitting = st.sampled_from([each for each in WORDS if len(each) <= field.longest])
    return fitting | st.text(_LETTERS, min_size=1, max_size=min(field.longest, 9))


def _one_of(field: fields.String) -> Made:
    """Marshmallow's own text, with its choices."""
    choices = [each for rule in field.validators if isinstance(rule, OneOf) for each in rule.choices]
    return st.sampled_from(choices or WORDS)


_GOOD: Final[Mapping[type[fields.Field[Any]], Callable[[Any], Made]]] = {
    Choice: lambda field: st.sampled_from(field.choices),
    Flag: lambda _: st.booleans(),
    Whole: lambda field: st.integers(field.least, min(field.most, field.least + 50)) | st.just(field.most),
    Moment: lambda _: st.sampled_from(MOMENTS),
    Day: lambda _: st.sampled_from(("2026-10-09", "1900-01-01", "2199-12-31")),
    Phone: lambda _: st.sampled_from(PHONES),
    Email: lambda _: st.sampled_from(("buyer@example.com", "Buyer+1@Example.COM")),
    Region: lambda _: st.sampled_from(("south", "south.guangdong", "unassigned")),
    Text: _texts,
    fields.String: _one_of,
}


class Maker:
    """Makes requests up; `known` are numbers of cases that there are."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def request(self, schema: Schema) -> Made:
        """A request: good, or with something wrong in it, or nothing like one."""
        variants: Mapping[str, Schema] = getattr(schema, "variants", {})
        if variants:
            told_by = str(getattr(schema, "told_by", ""))
            return st.one_of(self._of_kind(told_by, kind, each) for kind, each in variants.items())
        return self._spoilt(schema)

    def _of_kind(self, told_by: str, kind: str, schema: Schema) -> Made:
        return self._spoilt(schema).map(lambda made: {**made, told_by: kind})

    def _spoilt(self, schema: Schema) -> Made:
        names = st.sampled_from([*schema.fields, "colour", "request_id", "", "x" * 300])
        wrong = st.dictionaries(names, WRONG, max_size=2)
        good = self.good(schema)
        return good | good | st.builds(lambda made, spoilt: made | spoilt, good, wrong)

    def good(self, schema: Schema) -> Made:
        """A request that its schema may take."""
        made = {name: self._value(field) for name, field in schema.fields.items()}
        required = {name: value for name, value in made.items() if schema.fields[name].required}
        optional = {name: value for name, value in made.items() if name not in required}
        return st.fixed_dictionaries(required, optional=optional)

    def _value(self, field: Any) -> Made:
        if isinstance(field, fields.Nested):
            return self.good(field.schema)
        if isinstance(field, fields.List):
            return st.lists(self._value(field.inner), max_size=3)
        if isinstance(field, CaseNumber):
            return st.integers(0, 99).map(lambda number: self._known[number % len(self._known)])
        found = next((_GOOD[kind] for kind in type(field).__mro__ if kind in _GOOD), None)
        return found(field) if found else JSON


def enveloped(request: Any) -> bytes:
    """The request as it goes over AMQP."""
    return json.dumps({"args": [request], "kwargs": {}}).encode()


_PLAIN: Final = enveloped({"case_no": "954770952750", "colour": {}})
SPOILT: Final = (
    _PLAIN[: len(_PLAIN) // 2],
    _PLAIN + b"}",
    _PLAIN.decode().encode("utf-16"),
    _PLAIN.decode().encode("utf-8-sig"),
    _PLAIN.replace(b": ", b": NaN, ", 1),
    _PLAIN.replace(b'"args"', b'"args": [1], "args"', 1),
    _PLAIN.replace(b'"colour"', b'"case_no": "1", "colour"'),
    _PLAIN.replace(b"{}", b'{"a": 1e400}'),
    _PLAIN.replace(b"{}", b'{"a": ' + b"9" * 5000 + b"}"),
    b"[" * 50_000,
    b'{"args": [' + b'{"a": ' * 5000 + b"1" + b"}" * 5000 + b"]}",
    b"\x00" * 100,
    b"\xff" * 100,
    b"",
    b"null",
    b"[]",
    b'{"args": [{}, {}]}',
    b'{"args": [{}], "kwargs": {"a": 1}}',
    b'{"args": ["' + b"x" * 1_100_000 + b'"]}',
)
"""Bodies as no honest client sends them."""
