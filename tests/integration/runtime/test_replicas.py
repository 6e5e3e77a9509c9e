"""Replicas on one PostgreSQL share queue, outbox and held messages; what one leaves, the other takes (AL-1)."""

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.engines import CONNECT_SECONDS
from shared.nodes.postgres import PostgresNode
from tests.support.client import Client, client
from tests.support.probe import NAME
from tests.support.process import ServiceProcess, running
from tests.support.waiting import stays, wait_for


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresNode]:
    """A server that goes away and comes back; in a folder that the user as which it runs may enter."""
    with tempfile.TemporaryDirectory(prefix="aftercare-tests-") as folder:
        Path(folder).chmod(0o711)
        node = PostgresNode(Path(folder) / "postgres", durable=False)
        try:
            node.start()
            node.wait_ready()
            yield node
        finally:
            node.stop()


@pytest.fixture(scope="module")
def replicas(postgres: PostgresNode, folder: Path, vhost: str) -> Iterator[list[ServiceProcess]]:
    """Two, started at once on an empty database."""
    url = postgres.create_database("replicas")
    pair = [ServiceProcess(folder, vhost, db_url=url) for _ in range(2)]
    try:
        for number, each in enumerate(pair):
            each.log = folder / f"replica{number}.log"
            each.start()
        yield [each.ready() for each in pair]
    finally:
        for each in pair:
            each.kill()


@pytest.fixture
def outside(vhost: str, replicas: list[ServiceProcess]) -> Iterator[Client]:
    """A client, once both are there."""
    assert all(each.is_alive() for each in replicas)
    with client(vhost) as found:
        yield found


def taken(replica: ServiceProcess) -> float:
    return replica.metric(f'aftercare_events_taken_total{{outcome="taken",queue="{NAME}.echo"}}')


def test_two_share_the_work_and_double_nothing(outside: Client, replicas: list[ServiceProcess]) -> None:
    for number in range(40):
        body = {
            "args": [{"key": f"pair {number}", "events": 20, "data": {"do": "retry once" if number % 9 == 0 else ""}}]
        }
        outside.send(f"{NAME}.note", json.dumps(body).encode())
    assert len(outside.answers(40)) == 40
    wait_for(lambda: replicas[0].query("SELECT count(*) FROM effects") == [800], "800 effects")
    wait_for(replicas[0].is_quiet, "nothing waits")
    assert set(replicas[0].effects().values()) == {1}
    assert min(taken(each) for each in replicas) > 0, "both took part"
    assert [each.said().count('"level": "error"') for each in replicas] == [0, 0]


def test_a_database_that_goes_away_is_waited_for(
    outside: Client, replicas: list[ServiceProcess], postgres: PostgresNode
) -> None:
    before = len(replicas[0].effects())
    postgres.stop()
    said = [outside.say({}) for _ in range(150)]
    assert outside.ask("note", {"key": "meanwhile", "request_id": "r"})["error"]["exc_type"] == "Unavailable"
    begun = time.monotonic()
    assert [each.page("/healthz")["status"] for each in replicas] == ["alive", "alive"]
    assert time.monotonic() - begun < CONNECT_SECONDS, "they did not ask the database"
    wait_for(lambda: not any(each.is_ready() for each in replicas), "not ready")
    stays(lambda: all(each.is_alive() for each in replicas), "both live", 2)

    postgres.start()
    postgres.wait_ready()
    wait_for(lambda: all(each.is_ready() for each in replicas), "ready again")
    wait_for(lambda: len(replicas[0].effects()) == before + 150, "what came meanwhile")
    assert all(replicas[0].effects()[event_id] == 1 for event_id in said)
    assert replicas[0].query("SELECT count(*) FROM held") == [0], "nothing was held against a message"
    assert outside.ask("note", {"key": "meanwhile", "request_id": "r"})["error"] is None


def test_what_a_killed_replica_had_the_other_takes(outside: Client, replicas: list[ServiceProcess]) -> None:
    for number in range(30):
        outside.send(f"{NAME}.note", json.dumps({"args": [{"key": f"left {number}", "events": 10}]}).encode())
    replicas[0].kill()
    assert len(outside.answers(30)) == 30
    left = "SELECT count(*), count(DISTINCT event_id) FROM effects WHERE subject LIKE 'left %'"
    wait_for(lambda: replicas[1].query(left) == [(300, 300)], "300 effects")


def test_a_production_service_does_not_migrate(postgres: PostgresNode, folder: Path, vhost: str) -> None:
    url = postgres.create_database("production")
    process = ServiceProcess(folder, vhost, db_url=url, settings={"AFTERCARE_MODE": "production"})
    process.log = folder / "production.log"
    assert process.start().wait() == 2
    assert "aftercare migrate" in process.said()


def test_a_locked_sqlite_file_is_waited_for(tmp_path: Path, amqp_uri: str) -> None:
    with running(ServiceProcess(tmp_path, amqp_uri)) as probe, client(amqp_uri) as outside:
        with probe.engine.connect() as holder:
            holder.exec_driver_sql("BEGIN IMMEDIATE")
            said = [outside.say({}) for _ in range(50)]
            assert outside.ask("note", {"key": "a"})["error"]["exc_type"] == "Unavailable"
            assert probe.page("/healthz")["status"] == "alive"
            holder.rollback()
        wait_for(lambda: all(probe.effects()[event_id] == 1 for event_id in said), "what came meanwhile")
        assert probe.query("SELECT count(*) FROM held") == [0]
