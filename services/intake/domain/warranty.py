"""Warranty and shelf life (IN-12): from which day, until which day, and whether a request of some day is within.

A period of months or years ends on the same day of its last month, on the last day of that month where there is no such
day; the day that it runs from does not count, the day that it ends on does.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any, Final
from unicodedata import normalize

WARRANTY: Final = "warranty"
SHELF_LIFE: Final = "shelf_life"
IN: Final = "in"
OUT: Final = "out"
UNKNOWN: Final = "unknown"
STARTS: Final[Mapping[str, str]] = {"purchase": "purchased_on", "shipping": "shipped_on", "production": "produced_on"}
"""The day of a product that each start means."""
_KINDS: Final = {WARRANTY: ("保修", "warranty"), SHELF_LIFE: ("保质", "shelf life")}
_STARTED: Final = {
    "purchase": ("购买", "purchase"),
    "shipping": ("发货", "shipping"),
    "production": ("生产", "production"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """How long something lasts."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The last day of the period that runs from this one."""
        count = day.year * 12 + day.month - 1 + self.months
        year, month = divmod(count, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the operator's file."""

    name: str
    models: tuple[str, ...]
    kind: str
    lasts: Period
    starts: tuple[str, ...]
    source: str

    def fits(self, model: str | None) -> bool:
        """Whether a product of this model is judged by it."""
        return any(fnmatchcase(_plain(model or ""), _plain(pattern)) for pattern in self.models)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a product is within its warranty or shelf life on a day, and why."""

    state: str
    kind: str
    rule: str
    zh: str
    en: str
    starts_on: date | None = None
    ends_on: date | None = None

    def as_wire(self) -> dict[str, Any]:
        """As it is shown."""
        days = {"starts_on": self.starts_on, "ends_on": self.ends_on}
        known = {name: day.isoformat() for name, day in days.items() if day}
        explanation = {"zh": self.zh, "en": self.en}
        return {"state": self.state, "kind": self.kind, **known, "rule": self.rule, "explanation": explanation}


def judge(rules: Sequence[Rule], product: Mapping[str, Any], on: date, *, misused: bool = False) -> Judgement | None:
    """Whether a product is within on this day; None where no rule fits its model."""
    rule = next((each for each in rules if each.fits(product.get("model"))), None)
    if rule is None:
        return None
    start = next(((name, day) for name in rule.starts if (day := product.get(STARTS[name]))), None)
    if start is None:
        return _unknown(rule)
    name, begun = start[0], date.fromisoformat(start[1])
    end = rule.lasts.after(begun)
    return _judged(rule, name, (begun, end), on, misused=misused)


def _judged(rule: Rule, start: str, span: tuple[date, date], on: date, *, misused: bool) -> Judgement:
    (begun, end), (kind_zh, kind_en), (start_zh, start_en) = span, _KINDS[rule.kind], _STARTED[start]
    zh = f"{kind_zh}期自{start_zh}之日 {begun} 起至 {end} 止（{rule.source}）"
    en = f"{kind_en} from {start_en} on {begun} until {end} ({rule.source})"
    if on > end:
        return Judgement(OUT, rule.kind, rule.name, f"已过期：{zh}", f"over on {on}: {en}", begun, end)
    if misused:
        return Judgement(OUT, rule.kind, rule.name, f"使用不当：{zh}", f"not used correctly: {en}", begun, end)
    zh, en = f"有效，以正确使用为前提：{zh}", f"within on {on}, on correct use: {en}"
    return Judgement(IN, rule.kind, rule.name, zh, en, begun, end)


def _unknown(rule: Rule) -> Judgement:
    zh = "或".join(_STARTED[name][0] for name in rule.starts)
    en = " or ".join(_STARTED[name][1] for name in rule.starts)
    needed_zh, needed_en = f"请补充{zh}日期（{rule.source}）", f"the day of {en} is not known ({rule.source})"
    return Judgement(UNKNOWN, rule.kind, rule.name, needed_zh, needed_en)


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold().strip()
