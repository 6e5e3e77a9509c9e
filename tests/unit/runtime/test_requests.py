"""The RPC envelope: every wrong one refused, every error mapped, every answer encodable (contracts 4)."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.engines import DatabaseAway
from shared.kernel.errors import Conflict, Invalid, Refused, Unavailable
from shared.runtime.requests import MAX_BODY_BYTES, MAX_REQUEST_ID, answer, describe, read_request, refusal
from tests.unit.kernel.test_errors import LEAVES
from tests.unit.kernel.test_plain_json import VALUES

ON_THE_WIRE = {"Invalid", "NotFound", "Conflict", "Forbidden", "Unavailable", "Internal"}


def body(*args: Any, **kwargs: Any) -> bytes:
    return json.dumps({"args": list(args), "kwargs": kwargs}).encode()


def refused(raw: bytes, correlation_id: str | None = None) -> Refused:
    with pytest.raises(Refused) as error:
        read_request(raw, correlation_id)
    return error.value


def test_a_request_is_its_object_and_its_id() -> None:
    assert read_request(body({"a": 1}), "c1").body == {"a": 1}
    assert read_request(body({"a": 1}), "c1").request_id == "c1"
    assert read_request(body({"a": 1, "request_id": "r1"}), "c1").request_id == "r1"
    assert read_request(body({"a": 1, "request_id": "r1"}), "c1").body == {"a": 1}
    assert read_request(body({}), None) == read_request(b'{"args": [{}]}', None)
    assert read_request(body({}), "").request_id is None


def test_a_method_may_take_more_than_others() -> None:
    large = body({"content": "x" * MAX_BODY_BYTES})
    assert "by reference" in str(refused(large).detail)
    assert read_request(large, None, 2 * MAX_BODY_BYTES).body["content"]


def test_a_correlation_id_that_cannot_be_kept_still_tells_requests_apart() -> None:
    long = ["x" * 250, "x" * 249 + "y", "a\x00b", "\ud800"]
    ids = [read_request(body({}), each).request_id for each in long]
    assert len(set(ids)) == 4
    assert all(found and len(found) <= MAX_REQUEST_ID and found.isascii() for found in ids)
    assert ids == [read_request(body({}), each).request_id for each in long]


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{{", b"\xff\xfe", b"null", b"[]", b'"x"', b"5", b"{}", b'{"args": {}}', b'{"args": [], "kwargs": []}'),
        *(b'{"args": [NaN]}', b'{"args": [{"n": 1e999}]}', body({}).decode().encode("utf-16"), b"[" * 200_000),
    ],
)
def test_what_is_no_envelope_is_malformed(raw: bytes) -> None:
    assert refused(raw).slug == "MalformedRequest"


@pytest.mark.parametrize("raw", [body(), body({}, {}), body({}, a=1), body(5), body([]), body(None), body("x")])
def test_a_method_takes_one_object(raw: bytes) -> None:
    assert refused(raw).slug == "IncorrectSignature"


@pytest.mark.parametrize("request_id", ["", 5, {}, ["r"], "x" * (MAX_REQUEST_ID + 1), "a\nb", "\ud800"])
def test_a_wrong_request_id_is_refused_at_its_field(request_id: Any) -> None:
    assert list(refused(body({"request_id": request_id})).detail) == ["request_id"]


def test_too_large_is_refused_before_it_is_read() -> None:
    assert list(refused(b"{" * (MAX_BODY_BYTES + 1)).detail) == ["request"]
    read_request(body({"text": "x" * (MAX_BODY_BYTES - 50)}), None)


@given(st.binary(max_size=100) | st.recursive(VALUES, st.lists).map(lambda value: json.dumps(value).encode()))
def test_no_bytes_do_anything_but_be_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Refused):
        read_request(raw, None)


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_its_form_on_the_wire(kind: Any) -> None:
    error = kind(["secret"]) if kind.__name__ == "Misconfigured" else kind("secret")
    described = json.loads(refusal(error))["error"]
    told_to_the_caller = issubclass(kind, Refused)
    assert described["exc_type"] in ON_THE_WIRE
    assert described["exc_type"] == (kind.slug if told_to_the_caller or kind is Unavailable else "Internal")
    assert ("secret" in described["value"]) == told_to_the_caller
    assert set(described) == {"exc_type", "value", "exc_args"}
    assert len(described["exc_args"]) == 1


def test_details_reach_the_caller() -> None:
    assert describe(Invalid.field("customer.phone", "is wrong"))["exc_args"] == [{"customer.phone": ["is wrong"]}]
    assert describe(Conflict("no", {"state": "closed", "legal": []}))["exc_args"] == [{"state": "closed", "legal": []}]


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), KeyError("secret"), DatabaseAway("secret host")])
def test_the_inside_stays_inside(error: Exception) -> None:
    assert b"secret" not in refusal(error)


@given(VALUES, st.text(st.characters(codec=None)))
def test_whatever_a_refusal_says_can_be_sent(detail: Any, message: str) -> None:
    sent = json.loads(refusal(Conflict(message, detail)))
    assert sent["error"]["value"] == message
    assert sent["error"]["exc_args"] == [detail]


def test_a_detail_that_is_no_json_is_left_out() -> None:
    assert json.loads(refusal(Conflict("no", object())))["error"] == {
        "exc_type": "Conflict",
        "value": "no",
        "exc_args": [None],
    }


@pytest.mark.parametrize("result", [{"at": object()}, {"n": float("nan")}])
def test_an_answer_that_is_no_json_is_an_error(result: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        answer(result)
