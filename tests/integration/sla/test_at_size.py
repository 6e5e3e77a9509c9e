"""What every turn of the timers asks stays a walk along one index, however many clocks there are (SL-7)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.sla import handlers
from services.sla.storage import clocks, timers
from shared.base.database import Database
from tests.bench.filling import EVENING, built_in, examples, fill

CLOCKS = 30_000
ASKED = {"now": "2026-10-12 10:00:00+00:00", "most": 500}


@pytest.fixture
def filled(database: Database) -> Database:
    """So many open clocks that an index is worth its while."""
    fill(str(database.engine.url.render_as_string(hide_password=False)), examples(), CLOCKS)
    return database


def plan(database: Database, statement: sa.Select) -> str:
    """How the database goes about it."""
    asked = statement.compile(database.engine, compile_kwargs={"render_postcompile": True})
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.read() as connection:
        values = {name: ASKED.get(name, value) for name, value in asked.params.items()}
        rows = connection.exec_driver_sql(f"{explain} {asked}", _values(asked, values)).all()
    return "\n".join(str(row[-1]) for row in rows)


def _values(asked: sa.Compiled, values: dict[str, object]) -> object:
    return tuple(values[name] for name in asked.positiontup) if asked.positiontup else values


def test_the_next_timer_is_read_off_the_index_alone(filled: Database) -> None:
    seen = plan(filled, timers.NEXT)
    if filled.is_sqlite:
        assert seen == "SCAN timers USING COVERING INDEX timers_due"
    else:
        assert "Index Only Scan using timers_due" in seen, seen
        assert "Seq Scan" not in seen
        assert "Sort" not in seen


def test_what_is_due_is_claimed_along_the_index(filled: Database) -> None:
    seen = plan(filled, timers.DUE)
    if filled.is_sqlite:
        assert seen.splitlines()[0] == "SEARCH timers USING COVERING INDEX timers_due (fire_at<?)"
        assert "SCAN" not in seen
        assert "TEMP B-TREE" not in seen
    else:
        assert "using timers_due" in seen, seen
        assert "Sort" not in seen
        assert "Seq Scan on timers" not in seen
        assert "Seq Scan on clocks" not in seen


def test_replicas_and_lanes_pass_over_what_another_has_along_the_index(filled: Database) -> None:
    if filled.is_sqlite:
        return  # it has one writer
    outside, _, inside = plan(filled, timers.DUE_SHARED).partition("Limit")
    assert "LockRows" in inside
    assert "using timers_due" in inside
    assert "Sort" not in inside
    assert "Seq Scan on timers" not in inside
    assert "Seq Scan on clocks" not in outside


@pytest.mark.parametrize("asked", ["NEXT_FREE", "DUE_FREE", "KEYS"])
def test_while_a_timer_is_held_the_others_are_still_found_along_the_index(filled: Database, asked: str) -> None:
    seen = plan(filled, getattr(timers, asked))
    if filled.is_sqlite:
        assert "timers USING COVERING INDEX timers_due" in seen.splitlines()[0]
        assert "SEARCH held USING" in seen
        assert "SCAN clocks" not in seen
        assert "TEMP B-TREE" not in seen
    else:
        assert "using timers_due" in seen, seen
        assert "Sort" not in seen, seen
        assert "Seq Scan on timers" not in seen, seen
        assert "Seq Scan on clocks" not in seen, seen


@pytest.mark.parametrize("breached", [False, True])
def test_open_clocks_are_listed_along_the_index_of_those_alone(filled: Database, breached: bool) -> None:
    seen = plan(filled, clocks.running_query(clocks.Wanted(limit=50, breached=breached)))
    assert "clocks_open" in seen, seen
    assert "Seq Scan on clocks" not in seen
    assert "TEMP B-TREE" not in seen
    assert "Sort" not in seen.replace("Incremental Sort", "")


def test_a_clock_that_fires_is_changed_on_its_own_page_and_in_no_index(filled: Database) -> None:
    if filled.is_sqlite:
        return  # it changes rows in place anyway
    in_place = sa.text("SELECT pg_stat_get_xact_tuples_hot_updated('clocks'::regclass)")
    rules = built_in()
    with filled.write() as uow:
        uow.now = EVENING + timedelta(minutes=2)
        fired = handlers.fire_due(rules, uow)
        hot = uow.connection.scalar(in_place)
    assert fired == 500
    assert hot == fired
