"""Processes held to a share of one core each: stopped whenever they used more than that, and let go on.

A control group would do the same, but needs rights and has two dialects; signals work for everybody.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.support.process import ServiceProcess

STEP_SECONDS = 0.005
PERIOD_SECONDS = 0.1
"""What a process leaves unused it may use later, but no more than its share of so long: the usual period of a group."""
_ENOUGH = 100
"""Bytes that hold the three numbers."""


class Pin(threading.Thread):
    """Looks at the processor time of a process two hundred times a second."""

    def __init__(self, process: ServiceProcess, share: float) -> None:
        super().__init__(name="pin", daemon=True)
        self._process = process
        self._share = share
        # Kept open: whoever looks so often would else take a good part of what it measures.
        self._usage = os.open(f"/proc/{process.pid}/schedstat", os.O_RDONLY)
        self._ended = threading.Event()

    def run(self) -> None:
        """Stop it and let it go on, until the end."""
        last, used, ahead, is_stopped = time.monotonic(), self._used(), 0.0, False
        while not self._ended.wait(STEP_SECONDS):
            before, last, used_before, used = last, time.monotonic(), used, self._used()
            ahead += used - used_before - self._share * (last - before)
            ahead = max(ahead, -self._share * PERIOD_SECONDS)
            if is_stopped is not (ahead > 0):  # a signal that changes nothing would still wake the process
                is_stopped = ahead > 0
                self._process.signal(signal.SIGSTOP if is_stopped else signal.SIGCONT)
        self._process.signal(signal.SIGCONT)

    def end(self) -> None:
        """Let it go for good."""
        self._ended.set()
        self.join()
        os.close(self._usage)

    def _used(self) -> float:
        return int(os.pread(self._usage, _ENOUGH, 0).split()[0]) / 1e9


@contextmanager
def pinned(processes: Sequence[ServiceProcess], share: float) -> Iterator[None]:
    """Hold each of them to its share meanwhile; a share of 1 holds nobody."""
    pins = [Pin(process, share) for process in processes if share < 1]
    for pin in pins:
        pin.start()
    try:
        yield
    finally:
        for pin in pins:
            pin.end()
