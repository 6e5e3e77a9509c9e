"""What every turn of the sender asks is found by an index, however many messages wait for the morning."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.storage import ready, tables
from shared.base.clock import wall_now
from shared.base.database import Database
from tests.unit.notify.events import NOW

INDEXES = {"messages_again", "messages_ready", "messages_expiring", "attempts_open"}
SENT, WAITING, ADDRESSES, MOST = 4_000, 1_500, 7, 20
WANTED = ready.Wanted("email", NOW, wall_now(), limit=5)


def row(number: int, state: str) -> dict[str, Any]:
    """A message; of those that wait two in three go together, one in ten is urgent."""
    urgent, ended = number % 10 == 0, {"sent_at": NOW, "ended_at": NOW} if state == "delivered" else {}
    return {
        **dict.fromkeys(("sent_at", "ended_at"), None),
        **dict.fromkeys(("audience", "rule", "category", "language", "subject", "trace"), "x"),
        **{"message_id": str(number), "key": str(number), "recipient": "x", "channel": "email", "text": "x" * 300},
        **{"address": f"{number % ADDRESSES}@example.org", "urgent": urgent, "bundle": not urgent and number % 3 > 0},
        **{"fallbacks": [], "state": state, "attempts": 0, "accepted_at": NOW, "expires_at": NOW + timedelta(days=1)},
        **{"due_at": NOW - timedelta(seconds=number * 7919 % 5_000)},
        **ended,
    }


@pytest.fixture
def flooded(database: Database) -> Database:
    """Many messages that were sent, counted by the database, and then many that wait and that it has not counted."""
    with database.write() as uow:
        uow.connection.execute(tables.messages.insert(), [row(number, "delivered") for number in range(SENT)])
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ALTER TABLE messages SET (autovacuum_enabled = false)"))
            connection.execute(sa.text("VACUUM ANALYZE messages"))
    with database.write() as uow:
        uow.connection.execute(
            tables.messages.insert(), [row(number, "accepted") for number in range(SENT, SENT + WAITING)]
        )
    return database


def plans_of(database: Database, ask: Callable[[sa.Connection], object]) -> list[list[str]]:
    """How the database goes about each statement with which a turn asks something."""
    asked: list[tuple[str, Any]] = []
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.write() as uow:
        ready.look(uow.connection)
        sa.event.listen(uow.connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        ask(uow.connection)
        statements = [each for each in asked if each[0].startswith("SELECT")]
        return [
            [line[-1] for line in uow.connection.exec_driver_sql(f"{explain} {statement}", parameters)]
            for statement, parameters in statements
        ]


def read_by(plan: list[str]) -> list[str]:
    """Whatever is read, by the name of the index or else as the plan tells it."""
    read = [line for line in plan if "SEARCH " in line or "SCAN " in line or " Scan " in line]
    return [
        next((name for name in INDEXES if f" {name} " in f"{each} "), each) for each in read if "CONSTANT" not in each
    ]


def test_every_turn_asks_an_index(flooded: Database) -> None:
    (plan,) = plans_of(flooded, ready.look)
    assert set(read_by(plan)) - {"Seq Scan on attempts"} <= INDEXES, plan
    assert read_by(plan).count("messages_ready") == 2 * len(ready.SENT_CHANNELS)
    assert read_by(plan).count("messages_again") == len(ready.SENT_CHANNELS)
    assert not any("Sort" in line or "TEMP B-TREE" in line for line in plan), plan


@pytest.mark.parametrize("urgent", [True, False])
def test_those_that_go_alone_are_read_off_an_index(flooded: Database, urgent: bool) -> None:
    (plan,) = plans_of(flooded, lambda held: ready.lock_alone(held, WANTED, [urgent]))
    assert read_by(plan) == ["messages_ready"], plan
    assert not any("Sort" in line or "TEMP B-TREE" in line for line in plan), plan


def test_bundles_are_those_that_waited_longest_of_each_address(flooded: Database) -> None:
    waiting = [row(number, "accepted") for number in range(SENT, SENT + WAITING)]
    by_address: dict[str, list[tuple[Any, ...]]] = {}
    for number, each in enumerate(waiting):
        if each["bundle"]:
            by_address.setdefault(each["address"], []).append((each["due_at"], number, each["message_id"]))
    first = sorted(by_address, key=lambda address: (min(by_address[address])[0], address))[: WANTED.limit]
    expected = [[message_id for *_order, message_id in sorted(by_address[address])[:MOST]] for address in first]
    with flooded.write() as uow:
        bundles = ready.lock_bundles(uow.connection, WANTED, MOST)
    assert [[each.message_id for each in bundle] for bundle in bundles] == expected


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nobody_gets_a_message_twice(flooded: Database) -> None:
    with flooded.write() as ours, flooded.write() as theirs:
        taken = [_ids(ready.lock_bundles(uow.connection, WANTED, MOST)) for uow in (ours, theirs)]
    assert taken[0]
    assert not taken[0] & taken[1]


def _ids(bundles: list[list[Message]]) -> set[str]:
    return {each.message_id for bundle in bundles for each in bundle}
