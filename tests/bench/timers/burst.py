"""A hundred thousand clocks due at six o'clock among a million, against the raw limit on the same database.

The raw limit updates as many rows of the same tables in batches of the same size and publishes bodies of the same size
in windows, waiting for every confirm: no query for what is due, no event made, no outbox, no suite.
"""

import tempfile
from pathlib import Path

from tests.bench.measure import Row, in_process, row
from tests.bench.timers.desk import DUE, LEAD, MILLION, SHARE, filled, listening, sla

MEMORY_LIMIT_MB = 200.0


def rows(amqp_uri: str, clocks: int = MILLION) -> list[Row]:
    """Breaches confirmed per second, and the most memory that the process took."""
    found: list[Row] = []
    for kind in ("sqlite", "postgresql"):
        found += _on(kind, amqp_uri, clocks)
    return found


def _on(kind: str, amqp_uri: str, clocks: int) -> list[Row]:
    due = clocks // SHARE
    with tempfile.TemporaryDirectory() as name, filled(kind, Path(name), clocks) as url, listening(amqp_uri):
        with sla(Path(name), amqp_uri, url) as service:
            begun = service.release(DUE - LEAD).real_start + LEAD
            seconds = (service.until_said(due) - begun).total_seconds()
            memory = service.process.peak_memory()
            size = service.process.query("SELECT avg(length(body)) FROM outbox")[0]
        raw = in_process("tests.bench.timers.raw", url, amqp_uri, due, round(size))
    rates = (due / seconds, raw["per_second"])
    return [
        row(f"burst of {due:,} among {clocks:,}, {kind}", "breaches/s", rates, "raw updates and publishing", goal=0.5),
        row(f"limit of memory / burst, {kind}", "MB", (MEMORY_LIMIT_MB, memory), "peak of the process", goal=1.0),
    ]
