"""The broker dies under load, as in a power cut, and comes back after 30 s: the ledger balances (AL-2)."""

from pathlib import Path

from shared.base.broker import DEAD_QUEUE
from shared.nodes.rabbitmq import RabbitNode
from tests.faults.ledger import Ledger, Load
from tests.integration.nodes.broker import is_noted
from tests.support.probe import NAME, QUEUE
from tests.support.process import ServiceProcess, running
from tests.support.waiting import stays, wait_for

AWAY_SECONDS = 30.0
QUEUES = (f"rpc-{NAME}", QUEUE, DEAD_QUEUE)
"""RabbitMQ 3.10 loses a quorum queue's leader for ever when it is killed within a second of the declaration."""


def test_a_broker_killed_under_load_loses_and_doubles_nothing(tmp_path: Path, rabbit_node: RabbitNode) -> None:
    ledger = Ledger(rabbit_node.amqp_uri)
    with running(ServiceProcess(tmp_path, rabbit_node.amqp_uri)) as probe, Load(ledger, most=100_000) as load:
        wait_for(lambda: len(ledger.answered) > 100, "load")
        wait_for(lambda: all(is_noted(rabbit_node.folder, queue) for queue in QUEUES), "the queues on disk")
        rabbit_node.kill()
        wait_for(lambda: not probe.is_ready(), "the service notices")
        used = probe.processor_seconds()
        stays(lambda: probe.is_alive() and probe.page("/healthz")["status"] == "alive", "the process", AWAY_SECONDS)
        assert probe.processor_seconds() - used < AWAY_SECONDS / 10, "waiting is no work"

        rabbit_node.start()
        rabbit_node.wait_ready()
        wait_for(probe.is_ready, "ready again")
        before = len(ledger.answered)
        wait_for(lambda: len(ledger.answered) > before + 50, "load again")
        load.stop()
        ledger.check(probe)
