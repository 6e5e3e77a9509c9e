"""From the clock on the wall to instants, right across every change of the clocks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 24 * 60 * 60
#: More than any offset from UTC plus a span past midnight can reach.
REACH = 3 * DAY


class Wall(NamedTuple):
    """A span on the wall clock, in seconds as if the wall showed UTC, with the day it belongs to."""

    start: int
    end: int
    day: int


class Regime(NamedTuple):
    """A stretch of real time, in seconds since 1970 UTC, in which the zone's offset does not change."""

    begin: int
    end: int
    offset: int


def real_spans(walls: Iterable[Wall], regimes: tuple[Regime, ...]) -> Iterator[Wall]:
    """The real time (UTC) in which the wall clock shows these spans; they must come in order of start.

    A span is open whenever the wall says so: an hour that the clocks skip has no time in it, an hour
    they repeat counts twice. Hence nothing is lost or invented, whatever offset a reader would choose
    for a time that exists twice or never.
    """
    first = 0
    for wall in walls:
        while regimes[first].end < wall.start - REACH:
            first += 1
        for regime in regimes[first:]:
            if regime.begin > wall.end + REACH:
                break
            start = max(regime.begin, wall.start - regime.offset)
            end = min(regime.end, wall.end - regime.offset)
            if start < end:
                yield Wall(start, end, wall.day)


@lru_cache(maxsize=4096)
def regimes_of(zone: ZoneInfo, begin: int, end: int) -> tuple[Regime, ...]:
    """The zone's regimes between two instants; changes lie more than a day apart in every zone since 1900."""
    found = []
    start, offset = begin, _offset(zone, begin)
    for probe in range(begin, end, DAY):
        if _offset(zone, probe + DAY) != offset:
            change = _change(zone, probe, probe + DAY)
            found.append(Regime(start, change, offset))
            start, offset = change, _offset(zone, change)
    return (*found, Regime(start, end, offset))


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second in (before, after] that has another offset than `before`."""
    offset = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, zone).utcoffset()
    assert offset is not None  # a ZoneInfo always has one
    return int(offset.total_seconds())
