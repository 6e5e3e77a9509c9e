"""What every turn of the sender asks is found by an index, however many messages wait for the morning."""

from typing import Any

import sqlalchemy as sa

from services.notify.storage import ready, tables

INDEXES = ("messages_again", "messages_ready", "messages_expiring", "attempts_open")


def test_every_turn_asks_an_index() -> None:
    engine = sa.create_engine("sqlite://")
    run: list[tuple[str, Any]] = []
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        sa.event.listen(connection, "before_cursor_execute", lambda *told: run.append((told[2], told[3])))
        ready.look(connection)
        statement, parameters = run[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    reads = [row[-1] for row in plan if row[-1].startswith(("SEARCH", "SCAN "))]
    used = [name for name in INDEXES for read in reads if read.startswith("SEARCH") and f"INDEX {name} " in f"{read} "]
    assert len(used) == len([read for read in reads if "CONSTANT ROW" not in read]), plan
    assert set(used) == set(INDEXES), plan
    engine.dispose()
