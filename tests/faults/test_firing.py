"""Bad days of the timers: crashes at each point of firing, wall time stepped, database and broker away (SL-7).

No burst, no loss, nothing twice, nothing early. Thirty seconds of the suite's time are three real ones here.
"""

import json
import signal
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.nodes.postgres import PostgresNode
from shared.nodes.rabbitmq import RabbitNode
from tests.faults.firing import BREACHES, Town, hear, heard
from tests.support.client import client
from tests.support.waiting import stays, wait_for

POINTS = {
    "sla: timers before their commit": 2,
    "event after its commit, before it is published": 3,
    "events in the middle of their window": 3,
    "events after they are published, before they are marked": 3,
}
SECOND = timedelta(seconds=1)
PROMPT = 60 * SECOND
"""On any machine; how prompt it is on this one the bench tells."""
HOUR = 3600
FAST = 10.0
"""Suite seconds in a real one."""
AWAY_SECONDS = 30.0


def crash_and_check(town: Town, amqp_uri: str, point: str, cases: int) -> None:
    """Due at once, struck down in the middle, started again."""
    due = town.due(SECOND)
    town.sla.module = ["tests.faults.struck", "sla"]
    try:
        with client(amqp_uri) as outside:
            hear(outside)
            town.sla.start(point, str(POINTS[point])).ready()
            town.release()
            wait_for(lambda: not town.sla.is_alive(), f"the crash at: {point}")
            assert town.sla.wait() == -signal.SIGKILL, town.sla.tail()
            assert not town.sla.is_quiet() or town.sla.query(BREACHES)[0] < cases, "in the middle of it"
            town.sla.start().ready()
            town.until_said(cases)
            town.check(heard(outside), due)
        assert town.sla.stop() == 0, town.sla.tail()
    finally:
        town.sla.kill()


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_each_point_of_firing(tmp_path: Path, amqp_uri: str, point: str) -> None:
    crash_and_check(Town(tmp_path, amqp_uri, "", cases=1200), amqp_uri, point, 1200)


def test_a_crash_before_the_commit_on_postgresql(tmp_path: Path, amqp_uri: str, postgres_url: str) -> None:
    town = Town(tmp_path, amqp_uri, postgres_url, cases=1200)
    crash_and_check(town, amqp_uri, "sla: timers before their commit", 1200)


def test_a_timer_that_always_fails_holds_up_nobody(tmp_path: Path, amqp_uri: str) -> None:
    town = Town(tmp_path, amqp_uri, "", cases=1200)
    due = town.due(SECOND)
    first = "(SELECT min(id) FROM clocks WHERE name = 'handover')"
    town.write(f"UPDATE clocks SET measure = 'lunar' WHERE id = {first}")
    try:
        with client(amqp_uri) as outside:
            hear(outside)
            town.sla.start().ready()
            town.release()
            wait_for(lambda: town.sla.query(BREACHES) == [1199], "all others")
            assert town.sla.is_ready(), town.sla.page("/readyz")
            ((held, queue, reason),) = town.sla.query("SELECT id, queue, reason FROM held")
            assert (queue, reason) == ("sla.timers", "ValueError: 'lunar' is not a valid Measure")
            town.write(f"UPDATE clocks SET measure = 'working' WHERE id = {first}")
            answer = outside.ask_raw("sla.parked_replay", json.dumps({"args": [{"id": held}], "kwargs": {}}).encode())
            assert answer["error"] is None, answer
            town.until_said(1200)
            assert max(sorted(town.check(heard(outside), due))[:1199]) < PROMPT
    finally:
        town.sla.kill()


def test_wall_time_stepped_by_an_hour_either_way(tmp_path: Path, amqp_uri: str) -> None:
    town, steps = Town(tmp_path, amqp_uri, "", cases=60), tmp_path / "steps"
    due = town.due(5 * SECOND, 10 * SECOND, 40 * 60 * SECOND)
    town.sla.module = ["tests.faults.stepped", "sla", str(steps)]

    def step(seconds: int, alarms: int) -> None:
        written = steps.with_suffix(".new")
        written.write_text(str(seconds))
        written.replace(steps)
        wait_for(lambda: town.sla.metric("aftercare_wall_clock_steps_total") >= alarms, "the alarm")

    try:
        with client(amqp_uri) as outside:
            hear(outside)
            steps.write_text("0")
            town.sla.start().ready()
            town.release()
            step(HOUR, 1)
            assert town.sla.query(BREACHES)[0] < 60, "forward: what is due in forty minutes still is"
            town.until_said(20)
            step(-HOUR, 2)
            town.until_said(40)
            stays(lambda: town.sla.query(BREACHES) == [40], "what is due in forty minutes waits", 1)
            late = town.check(heard(outside), sorted(due)[:40])
        assert max(late) < PROMPT, late
    finally:
        town.sla.kill()


@pytest.fixture
def postgres_node() -> Iterator[PostgresNode]:
    """A server of the test's own, ready: to be stopped and started again; in a folder that its user may enter."""
    with tempfile.TemporaryDirectory(prefix="aftercare-tests-") as name:
        Path(name).chmod(0o711)
        node = PostgresNode(Path(name) / "postgres", durable=False)
        try:
            node.start()
            node.wait_ready()
            yield node
        finally:
            node.stop()


def test_the_database_away_while_clocks_fall_due(tmp_path: Path, amqp_uri: str, postgres_node: PostgresNode) -> None:
    town = Town(tmp_path, amqp_uri, postgres_node.create_database("sla"), cases=300)
    due = town.due(*(number * SECOND for number in range(10, 70)))
    try:
        with client(amqp_uri) as outside:
            hear(outside)
            town.sla.start().ready()
            town.release(FAST)
            wait_for(lambda: town.sla.query(BREACHES)[0] > 0, "the first")
            postgres_node.stop()
            stays(town.sla.is_alive, "the process", AWAY_SECONDS / FAST)
            postgres_node.start()
            postgres_node.wait_ready()
            town.until_said(300)
            said = heard(outside)
        assert max(town.check(said, due)) > 10 * SECOND, "it was away while some were due"
        in_order = [body["data"]["clock"]["due_at"] for body in said]
        assert in_order == sorted(in_order)
        assert town.sla.stop() == 0, town.sla.tail()
    finally:
        town.sla.kill()


def test_the_broker_away_while_clocks_fall_due(tmp_path: Path, rabbit_node: RabbitNode) -> None:
    town = Town(tmp_path, rabbit_node.amqp_uri, "", cases=300)
    due = town.due(*(number * SECOND for number in range(10, 70)))
    try:
        with client(rabbit_node.amqp_uri) as outside:
            hear(outside)
        town.sla.start().ready()
        rabbit_node.kill()
        town.release(FAST)
        wait_for(lambda: town.sla.query(BREACHES) == [300], "all are fired meanwhile")
        rabbit_node.start()
        rabbit_node.wait_ready()
        town.until_said(300)
        with client(rabbit_node.amqp_uri) as outside:
            town.check(heard(outside), due)
    finally:
        town.sla.kill()
