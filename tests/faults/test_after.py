"""SIGKILL in the work after registration: each case is looked at once all the same (AL-2)."""

import json
import signal
from pathlib import Path

from tests.integration.intake.office import CALL
from tests.support.client import client
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

POINT = "intake: what was looked at after registration, before its commit"
CASES = 40
OFF = {"AFTERCARE_INTAKE_PROMISES": "off"}
TO_OWNERS = {"assignment": "all", "rules": [{"name": "all", "to": {"role": "owner"}}], "fallback": {"people": ["desk"]}}
RULES = {"rules": TO_OWNERS, "by": "desk"}
LEFT = "SELECT count(*) FROM fresh"


def _asked(request: object) -> bytes:
    return json.dumps({"args": [request], "kwargs": {}}).encode()


def crash_and_look(intake: ServiceProcess, amqp_uri: str) -> None:
    """Killed with a batch in hand, started again."""
    intake.module = ["tests.faults.struck", "intake"]
    try:
        intake.start(POINT, "2").ready()
        with client(amqp_uri) as outside:
            assert outside.ask_raw("intake.publish_assignment", _asked(RULES))["error"] is None
            for number in range(CASES):
                request = {**CALL, "external_ref": f"call-{number}"}
                outside.send("intake.register_case", _asked(request))
            wait_for(lambda: not intake.is_alive(), f"the crash at: {POINT}")
            assert intake.wait() == -signal.SIGKILL, intake.tail()
            assert intake.query(LEFT)[0] > 0, "in the middle of it"
            intake.start().ready()
            wait_for(lambda: intake.query("SELECT count(*) FROM cases") == [CASES], "all are registered")
            wait_for(lambda: intake.query(LEFT) == [0], "all are looked at")
        assert intake.query("SELECT count(*) FROM held") == [0]
        assert intake.query("SELECT count(*) FROM entries WHERE seq = 2") == [CASES], "each is handed over once"
        assert intake.query("SELECT count(*) FROM cases WHERE state = 'handed_over'") == [CASES]
        assert intake.stop() == 0, intake.tail()
    finally:
        intake.kill()


def test_on_sqlite(tmp_path: Path, amqp_uri: str) -> None:
    crash_and_look(ServiceProcess(tmp_path, amqp_uri, "intake", settings=OFF), amqp_uri)


def test_on_postgresql(tmp_path: Path, amqp_uri: str, postgres_url: str) -> None:
    crash_and_look(ServiceProcess(tmp_path, amqp_uri, "intake", postgres_url, OFF), amqp_uri)
