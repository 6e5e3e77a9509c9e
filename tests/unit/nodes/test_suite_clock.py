"""Where the suite's clock stands from start to start (contracts 1, 2)."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from shared.base.clock import Anchor
from shared.kernel.errors import Misconfigured
from shared.kernel.instants import parse_instant
from shared.nodes.suite_clock import AHEAD_SECONDS, KeptClock, is_real_time

START = parse_instant("2026-10-09T09:00:00+08:00")


def settled(data: Path, start: object = None, speed: float | None = None) -> KeptClock:
    clock = KeptClock(data)
    clock.settle(start, speed, production=False)  # type: ignore[arg-type]
    return clock


def anchor(clock: KeptClock) -> Anchor:
    found = clock.file.read()
    assert found
    return found


def test_without_settings_it_is_real_time(tmp_path: Path) -> None:
    clock = settled(tmp_path)
    assert anchor(clock).running
    assert is_real_time(anchor(clock))


def test_it_stands_until_released(tmp_path: Path) -> None:
    clock = settled(tmp_path, START)
    assert anchor(clock).at(time.monotonic() + 100) == START
    clock.release()
    assert anchor(clock).at(anchor(clock).monotonic + 100) == START + timedelta(seconds=100)


def test_a_speed_alone_starts_now(tmp_path: Path) -> None:
    clock = settled(tmp_path, None, 60)
    assert anchor(clock).start == anchor(clock).real_start
    assert not anchor(clock).running


def test_after_a_good_stop_it_carries_on_exactly(tmp_path: Path) -> None:
    clock = settled(tmp_path, START, 60)
    clock.note(ahead=0)
    assert anchor(settled(tmp_path)).start == START
    assert anchor(settled(tmp_path)).speed == 60
    assert anchor(settled(tmp_path, None, 5)).speed == 5


def test_after_a_kill_it_never_goes_back(tmp_path: Path) -> None:
    clock = settled(tmp_path, START, 1000)
    clock.release()
    shown = anchor(clock).at(time.monotonic())
    again = anchor(settled(tmp_path)).start
    assert shown < again <= shown + timedelta(seconds=1000 * (AHEAD_SECONDS + 1))


def test_moved_ahead_and_killed_before_it_was_noted(tmp_path: Path) -> None:
    clock = settled(tmp_path, START)
    clock.release()
    there = START + timedelta(days=30)
    clock.file.write(anchor(clock).moved_to(there))
    assert anchor(settled(tmp_path)).start == there


def test_real_time_that_was_moved_ahead_carries_on(tmp_path: Path) -> None:
    clock = settled(tmp_path)
    there = anchor(clock).start + timedelta(days=1)
    clock.file.write(anchor(clock).moved_to(there))
    clock.note(ahead=0)
    assert there <= anchor(settled(tmp_path)).start < there + timedelta(minutes=1)


@pytest.mark.parametrize("start", [START, START - timedelta(days=1)])
def test_it_does_not_go_back(tmp_path: Path, start: object) -> None:
    settled(tmp_path, START)
    with pytest.raises(Misconfigured, match=r"stands at 2026-10-09T01:00:00\+00:00; give a later --clock-start"):
        settled(tmp_path, start)


def test_a_refused_start_moves_nothing(tmp_path: Path) -> None:
    clock = settled(tmp_path, START)
    clock.release()
    clock.note(ahead=0)
    kept = (tmp_path / "clock-last.json").read_text()
    refused = KeptClock(tmp_path)
    with pytest.raises(Misconfigured):
        refused.settle(START, None, production=False)
    refused.note(ahead=0)
    assert (tmp_path / "clock-last.json").read_text() == kept


def test_production_runs_in_real_time_only(tmp_path: Path) -> None:
    KeptClock(tmp_path).settle(None, None, production=True)
    for start, speed in ((START + timedelta(days=400), None), (None, 2.0)):
        with pytest.raises(Misconfigured, match="production mode"):
            KeptClock(tmp_path).settle(start, speed, production=True)
    settled(tmp_path, START + timedelta(days=400))
    with pytest.raises(Misconfigured, match="production mode"):
        KeptClock(tmp_path).settle(None, None, production=True)


def test_a_file_that_is_nonsense_is_named(tmp_path: Path) -> None:
    (tmp_path / "clock-last.json").write_text("[]")
    with pytest.raises(Misconfigured, match=r"clock-last\.json is not what"):
        settled(tmp_path)
