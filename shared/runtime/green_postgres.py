"""psycopg2 under eventlet: other green threads run while PostgreSQL works, and every wait has a limit.

eventlet's own helper waits for ever, and libpq's connect_timeout does not hold for connections that are not blocking.
"""

from typing import Any

from eventlet.hubs import trampoline
from psycopg2 import OperationalError, extensions

from shared.base.engines import STATEMENT_SECONDS

SILENCE_SECONDS = 2 * STATEMENT_SECONDS
"""The server ends a statement after STATEMENT_SECONDS; one that says nothing for so long is not there any more."""


def make_green() -> None:
    """Have every psycopg2 connection of this process wait through eventlet."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """psycopg2 closes the connection when this raises."""
    while (state := connection.poll()) != extensions.POLL_OK:
        silent = OperationalError(f"no answer from PostgreSQL for {SILENCE_SECONDS} s")
        reads = state == extensions.POLL_READ
        trampoline(connection.fileno(), read=reads, write=not reads, timeout=SILENCE_SECONDS, timeout_exc=silent)
