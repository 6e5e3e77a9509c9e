"""Suites of stand-ins with private brokers: side by side, killed, and started again on their state."""

import signal
from collections.abc import Iterator

import psutil
import pytest

from shared.nodes.process import wait_until
from tests.integration.nodes.broker import answers, get, put_for_good
from tests.integration.nodes.suites import StandinSuite, all_gone


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[StandinSuite]]:
    """Two, side by side."""
    made = [StandinSuite(tmp_path_factory.mktemp(name)) for name in ("one", "two")]
    try:
        for suite in made:
            suite.start()
        for suite in made:
            suite.ready()
        yield made
    finally:
        for suite in made:
            suite.stop()


def test_a_broker_that_dies_comes_back_at_the_same_place(suites: list[StandinSuite]) -> None:
    suite = suites[1]
    uri, pids = suite.suite()["amqp_uri"], suite.suite()["pids"]
    (broker,) = [each for each in suite.descendants() if each.name() == "beam.smp"]
    psutil.Process(broker.pid).kill()
    wait_until(lambda: answers(uri), 120, "the broker does not come back")
    assert suite.suite()["pids"] == pids


def test_each_carries_on_after_a_kill_and_the_other_does_not_notice(suites: list[StandinSuite]) -> None:
    one, two = suites
    uri = one.suite()["amqp_uri"]
    assert two.suite()["amqp_uri"] != uri
    put_for_good(uri, b"still here", one.data)
    children, others = one.descendants(), two.descendants()
    one.stop(signal.SIGKILL)
    wait_until(lambda: all_gone(children), 60, "children outlive the supervisor")
    assert not all_gone(others)
    assert answers(two.suite()["amqp_uri"])
    assert one.start().ready()["amqp_uri"] == uri
    assert get(uri) == b"still here"
    assert one.stop() == two.stop() == 0
    assert all_gone(others)
