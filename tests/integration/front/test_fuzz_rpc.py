"""Whatever is asked of intake by RPC: it is answered or refused with the reason, nothing dies, nothing is half done.

The methods are those that the service has. Longer: `make fuzz COUNT=1000`.
"""

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.http.examples import REQUESTS
from tests.integration.front.door import CALL, Door
from tests.support.client import Client
from tests.support.made_up import SPOILT, Maker, enveloped
from tests.support.methods import rpc_methods

COUNT = int(os.environ.get("AFTERCARE_FUZZ_COUNT", "3"))
ON_POSTGRES = True
TOGETHER = 8
NUMBERS = itertools.count()
REFUSALS = {"Invalid", "NotFound", "Conflict", "Forbidden", "MalformedRequest", "IncorrectSignature", "MethodNotFound"}
INSIDE = re.compile(r"Traceback|sqlalchemy|sqlite3|psycopg|SELECT |INSERT |UPDATE |\.py\b|0x[0-9a-f]{8}")
FAILED = re.compile(r'"event": "[^"]*\b(failed|is no JSON|could not do)\b')
METHODS = rpc_methods("intake")
KNOWN = ["954770952750"]
MAKER = Maker(KNOWN)
LONG = settings(
    max_examples=COUNT,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)

HEADERS = st.dictionaries(
    st.sampled_from(["traceparent", "x-death", "a" * 100, "控"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.text(max_size=20)
        | st.binary(max_size=20)
        | st.just(Decimal("1.5"))
        | st.just(datetime(2026, 10, 9, tzinfo=UTC)),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "content_type": st.none() | st.sampled_from(["", "text/plain", "application/x-python-serialize", "x" * 255]),
        "content_encoding": st.none() | st.sampled_from(["", "utf-16", "gzip", "no such thing", "\x00"]),
        "expiration": st.sampled_from(["60000", "2147483647"]),
        "headers": HEADERS,
        "priority": st.integers(0, 255),
        "delivery_mode": st.integers(1, 2),
        "timestamp": st.integers(0, 2**62),
        "message_id": st.text(max_size=60),
        "type": st.text(max_size=60),
        "app_id": st.text(max_size=60),
    },
)
REPLY_TO = st.sampled_from(["nobody", "控\x01", "x" * 255, "#", "intake.health"])


@dataclass(frozen=True)
class Question:
    """One request."""

    method: str
    body: bytes
    correlation_id: str
    properties: dict[str, Any] = field(default_factory=dict)


SPOILT_BODIES = st.sampled_from(SPOILT)


def questions_about(method: str) -> st.SearchStrategy[Question]:
    """One method: any body, any properties."""
    made = MAKER.request(METHODS[method].schema)
    if method in REQUESTS:
        made |= made.map(lambda request: {**REQUESTS[method], **request})
    made = made.map(enveloped)
    bodies = made | made | made | SPOILT_BODIES
    return st.builds(Question, st.just(method), bodies, st.text(max_size=40), PROPERTIES)


@pytest.fixture(scope="module")
def registered() -> set[str]:
    """Every case that was registered."""
    return set()


@pytest.fixture(scope="module")
def begun(door: Door, outside: Client, registered: set[str]) -> Iterator[None]:
    """Some cases to ask about; at the end nobody has died, and nothing has failed but what was refused."""
    for number in range(5):
        answer = outside.ask_raw("intake.register_case", enveloped(CALL | {"external_ref": str(number)}))
        registered.add(answer["result"]["case_no"])
    KNOWN.extend(sorted(registered))
    pid = door.process.pid
    yield
    assert (door.process.is_alive(), door.process.pid) == (True, pid)
    assert not FAILED.search(door.process.said())


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("method", METHODS)
def test_every_request_is_answered_or_refused_with_the_reason(
    outside: Client, registered: set[str], method: str
) -> None:
    @LONG
    @given(st.lists(questions_about(method), min_size=TOGETHER, max_size=TOGETHER))
    def ask(asked: list[Question]) -> None:
        sent = {}
        for question in asked:
            odd = {"correlation_id": f"{next(NUMBERS)} {question.correlation_id}"}
            sent[outside.send(f"intake.{question.method}", question.body, **question.properties, **odd)] = question
        answers = outside.answers(len(sent))
        assert answers.keys() == sent.keys(), [each for name, each in sent.items() if name not in answers]
        for name, answer in answers.items():
            _judge(sent[name], answer, registered)

    ask()


def _judge(question: Question, answer: dict[str, Any], registered: set[str]) -> None:
    error = answer["error"]
    told = question, answer
    if error is None:
        assert isinstance(answer["result"], dict), told
        if question.method == "register_case":
            registered.add(answer["result"]["case_no"])
        return
    assert error["exc_type"] in REFUSALS, told
    assert not INSIDE.search(str(error)), told
    if error["exc_type"] == "Invalid":
        assert error["exc_args"][0], told


@pytest.mark.usefixtures("begun")
def test_a_question_that_nobody_wants_answered_stops_nothing(outside: Client) -> None:
    @LONG
    @given(st.lists(st.tuples(REPLY_TO, PROPERTIES), max_size=TOGETHER))
    def ask(asked: list[tuple[str, dict[str, Any]]]) -> None:
        for reply_to, properties in asked:
            outside.send("intake.regions", enveloped({}), **{**properties, "reply_to": reply_to})
        assert outside.ask_raw("intake.regions", enveloped({}))["error"] is None

    ask()


@pytest.mark.usefixtures("begun")
def test_nothing_is_half_written(door: Door, registered: set[str]) -> None:
    """Runs last: every case was answered for, has all its entries, and each entry was said."""
    ours = door.process.query("SELECT case_no FROM cases WHERE coalesce(external_ref, '') NOT LIKE 'callback:%'")
    assert set(ours) == registered
    assert not door.process.query(
        "SELECT case_no FROM cases WHERE last_seq <> (SELECT count(*) FROM entries WHERE case_id = cases.id)"
        " OR last_seq <> (SELECT max(seq) FROM entries WHERE case_id = cases.id)"
    )
    assert not door.process.query("SELECT 1 FROM entries WHERE case_id NOT IN (SELECT id FROM cases)")
    said = "SELECT count(*) FROM outbox WHERE routing_key LIKE 'case.%'"
    assert door.process.query(said) == door.process.query("SELECT count(*) FROM entries")
