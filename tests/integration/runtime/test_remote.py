"""Calls to another service: a limit on every wait, none at all for one found dead (contracts 4)."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.remote import REST_SECONDS
from tests.support.client import Client
from tests.support.probe import OTHER
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for


def ask(outside: Client, method: str = "health", request: Any = None) -> dict[str, Any]:
    answer = outside.ask("ask", {"method": method, "request": request or {}})
    return dict(answer["result"] or answer)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, vhost: str) -> Iterator[ServiceProcess]:
    """The other service, not started."""
    folder: Path = tmp_path_factory.mktemp("other")
    process = ServiceProcess(folder, vhost, service=OTHER)
    yield process
    process.kill()


def test_one_that_was_never_there_is_known_at_once(outside: Client) -> None:
    first, second = ask(outside), ask(outside)
    assert first["unavailable"] == "nobody takes requests there"
    assert first["seconds"] < 0.9, "nothing was waited for"
    assert "lately" in second["unavailable"]


def test_one_that_comes_is_found_after_the_rest(outside: Client, other: ServiceProcess) -> None:
    other.start().ready()
    found = wait_for(lambda: ask(outside).get("answer"), "an answer")
    assert found["ready"]


def test_its_refusals_are_passed_on(outside: Client) -> None:
    assert ask(outside, "parked_drop", {"id": 4711})["error"]["exc_type"] == "NotFound"
    refused = ask(outside, "parked_drop", {"id": "x"})["error"]
    assert (refused["exc_type"], list(refused["exc_args"][0])) == ("Invalid", ["id"])
    assert "answer" in ask(outside), "a refusal is an answer: nobody rests"
    assert "MethodNotFound" in ask(outside, "nothing")["unavailable"]


def test_a_dead_one_costs_its_limit_once_and_then_nothing(outside: Client, other: ServiceProcess) -> None:
    wait_for(lambda: "answer" in ask(outside), "it answers")
    other.kill()
    first = ask(outside)
    begin = time.monotonic()
    rest = [ask(outside) for _ in range(20)]
    rests = (time.monotonic() - begin) / REST_SECONDS
    assert first["seconds"] > 0.9
    waited = [each["seconds"] for each in rest if each["seconds"] > 0.9]
    assert len(waited) <= rests, "after each rest one call tries again, the others do not wait"
    assert all("unavailable" in each for each in rest)


def test_the_caller_is_told_when_it_is_back(outside: Client, other: ServiceProcess) -> None:
    other.start().ready()
    wait_for(lambda: "answer" in ask(outside), "it answers again")
