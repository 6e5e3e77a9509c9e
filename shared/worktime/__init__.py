"""Working-time arithmetic: limits in working hours and working days, right in every zone.

A `WorkCalendar` knows working hours with breaks, holidays, make-up working days and the clock changes of
its zone, and answers in about a microsecond or two whatever the span. Here the suite's default calendar, `cn`:

>>> from datetime import datetime
>>> from shared.worktime import WorkCalendar, default_calendar
>>> cn = default_calendar()
>>> received = datetime(2026, 10, 9, 22, tzinfo=cn.zone)       # a Friday night; Saturday is a make-up day
>>> print(cn.add(received, 8 * 3600))                          # 8 working hours
2026-10-10 18:00:00+08:00
>>> print(cn.add_days(received, 3))                            # 3 working days, at close of business
2026-10-13 18:00:00+08:00
>>> print(cn.end_of_day(received))                             # the same day, as far as any of it is left
2026-10-10 18:00:00+08:00
>>> print(cn.add_on_workdays(received, 72 * 3600))             # 72 hours, not counting days off
2026-10-13 22:00:00+08:00
>>> cn.provisional(received), cn.provisional(received.replace(year=cn.known_until.year + 1))
(False, True)

Any other calendar is made from its hours, or read from plain data:

>>> night = WorkCalendar("America/New_York", hours={"sat": [("22:00", "06:00")]})
>>> saturday = datetime(2026, 3, 7, 22, tzinfo=night.zone)     # the clocks go forward in this night
>>> night.between(saturday, night.end_of_day(saturday)) / 3600
7.0
>>> WorkCalendar.from_dict(night.to_dict()) == night
True
>>> WorkCalendar("Asia/Shanghai", hours={"mon": [("13:00", "18:00"), ("9:00", "12:00")]})
Traceback (most recent call last):
    ...
shared.kernel.errors.Invalid: hours.mon.1: '9:00' is no time of day: write it as text, 00:00 to 24:00 ...

Compare results as instants (in UTC, or by `between`), not by their wall clocks: Python itself compares and
subtracts datetimes of one zone by what the wall shows, which is wrong around a clock change.
"""

from shared.worktime.builtin import default_calendar
from shared.worktime.workcalendar import WorkCalendar

__all__ = ["WorkCalendar", "default_calendar"]
