"""Escalation as a real process: who asks right after registering finds the case not heard of yet (contracts 4)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.events import CONTENT_TYPE
from tests.conftest import ADDRESS
from tests.support.client import Client, client
from tests.support.keeper import ask
from tests.support.process import ServiceProcess, running
from tests.unit.escalation.cases import CASE_NO, a_case

UNKNOWN = "260000000025"


@pytest.fixture
def outside(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    vhost = ask(request.config.stash[ADDRESS], "vhost")
    with running(ServiceProcess(tmp_path, vhost, "escalation")) as process, client(vhost) as found:
        yield found
        assert process.stop() == 0, process.tail()


def send(outside: Client, method: str, **request: Any) -> str:
    return outside.send(f"escalation.{method}", json.dumps({"args": [request], "kwargs": {}}).encode())


def test_commands_wait_a_moment_for_their_case_and_hold_nobody_up(outside: Client) -> None:
    """One test for all of it: a process of its own is dear."""
    early = [
        send(outside, "open", case_no=CASE_NO, by="desk"),
        send(outside, "acknowledge", case_no=CASE_NO, by="sales-vp"),
        send(outside, "form_team", case_no=CASE_NO, leader="sales-vp", members=["desk"], by="sales-vp"),
    ]
    in_vain = send(outside, "open", case_no=UNKNOWN, by="desk")
    story = send(outside, "story", case_no=CASE_NO)
    nothing = {"result": {"entries": [], "escalations": [], "team": None}, "error": None}
    assert outside.answers(1) == {story: nothing}
    event = a_case(severity="major").event()
    outside.publish("intake.events", event.type, event.to_bytes(), content_type=CONTENT_TYPE, message_id=event.id)
    answers = outside.answers(3)
    assert {asked: answer["error"] for asked, answer in answers.items()} == dict.fromkeys(early)
    assert outside.answers(1)[in_vain]["error"]["exc_type"] == "NotFound"
