"""Answers by request id: asked twice, done once (contracts 4)."""

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict
from tests.unit.outbox.conftest import Desk, effects, tables


def count_up(uow: UnitOfWork) -> dict[str, Any]:
    """A command whose answer tells how often it ran."""
    uow.connection.execute(effects.insert(), {"event_id": "x"})
    return {"ran": uow.connection.scalar(sa.select(sa.func.count()).select_from(effects))}


def test_the_same_id_gives_the_first_answer(desk: Desk) -> None:
    assert desk.answers.run("note", "r1", count_up) == {"ran": 1}
    assert desk.answers.run("note", "r1", count_up) == {"ran": 1}
    assert desk.answers.run("note", "r2", count_up) == {"ran": 2}
    assert desk.answers.recall("note", "r1") == {"ran": 1}


def test_each_method_keeps_its_own(desk: Desk) -> None:
    desk.answers.run("note", "r1", count_up)
    assert desk.answers.run("other", "r1", count_up) == {"ran": 2}
    assert desk.answers.recall("third", "r1") is None


def test_without_an_id_it_runs_every_time(desk: Desk) -> None:
    assert [desk.answers.run("note", None, count_up)["ran"] for _ in range(2)] == [1, 2]
    assert desk.rows(tables.answers) == []


def test_a_refusal_is_not_kept(desk: Desk) -> None:
    def refuse(uow: UnitOfWork) -> dict[str, Any]:
        count_up(uow)
        raise Conflict("not now")

    with pytest.raises(Conflict):
        desk.answers.run("note", "r1", refuse)
    assert desk.answers.run("note", "r1", count_up) == {"ran": 1}


def test_what_would_be_refused_now_that_it_is_done_gives_the_first_answer(desk: Desk) -> None:
    def only_once(uow: UnitOfWork) -> dict[str, Any]:
        if count_up(uow)["ran"] > 1:
            raise Conflict("done already")
        return {"ran": 1}

    assert [desk.answers.run("note", "r1", only_once) for _ in range(2)] == [{"ran": 1}] * 2
    assert len(desk.effects()) == 1
    with pytest.raises(Conflict):
        desk.answers.run("note", "r2", only_once)


def test_asked_at_the_same_time_it_is_done_once(desk: Desk) -> None:
    given: list[Any] = []
    together = Barrier(6)

    def ask() -> None:
        together.wait()
        given.append(desk.answers.run("note", "r1", count_up))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == [given[0]] * 6
    assert len(desk.effects()) == 1


def test_another_replica_that_answered_first_is_believed(desk: Desk) -> None:
    def overtaken(uow: UnitOfWork) -> dict[str, Any]:
        row = {"method": "note", "request_id": "r1", "answer": {"by": "the other"}, "answered_at": uow.now}
        if desk.database.is_sqlite:
            uow.connection.execute(tables.answers.insert(), row)
        else:
            with desk.database.write() as other:
                other.connection.execute(tables.answers.insert(), row)
        return {"by": "us"}

    if desk.database.is_sqlite:
        # One process alone on its file: nobody can overtake it, so the clash is an error of its own.
        with pytest.raises(sa.exc.IntegrityError):
            desk.answers.run("note", "r1", overtaken)
    else:
        assert desk.answers.run("note", "r1", overtaken) == {"by": "the other"}


def test_a_clash_that_is_not_about_the_answer_passes_through(desk: Desk) -> None:
    def clash(uow: UnitOfWork) -> dict[str, Any]:
        uow.connection.execute(effects.insert(), [{"id": 1, "event_id": "x"}, {"id": 1, "event_id": "y"}])
        return {}

    with pytest.raises(sa.exc.IntegrityError):
        desk.answers.run("note", "r1", clash)


def test_answers_hold_any_text(desk: Desk) -> None:
    answer = {"text": "张三 \u2028 😀", "list": [1, None, {"deep": [True]}]}
    desk.answers.run("note", "r1", lambda _uow: answer)
    assert desk.answers.run("note", "r1", count_up) == answer
