"""Deadlines worked out by hand, where clocks are put forward and back, over waits, and over a hundred years."""

from tests.unit.sla.hand_example import DAYS, EARLY, ELAPSED, HOURS, NEW_YORK, NIGHTS, ON_DAYS, SYDNEY, Example

ELSEWHERE = [
    # New York: on Sun 8 March 2026 02:00 becomes 03:00, on Sun 1 November 02:00 becomes 01:00.
    Example(
        "New York, the clocks go forward, 24 hours",
        "2026-03-07 12:00",
        (ELAPSED, 24),
        "2026-03-08 13:00",
        "Sat noon to midnight: 12; Sunday's first 12 hours end at 13:00, for 02:00 to 03:00 was skipped.",
        NEW_YORK,
        shown=True,
    ),
    Example(
        "New York, the clocks go back, 24 hours",
        "2026-10-31 12:00",
        (ELAPSED, 24),
        "2026-11-01 11:00",
        "Sat noon to midnight: 12; Sunday's first 12 hours end at 11:00, for 01:00 to 02:00 came twice.",
        NEW_YORK,
    ),
    Example(
        "New York, a working day of 23 hours",
        "2026-03-07 00:00",
        (ON_DAYS, 48),
        "2026-03-09 01:00",
        "Sat 24; Sun 23, 47 in all; Mon 1.",
        NEW_YORK,
    ),
    Example(
        "New York, a night shift of seven hours",
        "2026-03-07 22:00",
        (HOURS, 8),
        "2026-03-14 23:00",
        "Sat 22:00 to Sun 06:00 has 7 hours, for 02:00 to 03:00 was skipped; the 8th is on the next Saturday.",
        NIGHTS,
    ),
    # Sydney: on Sun 5 April 2026 03:00 becomes 02:00, on Sun 4 October 02:00 becomes 03:00.
    Example(
        "Sydney, the clocks go back in autumn, 24 hours",
        "2026-04-04 12:00",
        (ELAPSED, 24),
        "2026-04-05 11:00",
        "Sat noon to midnight: 12; Sunday's first 12 hours end at 11:00, for 02:00 to 03:00 came twice.",
        SYDNEY,
    ),
    Example(
        "Sydney, an early shift of seven hours",
        "2026-10-03 12:00",
        (HOURS, 8),
        "2026-10-11 01:00",
        "Sun 4 October 00:00-08:00 has 7 hours, for 02:00 to 03:00 was skipped; the 8th is on the next Sunday.",
        EARLY,
    ),
    # Waits: what they cost is counted in the measure of the limit.
    Example(
        "A wait that begins and ends outside working time",
        "2026-10-08 10:00",
        (DAYS, 3),
        "2026-10-13 18:00",
        "Without it Fri 9: 1, Sat 10: 2, Mon 12: 3. It holds Sat 10, a working day of 8 hours: from Mon 18:00 8 more.",
        waits=(("2026-10-09 20:00", "2026-10-11 10:00"),),
        shown=True,
    ),
    Example(
        "A wait over National Day, working days",
        "2026-09-29 10:00",
        (DAYS, 3),
        "2026-10-10 18:00",
        "Without it Wed 30: 1, Thu 8: 2, Fri 9: 3. It costs Wed 13-18 and Thu 9-12: 8 hours, so all of Sat 10.",
        waits=(("2026-09-30 12:00", "2026-10-08 13:00"),),
    ),
    Example(
        "A wait over National Day, hours on working days",
        "2026-09-29 10:00",
        (ON_DAYS, 72),
        "2026-10-10 11:00",
        "Tue 29 from 10:00: 14; Wed to 12:00: 12, 26 in all; Thu 8 from 13:00: 11, 37; Fri 9: 61; Sat 10: 11 more.",
        waits=(("2026-09-30 12:00", "2026-10-08 13:00"),),
        shown=True,
    ),
    Example(
        "A wait over National Day, elapsed hours",
        "2026-09-29 10:00",
        (ELAPSED, 72),
        "2026-10-10 11:00",
        "26 hours until Wed 12:00; 46 more from Thu 8 13:00: Fri 13:00 is 24, Sat 11:00 is 46.",
        waits=(("2026-09-30 12:00", "2026-10-08 13:00"),),
    ),
    # A hundred years.
    Example(
        "A clock a hundred years long",
        "2026-10-12 10:00",
        (ELAPSED, 876_600),
        "2126-10-13 10:00",
        "36,525 days; from 12 October 2026 to 2126 are 36,524, for 2100 is no leap year.",
    ),
    Example(
        "25,000 working days of a shop that never closes",
        "2026-10-12 10:00",
        (DAYS, 25_000),
        "2095-03-24 17:00",
        "68 years with 17 leap days are 24,837, to 12 October 2094; 163 more: 19, 30, 31, 31, 28, and 24 of March.",
        SYDNEY,
    ),
]
