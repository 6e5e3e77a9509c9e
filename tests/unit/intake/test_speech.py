"""What is said aloud is understood in both languages and gives nothing away."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.intake.domain.speech import speak
from services.intake.domain.vocabulary import STATES
from services.intake.domain.wire import CN
from tests.unit.intake.builders import a_case

DUE = datetime(2026, 10, 10, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("waiting", [False, True])
def test_every_state_can_be_said(state: str, waiting: bool) -> None:
    case = replace(a_case(), state=state, waiting=waiting)
    said = speak(case, DUE, CN)
    for words in said.values():
        assert "9 8 7 6, 5 4 3 2, 1 0 9 6" in words
        assert not any(secret in words for secret in ("张三", "13800138000", "zhang", "adhesive", "stick"))


def test_the_promise_is_said_in_local_time() -> None:
    said = speak(a_case(), DUE, CN)
    assert "我们最迟在10月10日18点05分答复您。" in said["zh"]
    assert "We will answer you by 18:05 on 10 October." in said["en"]
    assert "答复" not in speak(a_case(), None, CN)["zh"]
