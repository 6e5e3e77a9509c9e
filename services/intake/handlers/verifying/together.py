"""The cases in as many processes as there are processors: most of the work is hashing and replaying."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from services.intake.gateways.audit import Seen
from services.intake.handlers.verifying.walk import Report, walk
from services.intake.storage.proof_reading import Window
from shared.base.clock import SuiteClock
from shared.base.database import Database

WORTH_IT: Final = 20_000
"""Entries from which on more processes are quicker than one."""


def walk_all(db_url: str, seen: Path, windows: Sequence[Window], entries: int) -> Iterator[Report]:
    """What is wrong with the cases of each window, in their order."""
    processes = min(os.cpu_count() or 1, len(windows))
    if entries < WORTH_IT or processes < 2:
        walker = _Walker(db_url, seen)
        yield from map(walker.walk, windows)
        walker.close()
        return
    with ProcessPoolExecutor(processes, get_context("fork"), partial(_begin, db_url, seen)) as pool:
        yield from pool.map(_walk, windows, chunksize=2)


class _Walker:
    """What a process has opened."""

    def __init__(self, db_url: str, seen: Path) -> None:
        self._database = Database(db_url, service="intake", clock=SuiteClock())
        self._seen = Seen(seen)

    def walk(self, window: Window) -> Report:
        """What is wrong in a window."""
        return walk(self._database, self._seen, window)

    def close(self) -> None:
        """Let go of it."""
        self._seen.close()
        self._database.close()


_own: list[_Walker] = []
"""Of this process, one."""


def _begin(db_url: str, seen: Path) -> None:
    _own[:] = [_Walker(db_url, seen)]


def _walk(window: Window) -> Report:
    return _own[0].walk(window)
