"""How templates speak a language: its filters, its names of things, its way to write an instant."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.storage.cleaning import finalize, passage
from shared.kernel.instants import parse_instant

_WEEKDAYS: Final = {"zh-CN": "周一 周二 周三 周四 周五 周六 周日".split(), "en": "Mon Tue Wed Thu Fri Sat Sun".split()}
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def text_environment(language: str, words: Mapping[str, str], zone: ZoneInfo) -> jinja2.Environment:
    """Sandboxed; what it puts out is cleaned; filters word, moment, passage."""
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, finalize=finalize, autoescape=False)
    environment.filters["word"] = lambda name: words.get(str(name), name)
    environment.filters["moment"] = partial(_moment, language, zone)
    environment.filters["passage"] = passage
    return environment


def _moment(language: str, zone: ZoneInfo, instant: Any) -> str:
    """An instant for people, as the wall shows it there."""
    if instant is None:
        return ""
    there = (instant if isinstance(instant, datetime) else parse_instant(instant)).astimezone(zone)
    weekday = _WEEKDAYS[language][there.weekday()]
    if language == "en":
        return f"{there:%H:%M} on {weekday} {there.day} {_MONTHS[there.month - 1]}"
    return f"{there.month}月{there.day}日（{weekday}）{there:%H:%M}"


def page_environment() -> jinja2.Environment:
    """Sandboxed; everything that it puts out is escaped."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
