"""Counting along a line of open intervals: prefix sums in blocks of days, found by bisection.

All instants and lengths are whole microseconds since 1970 UTC. Blocks are built when first needed, each
from the timetable alone: two threads that build the same block build the same values, so no lock is needed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.kernel.errors import Invalid
from shared.worktime.hours import DayHours
from shared.worktime.instants import FIRST_YEAR, LAST_YEAR, SECOND, UNIX_DAY
from shared.worktime.zones import DAY, REACH, Wall, real_spans, regimes_of

_BLOCK_DAYS = 1024
_BLOCK = _BLOCK_DAYS * DAY * SECOND
_MARGIN = REACH * SECOND
_FIRST_BLOCK = (date(FIRST_YEAR, 1, 1).toordinal() - UNIX_DAY) // _BLOCK_DAYS - 1
_LAST_BLOCK = (date(LAST_YEAR, 12, 31).toordinal() - UNIX_DAY) // _BLOCK_DAYS
_NEVER = 10**20


class Block(NamedTuple):
    """The open time of the days of one block, merged and in order."""

    starts: list[int]  #: one more than `ends`: the last is never reached
    ends: list[int]
    sums: list[int]  #: open time before each start, and last the block's total
    days: list[int]  #: days with open time, counted from 1970-01-01
    closings: list[int]  #: where each of `days` closes

    @classmethod
    def of(cls, spans: Iterable[Wall]) -> "Block":
        """Built from real spans with their days; touching ones are joined."""
        starts: list[int] = []
        ends: list[int] = []
        closings: dict[int, int] = {}
        for span in sorted(spans):
            start, end = span.start * SECOND, span.end * SECOND
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
            closings[span.day] = end
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        sums = list(accumulate(lengths, initial=0))
        days = sorted(closings)
        in_order = accumulate((closings[day] for day in days), max)  # a night may outlast a make-up day
        return cls([*starts, _NEVER], ends, sums, days, list(in_order))


class Timeline:
    """Open time without end in both directions, by a rule that gives each date its hours."""

    def __init__(self, zone: ZoneInfo, hours_on: Callable[[date], DayHours]) -> None:
        self._zone = zone
        self._hours_on = hours_on
        self._blocks: dict[int, Block] = {}

    def add(self, instant: int, limit: int) -> int:
        """Where the limit is used up; a limit of zero ends at once if open, else at the next opening."""
        key, block, index = self._find(instant)
        if not limit:
            while index == len(block.ends):
                key, block, index = key + 1, self._block(key + 1), 0
            return max(instant, block.starts[index])
        left = self._before(block, index, instant) + limit
        while left > block.sums[-1]:
            left -= block.sums[-1]
            key, block = key + 1, self._block(key + 1)
        index = bisect_left(block.sums, left) - 1
        return block.starts[index] + left - block.sums[index]

    def between(self, first: int, last: int) -> int:
        """Open time from first to last; negative when last comes before first."""
        if last < first:
            return -self.between(last, first)
        key, block, index = self._find(first)
        last_key, last_block, last_index = self._find(last)
        whole = sum(self._block(key).sums[-1] for key in range(key, last_key))
        return whole + self._before(last_block, last_index, last) - self._before(block, index, first)

    def is_open(self, instant: int) -> bool:
        """Half-open: open at an opening, closed at a closing."""
        _, block, index = self._find(instant)
        return block.starts[index] <= instant

    def spans(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The open intervals between two instants, cut to them."""
        key, block, index = self._find(first)
        while key * _BLOCK - _MARGIN < last:
            for start, end in zip(block.starts[index:], block.ends[index:], strict=False):
                if start >= last:
                    return
                yield max(start, first), min(end, last)
            key, block, index = key + 1, self._block(key + 1), 0

    def close_after(self, instant: int, *, or_at: bool) -> int:
        """The first closing after the instant, or also at it."""
        seek = bisect_left if or_at else bisect_right
        key = (instant - _MARGIN) // _BLOCK
        while (index := seek(self._block(key).closings, instant)) == len(self._block(key).closings):
            key += 1
        return self._block(key).closings[index]

    def close_of_day(self, day: int, ahead: int) -> int:
        """The closing of the open day that is `ahead` further than the first one from `day` on."""
        key = day // _BLOCK_DAYS
        index = bisect_left(self._block(key).days, day) + ahead
        while index >= len(self._block(key).days):
            index -= len(self._block(key).days)
            key += 1
        return self._block(key).closings[index]

    def _find(self, instant: int) -> tuple[int, Block, int]:
        """The block and the index of the first interval that ends after the instant, past its end if none.

        Every interval of an earlier block has ended by then. The margin is there because a day's hours
        reach into neighbouring days of UTC.
        """
        key = (instant - _MARGIN) // _BLOCK
        block = self._blocks.get(key) or self._block(key)
        index = bisect_right(block.ends, instant)
        if index < len(block.ends):
            return key, block, index
        block = self._block(key + 1)
        return key + 1, block, bisect_right(block.ends, instant)

    @staticmethod
    def _before(block: Block, index: int, instant: int) -> int:
        start = block.starts[index]
        return block.sums[index] + (instant - start if start < instant else 0)

    def _block(self, key: int) -> Block:
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = self._build(key)
        return block

    def _build(self, key: int) -> Block:
        if not _FIRST_BLOCK <= key <= _LAST_BLOCK:
            raise Invalid.field(
                "instant",
                f"no working time is left for this before the year {LAST_YEAR + 1}:"
                " check the instant, the limit and the calendar's hours",
            )
        first = key * _BLOCK_DAYS
        regimes = regimes_of(self._zone, first * DAY - REACH, (first + _BLOCK_DAYS) * DAY + REACH)
        return Block.of(real_spans(self._walls(first), regimes))

    def _walls(self, first: int) -> Iterator[Wall]:
        for day in range(first, first + _BLOCK_DAYS):
            for start, end in self._hours_on(date.fromordinal(day + UNIX_DAY)):
                yield Wall(day * DAY + start * 60, day * DAY + end * 60, day)
