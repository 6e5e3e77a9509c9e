"""The promise at registration: asked once, left out when nobody can answer (IN-11)."""

from typing import Any

import pytest

from services.intake.handlers.promising import promise_for
from shared.kernel.errors import Invalid, Unavailable
from tests.unit.intake.builders import FIRST, NOW, a_registration

PROMISE = {"reply_by": "2026-10-10T22:00:00+08:00", "opinion_by": "2026-10-13T18:00:00+08:00", "provisional": False}


def test_sla_is_asked_with_what_decides_the_limits() -> None:
    asked: list[dict[str, Any]] = []

    def ask(question: dict[str, Any]) -> dict[str, Any]:
        asked.append(question)
        return PROMISE

    assert promise_for(a_registration(), ask, NOW) == PROMISE
    assert asked == [
        {
            "kind": "complaint",
            "severity": "minor",
            "verifiable": True,
            "region": "south.guangdong",
            "at": "2026-10-09T14:00:00+00:00",
        }
    ]


def test_sla_is_told_of_a_repeat() -> None:
    """It gets no new limits (IN-20), and the sentence for the customer must not speak of them either."""
    told = promise_for(a_registration(repeat_of=FIRST), lambda question: {"repeat": question["repeat"]}, NOW)
    assert told == {"repeat": True}


def test_history_is_promised_nothing_and_nobody_is_asked() -> None:
    assert promise_for(a_registration(mode="history"), fail_with(AssertionError("asked")), NOW) is None


@pytest.mark.parametrize("error", [Unavailable("away"), Invalid.field("region", "unknown")])
def test_a_case_is_taken_in_without_a_promise(error: Exception) -> None:
    assert promise_for(a_registration(), fail_with(error), NOW) is None


def fail_with(error: BaseException) -> Any:
    def ask(_question: dict[str, Any]) -> dict[str, Any]:
        raise error

    return ask
