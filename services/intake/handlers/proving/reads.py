"""Every answer that shows a case is written down before it goes out (AL-4)."""

import secrets
import threading
from collections.abc import Sequence
from typing import Any, Final

from services.intake.domain.proof import reads
from services.intake.domain.proof.chain import Head
from services.intake.domain.proof.reads import Read
from services.intake.handlers.witnessing import WITNESS
from services.intake.storage import accesses
from shared.base.database import Database, UnitOfWork
from shared.kernel.errors import Unavailable
from shared.kernel.instants import format_instant

_DRAWN: Final = 8
"""Bytes of a writer's name: no two processes ever draw the same."""


class _Ticket:
    """A read that waits to be written."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.error: Exception | None = None
        self.is_done = False


class Reads:
    """The chain of reads of one process. Those who come while one is being written are written together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._begin()

    def record(self, read: Read) -> None:
        """Write it down; raises Unavailable where that is not possible, and then nothing may be shown."""
        ticket = _Ticket(read)
        self._waiting.append(ticket)
        with self._turn:
            if not ticket.is_done:
                self._write_waiting()
        if ticket.error is not None:
            raise ticket.error

    def _begin(self) -> None:
        self._writer = secrets.token_hex(_DRAWN)
        self._head = reads.begin(self._writer)

    def _write_waiting(self) -> None:
        tickets, self._waiting = self._waiting, []
        error: Exception | None = Unavailable("who reads could not be written down; try again")
        try:
            with self._database.write() as uow:
                head = self._write(uow, [each.read for each in tickets])
            self._head, error = head, None
        except Exception as raised:  # noqa: BLE001 - each of them raises it, where it belongs
            error = raised
        finally:
            if error is not None:
                self._begin()  # nobody knows whether it was committed: the next one begins a chain of its own
            for each in tickets:
                each.error, each.is_done = error, True

    def _write(self, uow: UnitOfWork, some: Sequence[Read]) -> Head:
        head, rows, at = self._head, list[dict[str, Any]](), format_instant(uow.now)
        for read in some:
            body = reads.body_of(read, self._writer, head.seq + 1, at)
            head = reads.follow(head, body)
            rows.append({"seq": head.seq, "by": read.by, "body": body, "chain": head.chain})
        common = {"writer": self._writer, "at": uow.now}
        accesses.add(uow.connection, [{**common, **row} for row in rows], [read.case_nos for read in some])
        uow.tell(WITNESS, f"reads {self._writer} {head.seq} {head.chain}")
        return head
