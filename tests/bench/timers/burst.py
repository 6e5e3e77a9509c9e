"""A hundred thousand clocks due at six o'clock among a million, against the raw limit on the same database.

The raw limit updates as many rows of the same tables in batches of the same size and publishes bodies of the same size
in windows, waiting for every confirm: no query for what is due, no event made, no outbox, no suite. One half of it is
measured before the burst and one after it. On PostgreSQL the bench of the replicas measures the same.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.measure import Row, goal_row, in_process, row
from tests.bench.timers.desk import DUE, LEAD, MILLION, SHARE, filled, listen, sla

MEMORY_LIMIT_MB = 200.0
BODY_BYTES = 1000
"""Of what is said of a breach, within a tenth."""
BESIDE = "opinion"
"""Clocks that the burst does not touch."""

Burst = tuple[float, float]
"""Breaches a second, and the most megabytes that the process took."""


def rows(amqp_uri: str, clocks: int = MILLION) -> list[Row]:
    """On SQLite."""
    due = clocks // SHARE
    listen(amqp_uri)
    with tempfile.TemporaryDirectory() as name, filled("sqlite", Path(name), clocks) as url:

        def burst() -> Burst:
            with sla(Path(name), amqp_uri, url) as service:
                begun = service.release(DUE - LEAD).real_start + LEAD
                seconds = (service.until_said(due) - begun).total_seconds()
                return due / seconds, service.process.peak_memory()

        return beside_raw(burst, (url, amqp_uri, BESIDE), f"burst of {due:,} among {clocks:,}, SQLite", due)


def beside_raw(burst: Callable[[], Burst], where: tuple[str, str, str], name: str, due: int) -> list[Row]:
    """The rows of a burst: beside the raw limit measured before and after it, and its memory."""
    before = _raw(*where, due // 2)
    rate, memory = burst()
    raw = 2 / (1 / before + 1 / _raw(*where, due // 2))
    return [
        row(name, "breaches/s", (rate, raw), "raw updates and publishing", goal=0.5),
        goal_row(f"{name}, memory", "MB", memory, MEMORY_LIMIT_MB),
    ]


def _raw(url: str, amqp_uri: str, clock: str, count: int) -> float:
    return float(in_process("tests.bench.timers.raw", url, amqp_uri, clock, count, BODY_BYTES)["per_second"])
