"""The rounds of the housekeeping: a minute after the start, then every hour."""

from shared.runtime.providers import HOURLY
from shared.runtime.rounds import Rounds

STARTED = 1000.0


def rounds_of(rounds: Rounds, seconds: float, takes: float) -> list[float]:
    """When rounds begin within so many seconds of the start, when each takes so long."""
    begun, due = [], rounds.first(STARTED)
    while due <= STARTED + seconds:
        begun.append(due - STARTED)
        due = rounds.after(due + takes)
    return begun


def test_the_first_is_after_a_minute_and_then_each_hour() -> None:
    assert rounds_of(HOURLY, 3 * 3600, takes=0) == [60, 3660, 7260]


def test_an_interval_begins_when_a_round_is_done_so_two_never_meet() -> None:
    assert rounds_of(Rounds(first_seconds=5, every_seconds=10), 60, takes=20) == [5, 35]


def test_after_a_long_pause_there_is_one_round() -> None:
    assert HOURLY.after(STARTED + 50_000) == STARTED + 53_600
