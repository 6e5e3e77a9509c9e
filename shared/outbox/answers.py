"""Answers kept by request id: a changing method asked twice acts once (contracts 4)."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork

Answer = dict[str, Any]


class Answers:
    """Runs commands so that the same request id gives the first answer."""

    def __init__(self, database: Database, table: sa.Table) -> None:
        self.database = database
        self.table = table
        self._lookup = sa.select(table.c.answer).where(
            table.c.method == sa.bindparam("method"), table.c.request_id == sa.bindparam("request_id")
        )

    def recall(self, method: str, request_id: str) -> Answer | None:
        """The first answer to this request, if it was given."""
        with self.database.read() as connection:
            return self._find(connection, method, request_id)

    def run(self, method: str, request_id: str | None, command: Callable[[UnitOfWork], Answer]) -> Answer:
        """Run the command in a unit of work of its own, once per request id; without an id, every time."""
        try:
            return self._run(method, request_id, command)
        except sa.exc.IntegrityError:
            # Another replica may have answered the same request between our look and our insert.
            first = self.recall(method, request_id) if request_id else None
            if first is None:
                raise
            return first

    def _run(self, method: str, request_id: str | None, command: Callable[[UnitOfWork], Answer]) -> Answer:
        with self.database.write() as uow:
            if request_id and (first := self._find(uow.connection, method, request_id)) is not None:
                return first
            answer = command(uow)
            if request_id:
                self._keep(uow, method, request_id, answer)
            return answer

    def _find(self, connection: sa.Connection, method: str, request_id: str) -> Answer | None:
        found: Answer | None = connection.scalar(self._lookup, {"method": method, "request_id": request_id})
        return found

    def _keep(self, uow: UnitOfWork, method: str, request_id: str, answer: Answer) -> None:
        row = {"method": method, "request_id": request_id, "answer": answer, "answered_at": wall_now()}
        uow.connection.execute(self.table.insert(), row)
