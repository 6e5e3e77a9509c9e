"""Calendars that ship with the suite."""

from functools import cache

from shared.worktime.workcalendar import WorkCalendar

_WEEKDAY = [("09:00", "12:00"), ("13:00", "18:00")]
_WEEK = {day: _WEEKDAY for day in ("mon", "tue", "wed", "thu", "fri")}


@cache
def default_calendar() -> WorkCalendar:
    """The calendar `cn`: Mon-Fri 09:00-12:00 and 13:00-18:00 in Shanghai, days off and make-up days of China (SL-1)."""
    return WorkCalendar.for_country("CN", zone="Asia/Shanghai", hours=_WEEK)
