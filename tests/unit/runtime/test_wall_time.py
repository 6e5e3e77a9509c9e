"""The alarm of a stepped wall clock: once for each step, never for time that just passes (contracts 2)."""

from collections.abc import Iterable
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.runtime.metrics import Metrics
from shared.runtime.wall_time import Reading, WallWatch, read_clocks, step_between

NOON = 1_791_547_200.0
UP = 86_400.0


def after(seconds: float, stepped: float = 0.0) -> Reading:
    """Both clocks after so many seconds."""
    return Reading(NOON + seconds + stepped, UP + seconds)


@pytest.mark.parametrize("passed", [0.0, 1.0, 86_400.0])
@pytest.mark.parametrize("step", [2.001, 3600.0, -2.001, -3600.0])
def test_a_step_over_two_seconds_is_one(step: float, passed: float) -> None:
    assert step_between(after(0), after(passed, step)) == pytest.approx(step, abs=1e-3)


@pytest.mark.parametrize("passed", [0.0, 1.0, 86_400.0])
@pytest.mark.parametrize("step", [0.0, 1.999, -1.999])
def test_less_is_none_however_long_it_took(step: float, passed: float) -> None:
    assert step_between(after(0), after(passed, step)) == 0


def watched(readings: Iterable[Reading]) -> tuple[list[Any], float]:
    """What is logged, and what the metric says, when the clocks read so one after another."""
    fed, metrics = list(readings), Metrics()
    waiting = iter(fed)
    watch = WallWatch(lambda: next(waiting), metrics.clock_steps)
    with capture_logs() as logged:
        for _ in fed[1:]:
            watch.look()
    return logged, metrics.registry.get_sample_value("aftercare_wall_clock_steps_total") or 0.0


def test_time_that_passes_raises_nothing() -> None:
    assert watched(after(second) for second in range(100)) == ([], 0)


def test_the_machines_own_clocks_raise_nothing() -> None:
    assert watched(read_clocks() for _ in range(3)) == ([], 0)


def test_one_step_alarms_once_and_the_next_one_again() -> None:
    steps = [0, 0, 60, 60, 60, -5, -5]
    logged, alarms = watched(after(second, step) for second, step in enumerate(steps))
    assert alarms == 2
    assert [(entry["log_level"], entry["seconds"]) for entry in logged] == [("error", 60), ("error", -65)]
    assert {entry["event"] for entry in logged} == {"the machine's wall time was stepped"}


def test_small_steps_that_add_up_are_told_too() -> None:
    logged, alarms = watched(after(second, 0.5 * second) for second in range(9))
    assert (alarms, [entry["seconds"] for entry in logged]) == (1, [2.5])
