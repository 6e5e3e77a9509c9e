"""A service's life beside a broker that comes, hangs up and goes: ready again each time, nothing lost (design 3)."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.broker import DEAD_QUEUE
from shared.nodes.rabbitmq import RabbitNode
from tests.support.client import client
from tests.support.probe import NAME, QUEUE
from tests.support.process import ServiceProcess, running
from tests.support.waiting import wait_for

SLOW = json.dumps({"args": [{"how": "slow"}], "kwargs": {}}).encode()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServiceProcess, RabbitNode]]:
    """A service that started before its broker."""
    node = RabbitNode(tmp_path_factory.mktemp("node"))
    node.start()
    probe = ServiceProcess(tmp_path_factory.mktemp("service"), node.amqp_uri).start()
    try:
        wait_for(lambda: healthy(probe), "health answers before the broker does")
        early = probe.page("/readyz")["checks"]
        node.wait_ready()
        wait_for(probe.is_ready, "ready once the broker is there")
        assert early["database"]
        assert not early["broker"]
        yield probe, node
    finally:
        probe.kill()
        node.stop()


def healthy(probe: ServiceProcess) -> bool:
    try:
        return bool(probe.page("/healthz") == {"status": "alive", "service": NAME})
    except OSError:
        return False


def test_it_became_ready_by_itself(life: tuple[ServiceProcess, RabbitNode]) -> None:
    probe, _ = life
    assert set(probe.page("/readyz")["checks"]) == {
        *("database", "broker", "outbox", "rpc", "timers", f"queue {QUEUE}", "asks escalation"),
    }
    assert probe.page("/version")["service"] == NAME
    assert probe.http("GET", "/nothing")[0] == 404
    assert probe.memory() < 130


def test_queues_are_quorum_queues_with_the_policys_limits(life: tuple[ServiceProcess, RabbitNode]) -> None:
    _, node = life
    listed = node.control(
        "list_queues", "--vhost", node.vhosts[0], "--quiet", "--formatter", "json", "name", "type", "policy"
    )
    queues = {each["name"]: each for each in json.loads(listed) if not each["name"].startswith("answers-")}
    assert {each["type"] for each in queues.values()} == {"quorum"}
    assert {queues[name]["policy"] for name in (QUEUE, f"rpc-{NAME}")} == {"aftercare-work"}
    policies = json.loads(node.control("list_policies", "--vhost", node.vhosts[0], "--quiet", "--formatter", "json"))
    (limits,) = [json.loads(each["definition"]) for each in policies if each["name"] == "aftercare-work"]
    assert limits.items() >= {
        ("delivery-limit", 20),
        ("dead-letter-exchange", "aftercare.dead"),
        ("dead-letter-strategy", "at-least-once"),
        ("overflow", "reject-publish"),
    }


def test_an_answer_that_cannot_be_sent_is_given_when_it_is_asked_again(life: tuple[ServiceProcess, RabbitNode]) -> None:
    probe, node = life
    with client(node.amqp_uri) as outside:
        outside.send(f"{NAME}.fail", SLOW)
        before = probe.said().count("waits for what is away")
        node.control("close_all_connections", "--global", "the test hangs up")
    wait_for(lambda: probe.said().count("waits for what is away") >= before + 3, "the service notices")
    wait_for(probe.is_ready, "ready again")
    with client(node.amqp_uri) as outside:
        assert outside.ask("note", {"key": "after"})["error"] is None
        wait_for(lambda: outside.depth(f"rpc-{NAME}") == 0, "the request was taken up again")


def test_a_message_that_no_consumer_survives_ends_in_the_dead_letters(life: tuple[ServiceProcess, RabbitNode]) -> None:
    """What the policy is for: 20 deliveries given back, and the broker takes the message out of the way."""
    _, node = life
    with client(node.amqp_uri) as outside:
        queue = "notify.nobody-consumes-this"
        outside.channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        outside.publish("", queue, b"poison")
        for _ in range(21):
            taken = wait_for(lambda: outside.channel.basic_get(queue)[0], "the next delivery")
            outside.channel.basic_reject(taken.delivery_tag, requeue=True)
        properties, body = wait_for(lambda: outside.take(DEAD_QUEUE), "the dead letter")
        assert body == b"poison"
        assert properties.headers["x-first-death-reason"] == "delivery_limit"


def test_a_broker_that_takes_nothing_loses_nothing(life: tuple[ServiceProcess, RabbitNode]) -> None:
    """A memory alarm: the broker stops reading from everybody who publishes."""
    probe, node = life
    with client(node.amqp_uri) as outside:
        node.control("set_vm_memory_high_watermark", "0.000001")
        for number in range(3):
            outside.send(f"{NAME}.note", json.dumps({"args": [{"key": f"alarm {number}", "events": 100}]}).encode())
        assert healthy(probe)
        node.control("set_vm_memory_high_watermark", "0.4")
        effects = "SELECT count(*), count(DISTINCT event_id) FROM effects WHERE subject LIKE 'alarm %'"
        wait_for(lambda: probe.query(effects) == [(300, 300)], "all handled")


def test_sigterm_answers_what_is_in_hand_and_leaves_the_rest(life: tuple[ServiceProcess, RabbitNode]) -> None:
    probe, node = life
    with client(node.amqp_uri) as outside:
        asked = {outside.send(f"{NAME}.fail", SLOW) for _ in range(5)}
        wait_for(lambda: probe.metric("aftercare_rpc_in_hand") == 5, "all five in hand")
        probe.signal(signal.SIGTERM)
        assert set(outside.answers(5)) == asked
        assert probe.wait() == 0
        waiting = outside.send(f"{NAME}.health", b'{"args": []}')
        said = outside.say({})
        probe.start().ready()
        assert set(outside.answers(1)) == {waiting}
        wait_for(lambda: probe.effects()[said] == 1, "what came meanwhile")


def test_sigterm_ends_within_its_limit_whatever_is_stuck(
    tmp_path: Path, life: tuple[ServiceProcess, RabbitNode]
) -> None:
    first, node = life
    assert first.stop() == 0
    probe = ServiceProcess(tmp_path, node.amqp_uri, settings={"AFTERCARE_DRAIN_SECONDS": "1"})
    with running(probe), client(node.amqp_uri) as outside:
        outside.send(f"{NAME}.fail", SLOW.replace(b"slow", b"stuck"))
        outside.ask("note", {"key": "kept"})
        assert probe.stop() == 0
        assert '"the drain took too long' in probe.said()
        assert outside.depth(f"rpc-{NAME}") == 1, "given back, not lost"
        outside.channel.queue_purge(f"rpc-{NAME}")
    assert probe.query("SELECT key FROM notes") == ["kept"]
