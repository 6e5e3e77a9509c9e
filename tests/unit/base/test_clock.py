"""The one clock: start + speed x monotonic time, the same in every process (contracts 2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.base.clock import Anchor, ClockFile, SuiteClock
from shared.kernel.errors import Misconfigured

START = datetime(2026, 10, 9, 14, tzinfo=UTC)


def anchor(speed: float = 60.0, running: bool = True) -> Anchor:
    return Anchor(start=START, speed=speed, real_start=START, monotonic=1000.0, running=running)


def test_time_runs_at_its_speed() -> None:
    assert anchor().at(1000.0) == START
    assert anchor().at(1001.5) == START + timedelta(seconds=90)
    assert anchor(running=False).at(5000.0) == START


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "clock.json")
    assert file.read() is None
    file.write(anchor())
    assert file.read() == anchor()


def test_each_replacement_is_seen_even_within_one_tick_of_the_file_system(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "clock.json")
    file.write(anchor(running=False))
    clock = SuiteClock(file)
    for hours in range(1, 50):
        file.write(anchor(running=False).moved_to(START + timedelta(hours=hours), running=False))
        assert clock.now() == START + timedelta(hours=hours)


def test_a_clock_that_is_released_runs_for_whoever_asks(tmp_path: Path) -> None:
    """At the start of a suite every process stands until the supervisor releases the clock (contracts 2)."""
    file = ClockFile(tmp_path / "clock.json")
    standing = replace(Anchor.real_time(), start=START, running=False)
    file.write(standing)
    clock = SuiteClock(file)
    assert clock.now() == START
    file.write(standing.moved_to(START, running=True))
    assert clock.now() > START


def test_a_file_that_goes_away_leaves_the_time_as_it_runs(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "clock.json")
    file.write(anchor(running=False))
    clock = SuiteClock(file)
    file.path.unlink()
    assert clock.now() == START


def test_two_processes_tell_the_same_time(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "clock.json")
    file.write(Anchor.real_time())
    one, other = SuiteClock(file), SuiteClock(file)
    assert one.now() <= other.now() <= one.now()


def test_how_long_until_an_instant(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "clock.json")
    file.write(Anchor.real_time().moved_to(START, running=False))
    clock = SuiteClock(file)
    assert clock.real_seconds_until(START + timedelta(hours=1)) == float("inf")
    clock = SuiteClock()
    assert clock.real_seconds_until(clock.now() - timedelta(hours=1)) == 0
    assert 3590 < clock.real_seconds_until(clock.now() + timedelta(hours=1)) <= 3600


def test_due_already_on_a_standing_clock(tmp_path: Path) -> None:
    file = ClockFile(tmp_path / "clock.json")
    file.write(Anchor.real_time().moved_to(START, running=False))
    assert SuiteClock(file).real_seconds_until(START) == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"start": "x"}'])
def test_a_broken_file_is_told_with_the_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clock.json"
    path.write_text(text)
    with pytest.raises(Misconfigured, match="remove it"):
        SuiteClock(ClockFile(path))
