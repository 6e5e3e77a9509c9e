"""Typed settings from the environment: read once, every error at once, each with its remedy."""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from shared.kernel.errors import Misconfigured

S = TypeVar("S")
PRODUCTION = "production"


def setting(variable: str, parse: Callable[[str], Any], remedy: str, default: Any = MISSING) -> Any:
    """A dataclass field that comes from an environment variable.

    `variable` may hold `{SERVICE}`. `parse` raises ValueError for what it does not take; `remedy` says what to write.
    """
    return field(default=default, metadata={"variable": variable, "parse": parse, "remedy": remedy})


def read_settings(kind: type[S], service: str, environment: Mapping[str, str] | None = None) -> S:
    """The settings of one service; raises Misconfigured with every problem at once."""
    source = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    problems: list[str] = []
    for each in fields(kind):  # type: ignore[arg-type]
        _read(each, service, source, values, problems)
    if problems:
        raise Misconfigured(problems)
    return kind(**values)


def _read(
    each: Field[Any], service: str, source: Mapping[str, str], values: dict[str, Any], problems: list[str]
) -> None:
    if "variable" not in each.metadata:
        return
    variable = each.metadata["variable"].replace("{SERVICE}", service.upper())
    raw = source.get(variable)
    if raw is None:
        if each.default is MISSING:
            problems.append(f"{variable} is not set: {each.metadata['remedy']}")
        return
    try:
        values[each.name] = each.metadata["parse"](raw)
    except ValueError:
        problems.append(f"{variable} is wrong: {each.metadata['remedy']}")


def port(text: str) -> int:
    """A TCP port."""
    return whole_number(1, 65535)(text)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A parser of whole numbers within limits."""

    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return parse


def seconds(text: str) -> float:
    """A span of time in seconds, 0 or more."""
    number = float(text)
    if not 0 <= number < 1e9:
        raise ValueError(text)
    return number


def one_of(*choices: str) -> Callable[[str], str]:
    """A parser that takes one of these words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return parse


def amqp_url(text: str) -> str:
    """An AMQP URL."""
    parts = urlsplit(text)
    if parts.scheme not in ("amqp", "amqps") or not parts.hostname or parts.port == 0:  # .port raises ValueError
        raise ValueError(text)
    return text


def folder(text: str) -> Path:
    """A folder's path; it need not exist yet."""
    if not text:
        raise ValueError(text)
    return Path(text)


def from_file(text: str) -> Path:
    """The path of a file that can be read."""
    path = Path(text)
    if not path.is_file():
        raise ValueError(text)
    return path
