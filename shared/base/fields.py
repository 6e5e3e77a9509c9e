"""Fields of requests: strict types, lengths with limits, nothing that could break out of its place.

JSON's own types are kept apart: a number is no text, "true" is no flag, and a time without its offset is no instant.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from marshmallow import ValidationError, fields

from shared.kernel.contacts import DEFAULT_COUNTRY, parse_email, parse_phone
from shared.kernel.errors import Invalid
from shared.kernel.instants import parse_instant
from shared.kernel.regions import parse_region

T = TypeVar("T")
NAME = 200
LINE = 500
PAGE = 20_000
"""Longest texts, in characters: a name, a line, a page."""

# Controls, lone surrogates (no UTF-8 for them), and marks that turn the direction of what is shown after them.
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SEPARATORS = re.compile(r"[\s-]+")
_LINE_BREAKS = re.compile("[\t\n\r\u2028\u2029]")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class Plain(fields.Field[T]):
    """A field whose value stands for itself: what it means does not depend on the fields beside it."""

    def _deserialize(self, value: Any, *_place: Any, **_more: Any) -> T:
        return self.understand(value)

    def understand(self, value: Any) -> T:
        """What the value means; raises ValidationError."""
        raise NotImplementedError


class Text(Plain[str]):
    """Text of 1 to `longest` characters, spaces around it taken off; one line unless `lines`."""

    def __init__(self, longest: int = LINE, *, lines: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.longest = longest
        self.lines = lines

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        if not isinstance(value, str):
            raise ValidationError("not a text")
        text = value.strip()
        if not text:
            raise ValidationError("is empty")
        if len(text) > self.longest:
            raise ValidationError(f"is longer than {self.longest} characters")
        if _NEVER.search(value) or (not self.lines and _LINE_BREAKS.search(text)):
            raise ValidationError("holds control characters")
        return text


class Choice(Text):
    """One of a few words."""

    def __init__(self, choices: Sequence[str], **more: Any) -> None:
        super().__init__(NAME, **more)
        self.choices = tuple(choices)

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        if not isinstance(value, str) or value not in self.choices:
            raise ValidationError(f"must be one of: {', '.join(self.choices)}")
        return value


class CaseNumber(Text):
    """A case number as people write it, spaces and hyphens taken out; whether there is such a case is asked later."""

    def __init__(self, **more: Any) -> None:
        super().__init__(40, **more)

    def understand(self, value: Any) -> str:
        """The number as it is kept, from one like `1234 5678-9012`; raises ValidationError."""
        return _SEPARATORS.sub("", super().understand(value))


class Flag(Plain[bool]):
    """true or false, nothing that looks like it."""

    def understand(self, value: Any) -> bool:
        """The value; raises ValidationError."""
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Whole(Plain[int]):
    """A whole number within limits."""

    def __init__(self, least: int = 0, most: int = 1_000_000_000, **more: Any) -> None:
        super().__init__(**more)
        self.least = least
        self.most = most

    def understand(self, value: Any) -> int:
        """The value; raises ValidationError."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("must be a whole number")
        if not self.least <= value <= self.most:
            raise ValidationError(f"must be from {self.least} to {self.most}")
        return value


class Moment(Plain[datetime]):
    """An RFC 3339 instant with its offset, given on in UTC."""

    def understand(self, value: Any) -> datetime:
        """The value; raises ValidationError."""
        instant = _understood(parse_instant, value)
        if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
            raise ValidationError(f"must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
        return instant.astimezone(UTC)


class Day(Plain[str]):
    """A date, YYYY-MM-DD, kept as this text."""

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("must be a date, like 2026-10-09") from None
        if value != day.isoformat() or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValidationError("must be a date, like 2026-10-09")
        return day.isoformat()


class Phone(Text):
    """A valid phone number in any way of writing, given on as E.164 (NO-8)."""

    def __init__(self, country: str = DEFAULT_COUNTRY, **more: Any) -> None:
        super().__init__(40, **more)
        self.country = country

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        text = super().understand(value)
        return _understood(lambda number, field: parse_phone(number, field, self.country), text)


class Email(Text):
    """A valid mail address; its domain is given on in small letters."""

    def __init__(self, **more: Any) -> None:
        super().__init__(254, **more)

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        return _understood(parse_email, super().understand(value))


class Region(Plain[str]):
    """A region's dotted path (contracts 3)."""

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        return _understood(parse_region, value)


def _understood(parse: Callable[[Any, str], T], value: Any) -> T:
    """What the kernel makes of a value; its refusal becomes marshmallow's."""
    try:
        return parse(value, "value")
    except Invalid as error:
        raise ValidationError(error.detail["value"]) from None
