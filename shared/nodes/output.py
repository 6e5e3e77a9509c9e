"""What child processes write: their logs, kept within bounds, and their last words."""

import os
import shutil
from pathlib import Path

LIMIT_BYTES = 20_000_000
_TAIL_BYTES = 4_000
_LONGEST_LINE = 300


def last_line(log: Path) -> str:
    """The last line that a child wrote, for a message; empty where it wrote none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            lines = file.read().decode(errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1][:_LONGEST_LINE] if lines else ""


def how_it_ended(exit_code: int | None, last_words: str) -> str:
    """For a message: who was killed could not say why, and what it said last has nothing to do with it."""
    if exit_code is not None and exit_code < 0:
        return f"was killed (signal {-exit_code})"
    return f"ended ({last_words})" if last_words else "ended"


def bound(log: Path, limit: int = LIMIT_BYTES) -> None:
    """Put a log that has outgrown its limit aside as `LOG.1` and begin anew; its writer appends and notices nothing."""
    if log.exists() and log.stat().st_size > limit:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)
