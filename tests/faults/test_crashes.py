"""SIGKILL at exact points of the way: after every crash the ledger balances (design 3)."""

import signal
from pathlib import Path

import pytest

from tests.faults.crashes import POINTS
from tests.faults.ledger import Ledger, Load
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

CALL = 3
"""The process dies at the third call, in the middle of its work."""


def crash_and_balance(probe: ServiceProcess, amqp_uri: str, point: str) -> None:
    ledger = Ledger(amqp_uri)
    try:
        with Load(ledger, most=120) as load:
            probe.start(point, str(CALL))
            wait_for(lambda: not probe.is_alive(), f"the crash at: {point}")
            assert probe.wait() == -signal.SIGKILL, probe.tail()
            probe.start().ready()
            load.stop()
            ledger.check(probe)
    finally:
        probe.kill()


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_loses_and_doubles_nothing(tmp_path: Path, amqp_uri: str, point: str) -> None:
    crash_and_balance(ServiceProcess(tmp_path, amqp_uri), amqp_uri, point)


@pytest.mark.parametrize(
    "point",
    ["events after they are published, before they are marked", "message after its commit, before its ack"],
)
def test_on_postgresql_too(tmp_path: Path, amqp_uri: str, postgres_url: str, point: str) -> None:
    crash_and_balance(ServiceProcess(tmp_path, amqp_uri, db_url=postgres_url), amqp_uri, point)
