"""Answers kept by request id: a changing method asked twice acts once (contracts 4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.base.together import Together
from shared.kernel.errors import Refused

Answer = dict[str, Any]
Command = Callable[[UnitOfWork], Answer]


@dataclass(frozen=True)
class Brief:
    """How an answer is kept of which the service can tell a part again: `whole(connection, cut(answer))` is all."""

    cut: Callable[[Answer], Answer]
    whole: Callable[[sa.Connection, Answer], Answer]


AS_IT_IS = Brief(lambda answer: answer, lambda _connection, kept: kept)


class Answers:
    """Runs commands so that the same request id gives the first answer."""

    def __init__(self, database: Database, table: sa.Table) -> None:
        self.database = database
        self.table = table
        self._lookup = sa.select(table.c.answer).where(
            table.c.method == sa.bindparam("method"), table.c.request_id == sa.bindparam("request_id")
        )
        self._insert = table.insert()
        self._together = Together(database)

    def recall(self, method: str, request_id: str, brief: Brief = AS_IT_IS) -> Answer | None:
        """The first answer to this request, if it was given."""
        with self.database.read() as connection:
            found: Answer | None = connection.scalar(self._lookup, {"method": method, "request_id": request_id})
            return brief.whole(connection, found) if found is not None else None

    def run(self, method: str, request_id: str | None, command: Command) -> Answer:
        """Run the command in a unit of work of its own, once per request id; without an id, every time.

        Nearly every request is new, so nobody looks first: one that was answered before is found out when its answer
        cannot be kept twice, or when it is refused now that it is done. Then nothing of the second try is left.
        """
        return self._once(method, request_id, command, self._alone, AS_IT_IS)

    def run_together(self, method: str, request_id: str | None, command: Command, brief: Brief = AS_IT_IS) -> Answer:
        """The same for what is asked for by the hundred: those of the same moment share a commit on SQLite.

        Nothing that the command stages may be looked for by another one before the commit: it is written at the end.
        """
        return self._once(method, request_id, command, self._together.run, brief)

    def _once(
        self, method: str, request_id: str | None, command: Command, run: Callable[[Command], Answer], brief: Brief
    ) -> Answer:
        def work(uow: UnitOfWork) -> Answer:
            answer = command(uow)
            if request_id:
                told = {"answer": brief.cut(answer), "answered_at": wall_now()}
                uow.collect(self._keep, [{"method": method, "request_id": request_id, **told}])
            return answer

        try:
            return run(work)
        except (sa.exc.IntegrityError, Refused):
            first = self.recall(method, request_id, brief) if request_id else None
            if first is None:
                raise
            return first

    def _alone(self, work: Command) -> Answer:
        with self.database.write() as uow:
            return work(uow)

    def _keep(self, uow: UnitOfWork, rows: Sequence[Answer]) -> None:
        uow.connection.execute(self._insert, rows)
