"""A file with the days off of a year: CSV, YAML or JSON; every mistake is told at once, with its line or place."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shared.base.yaml_file import parse_yaml
from shared.kernel.errors import Misconfigured

OFF, WORKED = "off", "work"
WORDS = {
    **dict.fromkeys(("off", "holiday", "holidays", "休", "放假"), OFF),
    **dict.fromkeys(("work", "workday", "makeup", "make-up", "workdays", "makeup_workdays", "班", "上班"), WORKED),
}
KEYS = ("holidays", "workdays", "makeup_workdays")


@dataclass
class DaysOff:
    """Days off, and days that are worked instead, each with where it stands in the file."""

    year: int
    file: str
    days: dict[str, dict[date, str]] = field(default_factory=lambda: {OFF: {}, WORKED: {}})
    problems: list[str] = field(default_factory=list)

    @property
    def off(self) -> list[date]:
        """The days off, in order."""
        return sorted(self.days[OFF])

    @property
    def worked(self) -> list[date]:
        """The make-up days, in order."""
        return sorted(self.days[WORKED])

    def take(self, text: object, kind: str | None, place: str) -> None:
        """Note a day, or what is wrong with it."""
        day = _day(text)
        if day is None:
            self.wrong(place, f"{text!r} is no date; write {self.year}-10-01")
        elif day.year != self.year:
            self.wrong(place, f"{day} is not in {self.year}; take the file of that year, or leave the day out")
        elif kind is None:
            self.wrong(place, f"{day} is neither off nor worked; write one of {', '.join(sorted(WORDS))}")
        elif day in self.days[OFF] or day in self.days[WORKED]:
            before = self.days[OFF].get(day) or self.days[WORKED][day]
            self.wrong(place, f"{day} stands already at {before}; keep one")
        else:
            self.days[kind][day] = place

    def wrong(self, place: str, why: str) -> None:
        """Note what is wrong."""
        self.problems.append(f"{self.file}: {place}: {why}" if place else f"{self.file}: {why}")


def read_days_off(path: Path, year: int) -> DaysOff:
    """The days of a year in a file; raises Misconfigured with everything that is wrong with it."""
    found = DaysOff(year, path.name)
    text = _text(path)
    if path.suffix.lower() == ".csv":
        _take_rows(found, text)
    else:
        _take_data(found, parse_yaml(text, path.name))
    if not found.problems and not found.off:
        found.wrong("", f"names no day off in {year}; is it the file of another year?")
    if found.problems:
        raise Misconfigured(found.problems)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Misconfigured([f"{path}: cannot be read ({error.strerror}); name a file that exists"]) from None
    except UnicodeDecodeError:
        raise Misconfigured([f"{path}: is not UTF-8; save it as UTF-8"]) from None


def _take_rows(found: DaysOff, text: str) -> None:
    reader = csv.reader(io.StringIO(text))
    for row in reader:
        cells = [cell.strip() for cell in row]
        is_heading = reader.line_num == 1 and cells and not cells[0][:1].isdigit()
        if not any(cells) or cells[0].startswith("#") or is_heading:
            continue
        kind = WORDS.get(cells[1].lower()) if len(cells) > 1 else None
        found.take(cells[0], kind, f"line {reader.line_num}")


def _take_data(found: DaysOff, data: Any) -> None:
    place = ""
    if isinstance(data, dict) and not data.keys() & set(KEYS):
        data, place = data.get(str(found.year), data.get(found.year)), f"{found.year}."
    if not isinstance(data, dict) or not data.keys() & set(KEYS):
        found.wrong("", f"has no days of {found.year}; write `holidays` and `workdays`, below {found.year}: or alone")
        return
    for key, values in data.items():
        if key not in KEYS:
            found.wrong(f"{place}{key}", f"is not known here; use {', '.join(KEYS)}")
            continue
        for index, value in _items(found, values, f"{place}{key}"):
            found.take(value, WORDS[key], f"{place}{key}[{index}]")


def _items(found: DaysOff, values: Any, place: str) -> Iterator[tuple[int, object]]:
    if values is None:
        return
    if isinstance(values, Iterable) and not isinstance(values, str | dict):
        yield from enumerate(values)
    else:
        found.wrong(place, "must be a list of dates")


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if str(day) == value else None
