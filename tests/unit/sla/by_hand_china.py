"""Deadlines worked out by hand, over the holidays of China and the make-up days around them."""

from tests.unit.sla.hand_example import (
    AFTER_NOVEMBER,
    BEFORE_NOVEMBER,
    DAYS,
    ELAPSED,
    HOURS,
    ON_DAYS,
    SAME_DAY,
    Example,
)

CHINA = [
    # Chinese New Year 2026: off from Sun 15 to Mon 23 February; worked on Sat 14 and Sat 28.
    Example(
        "Chinese New Year, three working days",
        "2026-02-13 16:30",
        (DAYS, 3),
        "2026-02-25 18:00",
        "Fri 13 does not count; Sat 14 is worked: 1; off until Mon 23; Tue 24: 2; Wed 25: 3, its close.",
        shown=True,
    ),
    Example(
        "Chinese New Year, eight working hours",
        "2026-02-13 16:30",
        (HOURS, 8),
        "2026-02-14 16:30",
        "Fri 16:30-18:00: 1.5; Sat 14 9-12: 3, 4.5 in all; 13:00-16:30: 3.5, 8 in all.",
    ),
    Example(
        "Chinese New Year, ten working days",
        "2026-02-13 16:30",
        (DAYS, 10),
        "2026-03-05 18:00",
        "Sat 14: 1; Tue 24 to Fri 27: 2-5; Sat 28 is worked: 6; Mon 2 to Thu 5 March: 7-10.",
    ),
    Example(
        "Chinese New Year, 72 hours on working days",
        "2026-02-13 16:30",
        (ON_DAYS, 72),
        "2026-02-25 16:30",
        "Fri from 16:30: 7.5; Sat 14: 24, 31.5 in all; Tue 24: 24, 55.5 in all; Wed 25: 16.5, to 16:30.",
        shown=True,
    ),
    Example(
        "New Year's Eve, the same day",
        "2026-02-16 20:00",
        (SAME_DAY,),
        "2026-02-24 18:00",
        "Mon 16 is off, nothing of it is left; so are all days until Mon 23; Tue 24 is the next working day.",
    ),
    Example(
        "Chinese New Year, 24 hours",
        "2026-02-16 20:00",
        (ELAPSED, 24),
        "2026-02-17 20:00",
        "Every hour counts; a limit in hours is not moved by a day off.",
    ),
    # National Day 2026: off from Thu 1 to Wed 7 October; worked on Sun 20 September and Sat 10 October.
    Example(
        "The make-up Sunday before National Day",
        "2026-09-18 17:00",
        (DAYS, 3),
        "2026-09-22 18:00",
        "Sat 19 is off; Sun 20 is worked: 1; Mon 21: 2; Tue 22: 3.",
    ),
    Example(
        "National Day and the make-up Saturday after it",
        "2026-09-30 17:30",
        (DAYS, 5),
        "2026-10-13 18:00",
        "Off from 1 to 7; Thu 8: 1; Fri 9: 2; Sat 10 is worked: 3; Sun 11 is off; Mon 12: 4; Tue 13: 5.",
        shown=True,
    ),
    Example(
        "The make-up Saturday, the same day in its break",
        "2026-10-10 12:30",
        (SAME_DAY,),
        "2026-10-10 18:00",
        "The afternoon of Sat 10 is left.",
    ),
    # Year end: what 2027 has for days off is not known before its notice.
    Example(
        "Year end into a year that is not announced",
        "2026-12-30 10:00",
        (DAYS, 3),
        "2027-01-04 18:00",
        "Thu 31: 1; Fri 1 January is a Friday as long as nobody says otherwise: 2; Mon 4: 3. Provisional.",
        BEFORE_NOVEMBER,
        shown=True,
    ),
    Example(
        "The same once the year is announced",
        "2026-12-30 10:00",
        (DAYS, 3),
        "2027-01-05 18:00",
        "Thu 31: 1; Fri 1 January is off; Mon 4: 2; Tue 5: 3.",
        AFTER_NOVEMBER,
        shown=True,
    ),
    Example(
        "Leap day, 24 hours",
        "2024-02-28 10:00",
        (ELAPSED, 24),
        "2024-02-29 10:00",
        "2024 has a 29th of February.",
    ),
    Example(
        "Leap day, three working days",
        "2024-02-28 10:00",
        (DAYS, 3),
        "2024-03-04 18:00",
        "Thu 29: 1; Fri 1 March: 2; the weekend is off; Mon 4: 3.",
    ),
]
