"""Statutory holidays and make-up working days of a country, year by year, from the `holidays` package."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import holidays

from shared.kernel.errors import Invalid

#: Countries whose government moves days off and working days by a notice for each year. The package
#: guesses the years without a notice, so its last year with one is the last that is known. Everywhere
#: else the law fixes the days ahead and no year counts as unannounced.
_YEARLY_NOTICE = frozenset({"CN"})
_ALPHA_2 = re.compile("[A-Z]{2}")


@dataclass(frozen=True)
class Country:
    """A country, or a part of one, with the last day its government has announced (None: fixed by law)."""

    code: str
    subdivision: str | None
    announced_until: date | None

    @classmethod
    def named(cls, code: str, subdivision: str | None = None) -> "Country":
        """Raises `Invalid` for a country or part that the package does not know."""
        known = _load(code, subdivision, ())
        if known.country not in _YEARLY_NOTICE:
            return cls(code, subdivision, None)
        return cls(code, subdivision, date(max(known.special_public_holidays), 12, 31))

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday; a plain weekend is none."""
        return day in _year(self.code, self.subdivision, day.year)[0]

    def is_makeup(self, day: date) -> bool:
        """Whether the day is a weekend day that is worked in exchange for a day off."""
        return day in _year(self.code, self.subdivision, day.year)[1]


@lru_cache(maxsize=4096)
def _year(code: str, subdivision: str | None, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Holidays and make-up days of a year; the neighbours are asked too, for they reach over New Year."""
    known = _load(code, subdivision, (year - 1, year, year + 1))
    makeups = frozenset(day for day in known.weekend_workdays if day.year == year)
    return frozenset(day for day in known if day.year == year) - makeups, makeups


def _load(code: str, subdivision: str | None, years: tuple[int, ...]) -> Any:
    try:
        if _ALPHA_2.fullmatch(code):  # anything else may name some other thing inside the package
            return holidays.country_holidays(code, subdiv=subdivision, years=years, expand=False)
    except NotImplementedError:
        pass
    what = repr(code) if subdivision is None else f"{code!r} with the subdivision {subdivision!r}"
    raise Invalid.field("country", f"{what} is not known: give ISO 3166 text such as CN, or list the holidays")
