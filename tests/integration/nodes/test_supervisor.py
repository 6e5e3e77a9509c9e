"""The supervisor with stand-ins for services, on a broker that is there already (contracts 1)."""

import os
import signal
import stat
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from shared.base.clock import Anchor, ClockFile
from shared.kernel.instants import parse_instant
from shared.nodes.ports import free_ports
from shared.nodes.process import wait_until
from tests.integration.nodes.suites import StandinSuite, all_gone

START = "2026-10-09T09:00:00+08:00"


@pytest.fixture
def suite(tmp_path: Path, amqp_uri: str) -> Iterator[StandinSuite]:
    made = StandinSuite(tmp_path / "suite", AFTERCARE_AMQP_URI=amqp_uri)
    yield made
    if made.process:
        made.stop()


def test_it_tells_where_everything_answers_and_leaves_nothing_behind(suite: StandinSuite, amqp_uri: str) -> None:
    told = suite.start().ready()
    assert set(told) == {"amqp_uri", "http", "clock", "pids"}
    assert told["amqp_uri"] == amqp_uri
    assert set(told["http"]) == set(told["pids"]) == {"intake", "sla"}
    assert set(told["clock"]) == {"start", "speed", "real_start"}
    assert stat.S_IMODE((suite.data / "suite.json").stat().st_mode) == 0o600
    children = suite.descendants()
    assert {each.pid for each in children} == set(told["pids"].values())
    assert suite.stop() == 0
    assert not suite.is_ready()
    assert all_gone(children)


def test_ctrl_c_in_the_terminal_reaches_the_supervisor_alone(suite: StandinSuite) -> None:
    suite.start().ready()
    assert suite.process
    own = os.getsid(suite.process.pid)
    assert all(os.getsid(child.pid) != own for child in suite.descendants())


def test_a_killed_service_comes_back_after_two_then_four_seconds(suite: StandinSuite) -> None:
    old = suite.start().ready()["pids"]["sla"]
    for at_least in (2, 4):
        begun = time.monotonic()
        psutil.Process(old).kill()
        new = suite.new_pid("sla", old)
        assert time.monotonic() - begun >= at_least
        assert psutil.pid_exists(new)
        old = new
    suite.stop()
    assert [line.rpartition("; ")[2] for line in suite.said.splitlines() if "starting it again" in line] == [
        "starting it again in 2 s",
        "starting it again in 4 s",
    ]


def test_a_second_one_on_the_same_folder_is_refused(suite: StandinSuite, amqp_uri: str) -> None:
    suite.start().ready()
    assert suite.process
    second = StandinSuite(suite.data, AFTERCARE_AMQP_URI=amqp_uri)
    assert f"in use by the suite of process {suite.process.pid}" in second.refusal()
    assert suite.is_ready()


def test_a_killed_supervisor_takes_its_children_along_and_the_next_carries_on(suite: StandinSuite) -> None:
    suite.start(START, "3600").ready()
    children = suite.descendants()
    suite.stop(signal.SIGKILL)
    wait_until(lambda: all_gone(children), 60, "children outlive the supervisor")
    stood = ClockFile(suite.data / "clock.json").read()
    assert stood
    told = suite.start().ready()["clock"]
    assert told["speed"] == 3600
    assert parse_instant(told["start"]) >= stood.start


class TestClock:
    """--clock-start, --clock-speed and carrying on."""

    def test_it_stands_until_the_suite_is_ready(self, suite: StandinSuite) -> None:
        told = suite.start(START, "60").ready()["clock"]
        assert parse_instant(told["start"]) == parse_instant(START)
        assert told["speed"] == 60
        anchor = ClockFile(suite.data / "clock.json").read()
        assert anchor
        assert anchor.running
        assert anchor.at(anchor.monotonic + 1) == parse_instant(START) + timedelta(minutes=1)

    def test_it_carries_on_where_it_stopped(self, suite: StandinSuite) -> None:
        suite.start(START, "3600").ready()
        suite.stop()
        assert f"stands at {parse_instant(START).year}" in suite.refusal(START)
        told = suite.start().ready()["clock"]
        assert parse_instant(told["start"]) > parse_instant(START)
        suite.stop()
        later = "2027-01-04T09:00:00+08:00"
        assert parse_instant(suite.start(later).ready()["clock"]["start"]) == parse_instant(later)

    def test_real_time_needs_no_carrying_on(self, suite: StandinSuite) -> None:
        suite.start().ready()
        suite.stop()
        told = suite.start().ready()["clock"]
        assert told["start"] == told["real_start"]

    def test_a_clock_that_was_moved_ahead_is_shown(self, suite: StandinSuite) -> None:
        suite.start(START).ready()
        file = ClockFile(suite.data / "clock.json")
        anchor = file.read()
        assert isinstance(anchor, Anchor)
        there = parse_instant("2026-12-24T18:00:00+01:00")
        file.write(anchor.moved_to(there))
        wait_until(
            lambda: parse_instant(suite.suite()["clock"]["start"]) == there, 60, "suite.json shows the old clock"
        )

    def test_production_mode_has_no_clock_settings(self, tmp_path: Path, amqp_uri: str) -> None:
        suite = StandinSuite(tmp_path / "suite", AFTERCARE_AMQP_URI=amqp_uri, AFTERCARE_MODE="production")
        assert "production mode" in suite.refusal(START)


class TestRefusals:
    """Each is one line with the remedy, and nothing is half done."""

    def test_a_service_that_refuses_its_settings(self, tmp_path: Path, amqp_uri: str) -> None:
        suite = StandinSuite(tmp_path / "suite", AFTERCARE_AMQP_URI=amqp_uri, STANDIN_REFUSES="sla")
        assert "AFTERCARE_LIMIT is wrong: write a number" in suite.refusal()
        assert not (suite.data / "suite.json").exists()

    def test_a_service_that_dies_again_and_again(self, tmp_path: Path, amqp_uri: str) -> None:
        suite = StandinSuite(tmp_path / "suite", AFTERCARE_AMQP_URI=amqp_uri, STANDIN_DIES="sla")
        assert "sla does not start: it was not meant to be" in suite.refusal()

    def test_a_broker_url_that_is_none(self, tmp_path: Path) -> None:
        assert "write amqp://" in StandinSuite(tmp_path, AFTERCARE_AMQP_URI="http://localhost").refusal()

    def test_a_broker_that_does_not_answer(self, tmp_path: Path) -> None:
        (port,) = free_ports(1)
        suite = StandinSuite(tmp_path, AFTERCARE_AMQP_URI=f"amqp://me:secret@127.0.0.1:{port}/")
        said = suite.refusal()
        assert f"no broker answers at amqp://127.0.0.1:{port}/" in said
        assert "secret" not in said

    def test_a_port_that_is_taken(self, suite: StandinSuite, tmp_path: Path, amqp_uri: str) -> None:
        taken = suite.start().ready()["http"]["intake"].rpartition(":")[2]
        other = StandinSuite(tmp_path / "other", AFTERCARE_AMQP_URI=amqp_uri, AFTERCARE_INTAKE_HTTP_PORT=taken)
        assert f"port {taken} (AFTERCARE_INTAKE_HTTP_PORT) is taken" in other.refusal()

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert "make the folder writable or choose another" in StandinSuite(tmp_path / "file" / "suite").refusal()
