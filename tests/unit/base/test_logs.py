"""Logs: one JSON object a line, personal data masked wherever it hides (AL-4)."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import pytest
import structlog

from shared.base import logs
from shared.base.logs import MASK, mask, mask_text
from shared.base.traces import current_trace, new_trace

PHONES = [
    "+8613800138000",
    "+86 138-0013-8000",
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "008613800138000",
    "010-12345678",
    "(021) 6234 5678",
    "0755-26000000",
    "62345678",
    "+1 (202) 555-0147",
]
AROUND = ["{}", "call {}.", "tel:{}", '{{"phone": "{}"}}', "phone={};", "电话{}吧", "({})", "'{}',"]
PLAIN = [
    "case 202611210019",
    "2026-10-09T22:00:00.123456+08:00",
    "3f2c1a90-1234-4321-8888-123456789012",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "127.0.0.1:26790",
    "took 1700000000.25 s",
    "order_12345678_x",
    "amqp://127.0.0.1:5672/test12",
]


@pytest.fixture
def lines() -> Iterator[Any]:
    """Logging as a service has it; gives what was logged so far."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    with redirect_stderr(stream):
        logs.configure("intake", "info")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("phone", PHONES)
def test_phone_numbers_are_masked_wherever_they_stand(phone: str, around: str) -> None:
    masked = mask_text(around.format(phone))
    assert not any(character.isdigit() for character in masked)
    assert MASK in masked


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_that_operators_need_stay(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("address", ["a.b+c@mail.example.cn", "张三@例子.中国", "A_B@x-y.org"])
def test_mail_addresses_are_masked(address: str) -> None:
    assert mask_text(f"to <{address}>!") == f"to <{MASK}>!"


def test_the_rows_that_postgresql_shows_in_errors_are_masked() -> None:
    assert "张三" not in mask_text("DETAIL:  Key (name)=(张三) already exists.")
    assert "张三" not in mask_text("DETAIL:  Key (a, b)=(1, 张(三)) is not present in table x.")
    assert "张三" not in mask_text("DETAIL:  Failing row contains (7, 张三, 佛山 (南海)).")


def test_personal_keys_are_masked_at_any_depth() -> None:
    entry = {"customer": {"name": "张三"}, "list": [{"phone": 13800138000, "n": 1}], "note": ("a@b.cn",)}
    assert mask(entry) == {"customer": MASK, "list": [{"phone": MASK, "n": 1}], "note": [MASK]}
    assert mask({"name": ""}) == {"name": ""}


def test_our_own_logs(lines: Any) -> None:
    logs.logger("test").info("called 13800138000", case="202611210019", name="张三", data={"email": "a@b.cn"})
    (line,) = lines()
    assert (line["event"], line["name"], line["data"]) == (f"called {MASK}", MASK, {"email": MASK})
    assert (line["service"], line["level"], line["case"]) == ("intake", "info", "202611210019")


def test_exceptions(lines: Any) -> None:
    try:
        try:
            raise ValueError("no such customer: 张三 <zhang@example.cn>")
        except ValueError as error:
            raise RuntimeError("while calling +86 138 0013 8000") from error
    except RuntimeError:
        logs.logger("test").error("failed", exc_info=True)
    (line,) = lines()
    assert "RuntimeError" in line["exception"]
    assert "test_logs.py" in line["exception"], "the traceback is what operators need"
    assert "zhang@" not in line["exception"]
    assert "0013" not in line["exception"]


def test_foreign_logs_take_the_same_way(lines: Any) -> None:
    try:
        raise ValueError("for 13800138000")
    except ValueError:
        logging.getLogger("some.library").exception("sent to %s", "zhang@example.cn")
    (line,) = lines()
    assert line["event"] == f"sent to {MASK}"
    assert line["service"] == "intake"
    assert f"ValueError: for {MASK}" in line["exception"]


def test_warnings_of_python_too(lines: Any) -> None:
    logging.getLogger("py.warnings").warning("%s", "careless: 13800138000")
    assert lines()[0]["event"] == f"careless: {MASK}"


def test_a_line_belongs_to_the_trace_at_hand(lines: Any) -> None:
    trace = new_trace()
    token = current_trace.set(trace)
    logs.logger("ours").info("ours")
    logging.getLogger("theirs").warning("theirs")
    current_trace.reset(token)
    logs.logger("ours").info("afterwards")
    assert [line.get("trace") for line in lines()] == [trace, trace, current_trace.get() or None]
