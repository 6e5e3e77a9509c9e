"""A team's queue on a real broker: bound by its pattern, it hears without anybody in between."""

import pika
import pytest

from services.notify.gateways.team_queue import bind_team, unbind_team
from shared.kernel.errors import Invalid, Unavailable
from tests.support.waiting import wait_for

SOUTH = "alert.*.*.south.#"


def test_a_bound_queue_hears_its_pattern_and_survives_its_subscription(amqp_uri: str) -> None:
    assert [bind_team(amqp_uri, "south", SOUTH) for _ in range(2)] == ["alerts.south"] * 2
    bind_team(amqp_uri, "south", "alert.sla_breach.#")
    with pika.BlockingConnection(pika.URLParameters(amqp_uri)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()

        def say(topic: str) -> None:
            channel.basic_publish("alerts", topic, topic.encode(), pika.BasicProperties(delivery_mode=2))

        def waiting() -> int:
            return channel.queue_declare("alerts.south", passive=True).method.message_count

        say("alert.major_case.major.north")
        say("alert.sla_breach.major.south.foshan")  # both patterns: one copy
        say("alert.sla_breach.major.north")
        wait_for(lambda: waiting() == 2, "two alerts")
        assert [unbind_team(amqp_uri, "south", SOUTH) for _ in range(2)] == ["alerts.south"] * 2
        say("alert.major_case.major.south")
        say("alert.sla_breach.minor.south")
        wait_for(lambda: waiting() == 3, "the other pattern is still bound, the queue is kept")


def test_what_cannot_be_bound_is_refused(amqp_uri: str) -> None:
    with pytest.raises(Invalid):
        bind_team(amqp_uri, "South Desk", SOUTH)
    with pytest.raises(Invalid):
        bind_team(amqp_uri, "south", "alerts.#")
    with pytest.raises(Unavailable):
        bind_team("amqp://a:b@127.0.0.1:1/", "south", SOUTH)
    assert unbind_team(amqp_uri, "nobody", SOUTH) == "alerts.nobody"
