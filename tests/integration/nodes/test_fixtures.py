"""The nodes that every test may ask for."""

import kombu
import pytest
import sqlalchemy

from shared.nodes.rabbitmq import RabbitNode


def queue_exists(uri: str, name: str) -> bool:
    """Whether the queue is there."""
    with kombu.Connection(uri) as connection:
        try:
            connection.channel().queue_declare(name, passive=True)
        except connection.channel_errors:
            return False
        return True


@pytest.mark.parametrize("turn", range(2))
def test_each_test_has_its_own_vhost(amqp_uri: str, turn: int) -> None:
    assert not queue_exists(amqp_uri, "left.behind"), turn
    with kombu.Connection(amqp_uri) as connection:
        connection.channel().queue_declare("left.behind", durable=True)


@pytest.mark.parametrize("turn", range(2))
def test_each_test_has_its_own_database(postgres_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE left_behind (turn integer)"))
        connection.execute(sqlalchemy.text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
    engine.dispose()


def test_a_broker_of_ones_own_can_be_killed(rabbit_node: RabbitNode) -> None:
    with kombu.Connection(rabbit_node.amqp_uri) as connection:
        connection.channel().queue_declare(
            "kept", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
    uri = rabbit_node.amqp_uri
    rabbit_node.kill()
    rabbit_node.start()
    rabbit_node.wait_ready()
    assert rabbit_node.amqp_uri == uri
    assert queue_exists(uri, "kept")
