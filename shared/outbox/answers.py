"""Answers kept by request id: a changing method asked twice acts once (contracts 4)."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.kernel.errors import Refused

Answer = dict[str, Any]


class Answers:
    """Runs commands so that the same request id gives the first answer."""

    def __init__(self, database: Database, table: sa.Table) -> None:
        self.database = database
        self.table = table
        self._lookup = sa.select(table.c.answer).where(
            table.c.method == sa.bindparam("method"), table.c.request_id == sa.bindparam("request_id")
        )
        self._insert = table.insert()

    def recall(self, method: str, request_id: str) -> Answer | None:
        """The first answer to this request, if it was given."""
        with self.database.read() as connection:
            found: Answer | None = connection.scalar(self._lookup, {"method": method, "request_id": request_id})
            return found

    def run(self, method: str, request_id: str | None, command: Callable[[UnitOfWork], Answer]) -> Answer:
        """Run the command in a unit of work of its own, once per request id; without an id, every time.

        Nearly every request is new, so nobody looks first: one that was answered before is found out when its answer
        cannot be kept twice, or when it is refused now that it is done. Then nothing of the second try is left.
        """
        try:
            return self._run(method, request_id, command)
        except (sa.exc.IntegrityError, Refused):
            first = self.recall(method, request_id) if request_id else None
            if first is None:
                raise
            return first

    def _run(self, method: str, request_id: str | None, command: Callable[[UnitOfWork], Answer]) -> Answer:
        with self.database.write() as uow:
            answer = command(uow)
            if request_id:
                self._keep(uow, method, request_id, answer)
            return answer

    def _keep(self, uow: UnitOfWork, method: str, request_id: str, answer: Answer) -> None:
        row = {"method": method, "request_id": request_id, "answer": answer, "answered_at": wall_now()}
        uow.connection.execute(self._insert, row)
