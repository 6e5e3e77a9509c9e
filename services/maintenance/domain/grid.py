"""The grid of a plan: slot n lies n periods after the anchor, always counted from the anchor (MA-3).

Counting from the slot before would drift: 31 January, 28 February, 28 March. From the anchor it is 31 March again.
"""

from calendar import monthrange
from datetime import date
from typing import Final

MONTHS: Final = {"monthly": 1, "quarterly": 3, "annual": 12}
"""Months in a period, by its name."""


def slot_day(anchor: date, period: str, n: int) -> date:
    """The day of slot n; a month without that day has its last one."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + n * MONTHS[period], 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def first_slot_from(anchor: date, period: str, day: date) -> int:
    """The number of the first slot that lies on the day or later, not before the anchor's own."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    # One step back at most: the same month may lie before the day, never two.
    n = max(0, months // MONTHS[period])
    return n if slot_day(anchor, period, n) >= day else n + 1


def slots_between(anchor: date, period: str, first: date, last: date) -> range:
    """The numbers of the slots from one day to another, both included."""
    begin = first_slot_from(anchor, period, first)
    end = begin
    while slot_day(anchor, period, end) <= last:
        end += 1
    return range(begin, end)
