"""SIGKILL while an event of a long history waits: it is sent whole by the next process, which remembers nothing."""

import json
import signal
from pathlib import Path
from typing import Any

from tests.bench.histories import WORK, cases_with
from tests.support.client import client
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

LENGTH = 200
POINT = "event after its commit, before it is published"


def test_an_event_kept_by_reference_is_sent_whole_by_the_next_process(tmp_path: Path, amqp_uri: str) -> None:
    intake = ServiceProcess(tmp_path, amqp_uri, "intake", settings={"AFTERCARE_INTAKE_PROMISES": "off"})
    intake.module = ["tests.faults.struck", "intake"]
    (case_no,) = cases_with(intake.db_url, 1, LENGTH)
    try:
        intake.start(POINT, "1").ready()
        with client(amqp_uri) as outside:
            heard = outside.tap("intake.events", "case.#")
            outside.send("intake.take_step", json.dumps({"args": [{"case_no": case_no, **WORK}]}).encode())
            wait_for(lambda: not intake.is_alive(), f"the crash at: {POINT}")
            assert intake.wait() == -signal.SIGKILL, intake.tail()
            (kept,) = intake.query("SELECT body FROM outbox WHERE sent_at IS NULL")
            assert isinstance(json.loads(kept)["data"]["case"]["facts"], str), "it is kept by reference"
            intake.start().ready()
            wait_for(intake.is_quiet, "it is sent")
            _, body = wait_for(lambda: outside.take(heard), "it is heard")
            facts: list[Any] = json.loads(body)["data"]["case"]["facts"]
        assert [fact["seq"] for fact in facts] == list(range(1, LENGTH + 2))
        assert intake.stop() == 0, intake.tail()
    finally:
        intake.kill()
