"""Days off and make-up days for the second opinion, read without the engine's help.

China: the table of dates beside the project where it is there, else (and for later years) the `holidays` package raw.
"""

import json
from datetime import date
from pathlib import Path

import holidays

TABLE = Path(__file__).parents[3] / "shared" / "data" / "cn_workdays.json"
YEARS = range(2024, 2029)
ABSENT = "the table of China's days off is not there: the holidays package is read instead"


def table_is_there() -> bool:
    return TABLE.is_file()


def china() -> tuple[set[date], set[date]]:
    """Days off, and weekend days that are worked."""
    raw = holidays.country_holidays("CN", years=YEARS)
    made_up = set(raw.weekend_workdays)
    off = set(raw) - made_up
    for year, told in json.loads(TABLE.read_text(encoding="utf-8")).items() if table_is_there() else ():
        off = {day for day in off if day.year != int(year)} | set(map(date.fromisoformat, told["holidays"]))
        made_up = {day for day in made_up if day.year != int(year)}
        made_up |= set(map(date.fromisoformat, told["makeup_workdays"]))
    return off, made_up


def announced_until() -> date:
    """The last day of the last year that the package has a notice of."""
    return date(max(holidays.country_holidays("CN").special_public_holidays), 12, 31)


def united_states() -> set[date]:
    return set(holidays.country_holidays("US", years=YEARS))
