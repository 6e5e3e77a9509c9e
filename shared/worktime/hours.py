"""Opening hours of one day: spans on the wall clock, read from text and written back."""

import re
from collections.abc import Sequence
from itertools import pairwise

from shared.worktime.problems import Problems

#: Minutes after the day's midnight. The end passes 1440 when the span passes midnight.
Span = tuple[int, int]
DayHours = tuple[Span, ...]

MIDNIGHT = 24 * 60
WHOLE_DAY: DayHours = ((0, MIDNIGHT),)
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


def read_day(value: object, path: str, problems: Problems) -> DayHours:
    """The spans of a day; what cannot be read is noted under its path and left out."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        problems.add(path, 'must be a list of spans such as [["09:00", "12:00"], ["13:00", "18:00"]]')
        return ()
    read = [_read_span(item, f"{path}.{index}", problems) for index, item in enumerate(value)]
    spans = tuple(span for span in read if span is not None)
    for (before, earlier), (after, later) in pairwise(zip(spans, map(write_span, spans), strict=True)):
        if after[0] < before[1]:
            problems.add(path, f"{later} begins before {earlier} ends: put spans in order, without overlap")
    return spans


def _read_span(value: object, path: str, problems: Problems) -> Span | None:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        problems.add(path, 'must be a pair of opening and closing time such as ["09:00", "12:00"]')
        return None
    start, end = (_read_time(item, path, problems) for item in value)
    if start is None or end is None:
        return None
    if start in (end, MIDNIGHT):
        problems.add(path, "is empty: close later than you open; a whole day is 00:00 to 24:00")
        return None
    return (start, end) if start < end else (start, end + MIDNIGHT)


def _read_time(value: object, path: str, problems: Problems) -> int | None:
    if isinstance(value, str) and _TIME.fullmatch(value):
        return int(value[:2]) * 60 + int(value[3:])
    problems.add(path, f"{value!r} is no time of day: write it as text, 00:00 to 24:00 (quoted in YAML)")
    return None


def write_span(span: Span) -> tuple[str, str]:
    """The span as its two times on the wall clock."""
    start, end = span
    closing = end if end <= MIDNIGHT else end - MIDNIGHT
    return f"{start // 60:02}:{start % 60:02}", f"{closing // 60:02}:{closing % 60:02}"


def runs_into(today: DayHours, tomorrow: DayHours) -> bool:
    """Whether today's last span, past midnight, is still open when tomorrow's first one opens."""
    return bool(today and tomorrow) and today[-1][1] - MIDNIGHT > tomorrow[0][0]
