"""The nodes that every test may ask for; the one that can be killed is tried by the faults."""

import pytest
import sqlalchemy

from tests.integration.nodes.broker import has_queue, put


@pytest.mark.parametrize("turn", range(2))
def test_each_test_has_its_own_vhost(amqp_uri: str, turn: int) -> None:
    assert not has_queue(amqp_uri, "kept"), turn
    put(amqp_uri, b"left behind")


@pytest.mark.parametrize("turn", range(2))
def test_each_test_has_its_own_database(postgres_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE left_behind (turn integer)"))
        connection.execute(sqlalchemy.text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
    engine.dispose()
