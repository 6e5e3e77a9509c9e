"""Texts in both languages, read from the files beside this one, and how instants look to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

LANGUAGES: Final = ("en", "zh")
ZONE: Final = timezone(timedelta(hours=8), "Shanghai")
"""The demo plays in China, which has no summer time."""
_WEEKDAYS: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    en: str
    zh: str

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def to_json(self) -> dict[str, str]:
        """As plain data."""
        return {"en": self.en, "zh": self.zh}


@cache
def read_words(name: str) -> Mapping[str, Any]:
    """The content of one of this folder's YAML files."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return found


def word(group: str, name: str | None) -> Words:
    """What a name on the wire is called; a name that nobody has a word for stands for itself."""
    if name is None:
        nothing = read_words("phrases.yaml")["nothing"]
        return Words(nothing["en"], nothing["zh"])
    found = read_words("phrases.yaml")["words"].get(group, {}).get(name)
    return Words(found["en"], found["zh"]) if found else Words(name.replace("_", " "), name)


def place(region: str) -> Words:
    """A region path as people say it: its last part."""
    return word("region", region.rpartition(".")[2])


def day(when: date, lang: str) -> str:
    """A date with its weekday."""
    weekday = _WEEKDAYS[lang][when.weekday()]
    return f"{when.month}月{when.day}日{weekday}" if lang == "zh" else f"{weekday} {when.day} {_MONTHS[when.month - 1]}"


def moment(instant: datetime, lang: str) -> str:
    """An instant as the wall shows it."""
    there = instant.astimezone(ZONE)
    return f"{day(there.date(), lang)} {there:%H:%M}"


def both_moments(instant: datetime) -> Words:
    """The same instant in both languages."""
    return Words(moment(instant, "en"), moment(instant, "zh"))


def both_days(when: date) -> Words:
    """The same date in both languages."""
    return Words(day(when, "en"), day(when, "zh"))
