"""Requests that share a commit: each as if it were alone (record 014)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.base.database import Database, UnitOfWork
from shared.base.engines import DatabaseAway
from shared.base.together import MOST
from shared.base.traces import current_trace, trace_here
from shared.events import Event
from shared.kernel.errors import Conflict, Unavailable
from shared.testing import ManualClock
from tests.support.at_once import Ask, at_once
from tests.support.waiting import wait_for
from tests.unit.conftest import START
from tests.unit.outbox.conftest import Desk, desk_in, effects, tables

ENDED = [("a", None), ("b", SystemExit()), ("c", None)]


@dataclass
class Counter:
    """Takes requests; remembers which unit of work each try was done in."""

    desk: Desk
    units: dict[str, list[UnitOfWork]] = field(default_factory=dict)

    def ask(self, name: str, then: Any = None, request_id: str | None = None) -> Ask:
        """A request that has an effect and says an event; `then` is raised, or called with its unit of work."""

        def command(uow: UnitOfWork) -> dict[str, Any]:
            self.units.setdefault(name, []).append(uow)
            uow.connection.execute(effects.insert(), {"event_id": name})
            self.desk.voice.stage(uow, [Event("call.missed.v1", name, 1, {})])
            if isinstance(then, BaseException):
                raise then
            told = then(uow) if then else None
            return {"name": name, "before": seen(uow), "told": told}

        return lambda: self.desk.answers.run_together("note", request_id or name, command)

    def said(self) -> list[str]:
        """Of what the committed events tell, in their order."""
        with self.desk.database.read() as connection:
            bodies = connection.scalars(sa.select(tables.outbox.c.body).order_by(tables.outbox.c.id))
            return [body.partition('"subject":"')[2].partition('"')[0] for body in bodies]


def seen(uow: UnitOfWork) -> list[str]:
    """The effects that a request sees, its own at last."""
    return list(uow.connection.scalars(sa.select(effects.c.event_id).order_by(effects.c.id)))


@pytest.fixture
def counter(desk: Desk) -> Counter:
    """A counter on an empty database."""
    return Counter(desk)


def kinds(outcomes: list[Any]) -> list[Any]:
    """The names in answers, the types of errors."""
    return [each["name"] if isinstance(each, dict) else type(each) for each in outcomes]


def test_who_stands_together_commits_together_in_turn(counter: Counter) -> None:
    outcomes = at_once(counter.desk.answers, [counter.ask(name) for name in "abc"])
    assert [each["before"] for each in outcomes] == [["a"], ["a", "b"], ["a", "b", "c"]]
    assert counter.desk.effects() == counter.said() == ["a", "b", "c"]
    units = {id(uow) for tries in counter.units.values() for uow in tries}
    assert len(units) == (1 if counter.desk.database.is_sqlite else 3)
    assert counter.ask("a")()["before"] == ["a"], "the answers are kept"


def test_one_that_fails_takes_back_what_it_did_and_nothing_else(counter: Counter) -> None:
    asks = [counter.ask("a"), counter.ask("b", Conflict("no")), counter.ask("c", ZeroDivisionError()), counter.ask("d")]
    outcomes = at_once(counter.desk.answers, asks)
    assert kinds(outcomes) == ["a", Conflict, ZeroDivisionError, "d"]
    assert outcomes[-1]["before"] == ["a", "d"]
    assert counter.desk.effects() == counter.said() == ["a", "d"]
    assert all(len(tries) == 1 for tries in counter.units.values())


def test_a_statement_that_fails_spoils_nobody_elses_work(counter: Counter) -> None:
    def stumble(uow: UnitOfWork) -> None:
        uow.connection.execute(tables.inbox.insert(), [{"queue": "q", "event_id": "1", "taken_at": START}] * 2)

    outcomes = at_once(counter.desk.answers, [counter.ask("a"), counter.ask("b", stumble), counter.ask("c")])
    assert kinds(outcomes) == ["a", sa.exc.IntegrityError, "c"]
    assert (counter.desk.effects(), counter.desk.rows(tables.inbox)) == (["a", "c"], [])


def test_the_same_request_twice_in_one_group_gives_the_first_answer(counter: Counter) -> None:
    asks = [counter.ask("a"), counter.ask("b", request_id="r"), counter.ask("b", request_id="r"), counter.ask("c")]
    outcomes = at_once(counter.desk.answers, asks)
    assert outcomes[1] == outcomes[2]
    assert [each["before"][-1] for each in outcomes] == ["a", "b", "b", "c"]
    assert counter.desk.effects() == counter.said() == ["a", "b", "c"]


def test_what_cannot_be_written_at_the_end_fails_alone(counter: Counter) -> None:
    def sink(_uow: UnitOfWork, items: list[Any]) -> None:
        raise ZeroDivisionError(items[0])

    def stage(uow: UnitOfWork) -> None:
        uow.collect(sink, ["x"])

    outcomes = at_once(counter.desk.answers, [counter.ask("a"), counter.ask("b", stage), counter.ask("c")])
    assert kinds(outcomes) == ["a", ZeroDivisionError, "c"]
    assert counter.desk.effects() == counter.said() == ["a", "c"]


def test_nobody_is_answered_before_the_commit(sqlite_database: Database) -> None:
    counter = Counter(desk_in(sqlite_database))
    answered: list[str] = []

    def answering(name: str, then: Any = None) -> Ask:
        ask = counter.ask(name, then)
        return lambda: answered.append(ask()["name"])

    def nobody_yet(_uow: UnitOfWork) -> bool:
        return answered == [] and counter.desk.effects() == []

    waits = counter.ask("last", nobody_yet)
    outcomes = at_once(counter.desk.answers, [answering("a"), answering("b"), waits])
    assert (outcomes[-1]["told"], sorted(answered)) == (True, ["a", "b"])


@pytest.mark.parametrize("gone", [DatabaseAway("gone"), None])
def test_where_the_database_is_away_nothing_was_done(sqlite_database: Database, gone: Exception | None) -> None:
    """Also where SQLite undid the whole transaction by itself, as it does when the disk is full."""
    counter = Counter(desk_in(sqlite_database))

    def give_up(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("ROLLBACK")
        raise ZeroDivisionError

    outcomes = at_once(counter.desk.answers, [counter.ask("a"), counter.ask("b", gone or give_up), counter.ask("c")])
    assert kinds(outcomes) == [DatabaseAway] * 3
    assert (counter.desk.effects(), counter.said(), list(counter.units)) == ([], [], ["a", "b"])
    assert counter.ask("d")()["before"] == ["d"]


def test_a_worker_that_is_ended_leaves_nobody_waiting(sqlite_database: Database) -> None:
    counter = Counter(desk_in(sqlite_database))
    told: list[str] = []

    def telling(ask: Ask) -> Ask:
        def run() -> None:
            with pytest.raises(Unavailable, match="try again"):
                ask()
            told.append("try again")

        return run

    with pytest.raises(SystemExit):
        at_once(counter.desk.answers, [telling(counter.ask(name, end)) for name, end in ENDED])
    wait_for(lambda: len(told) == len(ENDED), "everybody is told")
    assert counter.desk.effects() == []
    assert counter.ask("d")()["before"] == ["d"], "somebody else leads"


def test_each_has_its_own_trace(counter: Counter) -> None:
    def traced(name: str) -> Ask:
        ask = counter.ask(name, lambda _uow: trace_here())

        def run() -> Any:
            current_trace.set(name)
            return ask()

        return run

    outcomes = at_once(counter.desk.answers, [traced(name) for name in "abc"])
    assert [each["told"] for each in outcomes] == ["a", "b", "c"]


def test_more_than_go_in_one_transaction_go_in_several(sqlite_database: Database) -> None:
    counter = Counter(desk_in(sqlite_database))
    names = [str(number) for number in range(MOST + 2)]
    assert kinds(at_once(counter.desk.answers, [counter.ask(name) for name in names])) == names
    assert len({id(uow) for tries in counter.units.values() for uow in tries}) > 1
    assert counter.desk.effects() == names


def test_who_waits_for_what_they_say_is_woken_once(counter: Counter) -> None:
    woken = counter.desk.database.woken_by("a signal")
    asks = [counter.ask(name, lambda uow: uow.signal("a signal") or woken.is_set()) for name in "ab"]
    told = [each["told"] for each in at_once(counter.desk.answers, asks)]
    assert woken.is_set()
    assert told[0] is False


REQUESTS = st.lists(
    st.tuples(st.sampled_from("rstu"), st.sampled_from(["do", "refuse", "fail", "refuse again", "twice"])), max_size=7
)


def command(uow: UnitOfWork, name: str, how: str) -> dict[str, Any]:
    """Something of which the outcome tells what was done before."""
    before = seen(uow)
    if how == "refuse again" and name in before:
        raise Conflict(f"{name} was done")
    for _ in range(2 if how == "twice" else 1):
        uow.connection.execute(effects.insert(), {"event_id": name})
    if how == "refuse":
        raise Conflict(f"not after {before}")
    if how == "fail":
        raise ZeroDivisionError(f"after {before}")
    return {"name": name, "before": before}


@contextmanager
def a_desk() -> Iterator[Desk]:
    """A desk on an empty SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/test.db", service="intake", clock=ManualClock(START))
        yield desk_in(database)
        database.close()


@settings(max_examples=20)
@given(requests=REQUESTS)
def test_together_they_come_to_what_they_come_to_in_turn(requests: list[tuple[str, str]]) -> None:
    def told(outcome: Any) -> Any:
        return str(outcome) if isinstance(outcome, Exception) else outcome

    def ask(desk: Desk, name: str, how: str) -> Ask:
        return lambda: desk.answers.run_together("note", f"{name} {how}", lambda uow: command(uow, name, how))

    def in_turn(desk: Desk) -> Iterator[Any]:
        for each in requests:
            try:
                yield ask(desk, *each)()
            except (Conflict, ZeroDivisionError) as error:
                yield error

    with a_desk() as together, a_desk() as alone:
        wanted = [told(each) for each in in_turn(alone)]
        assert [told(each) for each in at_once(together.answers, [ask(together, *each) for each in requests])] == wanted
        assert together.effects() == alone.effects()
        kept = [[tuple(row)[:3] for row in desk.rows(tables.answers)] for desk in (together, alone)]
        assert kept[0] == kept[1]
