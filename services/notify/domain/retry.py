"""Technical retries: how long to wait after a try that surely did nothing (NO-3)."""

from collections.abc import Sequence
from datetime import timedelta


def wait_after(attempts: int, waits: Sequence[timedelta]) -> timedelta | None:
    """The wait before the next try after `attempts` of them; None when trying is over."""
    return waits[attempts - 1] if attempts <= len(waits) else None
