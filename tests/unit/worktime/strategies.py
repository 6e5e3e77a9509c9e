"""Random calendars, and instants near the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

#: Days around which a zone does something: both hemispheres, half hours, changes at midnight, a skipped day.
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Sydney", date(2026, 4, 5)),
    ("Australia/Sydney", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("Asia/Shanghai", date(1991, 9, 15)),
    ("Asia/Shanghai", date(2026, 10, 10)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Chatham", date(2026, 4, 5)),
]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60


def at(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def day_of_spans(draw: st.DrawFn, at_least: int = 0) -> list[tuple[int, int]]:
    """One day's spans in minutes, in order; some touch, some reach midnight, most have odd minutes."""
    marks = draw(st.lists(st.integers(0, MIDNIGHT), min_size=2 * at_least, max_size=6, unique=True))
    marks = sorted(marks)[: len(marks) // 2 * 2]
    spans = list(zip(marks[::2], marks[1::2], strict=True))
    if len(spans) > 1 and draw(st.booleans()):
        spans[1] = (spans[0][1], spans[1][1])
    return spans


@st.composite
def hours(draw: st.DrawFn, others: int) -> tuple[dict[str, Any], list[Any]]:
    """A week with working time on Monday at least, and `others` more days; some pass midnight."""
    whole = [(0, MIDNIGHT)]
    monday = draw(st.just(whole) | day_of_spans(at_least=1))
    kinds = st.sampled_from([[], whole, monday, draw(day_of_spans()), draw(day_of_spans())])
    days = [monday, *draw(st.lists(kinds, min_size=6 + others, max_size=6 + others))]
    earliest = min(spans[0][0] for spans in days if spans)
    written = []
    for spans in days:
        times = [(at(start), at(end)) for start, end in spans]
        latest = min(earliest, spans[-1][0] - 1) if spans else -1
        if latest >= 0 and draw(st.booleans()):
            times[-1] = (times[-1][0], at(draw(st.integers(0, latest))))
        written.append(times)
    return dict(zip(WEEK, written[:7], strict=True)), written[7:]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """The arguments of a calendar, and an instant (whole minutes, UTC) near its interesting day."""
    zone, centre = draw(st.sampled_from(CHANGES))
    near = st.integers(-6, 12).map(lambda days: centre + timedelta(days=days))
    own_days = draw(st.lists(near, max_size=3, unique=True))
    week, own_hours = draw(hours(others=len(own_days)))
    arguments = {
        "zone": zone,
        "hours": week,
        "holidays": draw(st.lists(near, max_size=4)),
        "workdays": draw(st.lists(near, max_size=3)),
        "day_hours": dict(zip(own_days, own_hours, strict=True)),
    }
    noon = datetime(centre.year, centre.month, centre.day, 12, tzinfo=UTC)
    return arguments, noon + timedelta(minutes=draw(st.integers(-5 * MIDNIGHT, 5 * MIDNIGHT)))


#: Eight years back to twelve ahead, to the microsecond.
instants = st.builds(
    lambda seconds, rest: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=rest),
    st.integers(-8 * 365 * 86_400, 12 * 365 * 86_400),
    st.just(0) | st.integers(0, 999_999),
)
limits = st.integers(0, 1_500 * 3600)
