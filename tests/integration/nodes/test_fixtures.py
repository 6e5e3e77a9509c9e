"""The nodes that every test may ask for."""

import pytest
import sqlalchemy

from shared.nodes.rabbitmq import RabbitNode
from tests.integration.nodes.broker import get, has_queue, put, put_for_good


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


def test_a_broker_of_ones_own_can_be_killed(rabbit_node: RabbitNode) -> None:
    uri = rabbit_node.amqp_uri
    put_for_good(uri, b"still here", rabbit_node.folder)
    rabbit_node.kill()
    rabbit_node.start()
    rabbit_node.wait_ready()
    assert rabbit_node.amqp_uri == uri
    assert get(uri) == b"still here"
