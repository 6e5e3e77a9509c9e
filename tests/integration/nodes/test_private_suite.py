"""Suites of stand-ins with private brokers: side by side, killed, and started again on their state."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from shared.nodes.process import wait_until
from tests.integration.nodes.broker import answers, get, put_for_good
from tests.integration.nodes.suites import StandinSuite, all_gone


@pytest.fixture
def suites(tmp_path: Path) -> Iterator[list[StandinSuite]]:
    made = [StandinSuite(tmp_path / name) for name in ("one", "two")]
    yield made
    for suite in made:
        if suite.process:
            suite.stop()


def test_two_run_side_by_side_and_each_carries_on_after_a_kill(suites: list[StandinSuite]) -> None:
    one, two = suites
    one.start()
    two.start()
    uri = one.ready()["amqp_uri"]
    assert two.ready()["amqp_uri"] != uri
    put_for_good(uri, b"still here", one.data)
    children, others = one.descendants(), two.descendants()
    one.stop(signal.SIGKILL)
    wait_until(lambda: all_gone(children), 10, "children outlive the supervisor")
    assert not all_gone(others)
    assert one.start().ready()["amqp_uri"] == uri
    assert get(uri) == b"still here"
    assert one.stop() == two.stop() == 0
    assert all_gone(others)


def test_a_broker_that_dies_comes_back_at_the_same_place(suites: list[StandinSuite]) -> None:
    suite = suites[0].start()
    uri = suite.ready()["amqp_uri"]
    pids = suite.suite()["pids"]
    (broker,) = [each for each in suite.descendants() if each.name() == "beam.smp"]
    psutil.Process(broker.pid).kill()
    wait_until(lambda: answers(uri), 60, "the broker does not come back")
    assert suite.suite()["pids"] == pids
