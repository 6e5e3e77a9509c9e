"""What every turn of the sender asks is found by an index, however many messages wait for the morning."""

from typing import Any

import pytest
import sqlalchemy as sa

from services.notify.storage import ready, tables
from tests.unit.notify.events import NOW

ASKED: list[tuple[Any, dict[str, Any], str]] = [
    (ready._RETRY_DUE, {"on": ["sms", "email"], "wall": NOW}, "messages_again"),
    (ready._FIRST_DUE, {"on": "sms", "is_urgent": False}, "messages_ready"),
    (ready._FIRST_END, {}, "messages_expiring"),
]


@pytest.mark.parametrize(("query", "values", "index"), ASKED)
def test_every_turn_asks_an_index(query: Any, values: dict[str, Any], index: str) -> None:
    engine = sa.create_engine("sqlite://")
    run: list[tuple[str, Any]] = []
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        sa.event.listen(connection, "before_cursor_execute", lambda *told: run.append((told[2], told[3])))
        connection.execute(query, values)
        statement, parameters = run[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert any(index in row[-1] and "SEARCH" in row[-1] for row in plan), plan
    engine.dispose()
