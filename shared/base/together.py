"""Units of work that share a commit on SQLite, where a commit waits for the disk and stops the whole process."""

import threading
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any, TypeVar

from shared.base.database import Database, UnitOfWork
from shared.base.engines import DatabaseAway, is_away
from shared.kernel.errors import Unavailable

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]

MOST = 16
"""Units of work in one transaction: as long as it lasts nothing else runs in the process."""


class Together:
    """Runs units of work, each as if it were alone; those that are asked for at the same moment commit together.

    The first one lets others step up, waits for nobody, and does the work of all who stand there, in their order, in
    one transaction with a savepoint each: every one sees what those before it did; one that fails takes back what
    it did, and nothing else. None has its outcome before the commit. When that fails nothing was done: where the
    database is away all are told so, else each is tried again alone. On PostgreSQL others go on during a commit, so
    there each is alone from the beginning.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = threading.Lock()
        self._waiting: list[_Asked] = []
        self._led = False

    def run(self, work: Work[T]) -> T:
        """What the work gives, once it is committed; raises the error that undid it.

        The work may be done twice, then the first time without any effect; it must not wait for anything.
        """
        if not self._database.is_sqlite:
            with self._database.write() as uow:
                return work(uow)
        asked = _Asked(work)
        if self._leads(asked):
            self._lead()
        else:
            asked.done.acquire()
        result: T = asked.outcome()
        return result

    def _leads(self, asked: "_Asked") -> bool:
        """Step up; whether it is this one who does the work of all."""
        with self._turn:
            self._waiting.append(asked)
            leads, self._led = not self._led, True
        return leads

    def _lead(self) -> None:
        group: list[_Asked] = []
        try:
            self._let_others_step_up()
            while group := self._next():
                self._commit(group)
                _tell(group)
        except BaseException:  # this worker is ended, and with it its transaction: nobody may wait for it for ever
            _give_up(group)
            while group := self._next():
                _give_up(group)
            raise

    def _let_others_step_up(self) -> None:
        """Those who were read from the wire at the same moment: as long as more of them come, but for nobody else."""
        here = 0
        while here < len(self._waiting) < MOST:
            here = len(self._waiting)
            time.sleep(0)

    def _next(self) -> list["_Asked"]:
        """The next to commit; nobody leads when there are none."""
        with self._turn:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            self._led = bool(group)
        return group

    def _commit(self, group: Sequence["_Asked"]) -> None:
        if len(group) > 1 and self._in_one(group):
            return
        for asked in group:
            self._alone(asked)

    def _in_one(self, group: Sequence["_Asked"]) -> bool:
        """One transaction for all; False when it came to nothing, though the database is there."""
        try:
            with self._database.write() as uow:
                for asked in group:
                    _attempt(asked, uow)
        except DatabaseAway as away:
            for asked in group:
                asked.error = away
        except Exception:  # noqa: BLE001 - nothing was committed; the second way finds out whose fault it was
            return False
        return True

    def _alone(self, asked: "_Asked") -> None:
        try:
            with self._database.write() as uow:
                asked.do(uow)
        except Exception as error:  # noqa: BLE001 - it is raised to whoever asked
            asked.error = error


class _Asked:
    """A unit of work that waits for the commit, and what came of it."""

    def __init__(self, work: Work[Any]) -> None:
        self._work = work
        self._context = copy_context()  # its own trace, whoever does the work
        self._result: Any = None
        self.error: Exception | None = None
        self.done = threading.Lock()
        self.done.acquire()

    def do(self, uow: UnitOfWork) -> None:
        """Do the work; raises what it raises."""
        self._result, self.error = self._context.run(self._work, uow), None

    def outcome(self) -> Any:
        """What it gave; raises its error."""
        if self.error is not None:
            raise self.error
        return self._result


def _attempt(asked: _Asked, uow: UnitOfWork) -> None:
    try:
        with uow.savepoint():
            asked.do(uow)
    except Exception as error:
        if isinstance(error, DatabaseAway) or is_away(error):
            raise
        asked.error = error


def _give_up(group: Sequence[_Asked]) -> None:
    for asked in group:
        asked.error = Unavailable("it was not carried out; try again")
    _tell(group)


def _tell(group: Sequence[_Asked]) -> None:
    """They have their outcome; the leader needs no telling."""
    for asked in group:
        asked.done.release()
