"""From `aftercare up` on a warm folder to ready, against the broker's own start on a warm folder; and memory.

Both are given as rates, starts per minute, so that more is better as everywhere.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from shared.nodes.rabbitmq import RabbitNode
from tests.bench.measure import Row, row, take_turns
from tests.bench.processes import until

SERVICE_LIMIT_MB = 130.0


def rows(_amqp_uri: str) -> list[Row]:
    """How quickly a suite stands, and how large its services are."""
    sizes: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        suite, broker = Path(name) / "suite", Path(name) / "broker"
        _suite_start(suite, [])
        _broker_start(broker)
        figures = take_turns(lambda: 60 / _suite_start(suite, sizes), lambda: 60 / _broker_start(broker), rounds=5)
    size = (SERVICE_LIMIT_MB, max(sizes))
    return [
        row("start of the suite", "starts/min", figures, "the broker alone", goal=0.5),
        row("limit of memory / largest service", "MB", size, "largest service, resident", goal=1.0),
    ]


def _broker_start(folder: Path) -> float:
    node = RabbitNode(folder)
    begun = time.perf_counter()
    node.start()
    try:
        node.wait_ready()
        return time.perf_counter() - begun
    finally:
        node.stop()


def _suite_start(folder: Path, sizes: list[float]) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "shared.cli.main", "up", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until((folder / "suite.json").exists, "the suite is ready")
        seconds = time.perf_counter() - begun
        sizes.extend(_service_sizes(process.pid))
        return seconds
    finally:
        process.terminate()
        process.wait(timeout=30)


def _service_sizes(pid: int) -> list[float]:
    """Megabytes resident of each service below the supervisor."""
    children = psutil.Process(pid).children(recursive=True)
    services = [child for child in children if "shared.runtime" in child.cmdline()]
    return [child.memory_info().rss / 1e6 for child in services]
