"""The envelope: CloudEvents 1.0 in, CloudEvents 1.0 out, nothing half (contracts 5)."""

import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.broker import SERVICES
from shared.events import CATALOGUE, Envelope, must_be_heard
from shared.events.envelope import trace_or_none
from shared.kernel.errors import Undecodable
from tests.unit.kernel.test_plain_json import VALUES

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=200)
GOOD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/aftercare/intake",
    "type": "case.registered.v1",
    "subject": "202610090011",
    "time": "2026-10-09T22:00:00+08:00",
    "datacontenttype": "application/json",
    "sequence": "12",
    "traceparent": TRACE,
    "data": {"case": {}},
}

ENVELOPES = st.builds(
    Envelope,
    id=NAMES,
    source=NAMES,
    type=NAMES,
    subject=NAMES | st.just(""),
    time=st.datetimes(timezones=st.just(UTC)),
    sequence=st.integers(0, 10**18 - 1),
    data=st.dictionaries(st.text(), VALUES, max_size=3),
    traceparent=st.sampled_from(["", TRACE]),
)


@given(ENVELOPES)
def test_what_is_said_is_heard(envelope: Envelope) -> None:
    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


def test_the_body_is_what_the_contract_says() -> None:
    body = json.loads(Envelope.from_bytes(json.dumps(GOOD).encode()).to_bytes())
    assert body == GOOD | {"time": "2026-10-09T14:00:00+00:00"}


def test_what_others_add_does_not_matter() -> None:
    lean = {key: value for key, value in GOOD.items() if key not in ("traceparent", "subject", "sequence")}
    heard = Envelope.from_bytes(json.dumps(lean | {"dataschema": "x", "unknown": [1]}).encode())
    assert (heard.subject, heard.sequence, heard.traceparent) == ("", 0, "")


@pytest.mark.parametrize(
    "change",
    [
        {"specversion": "0.3"},
        {"specversion": None},
        {"id": ""},
        {"id": None},
        {"id": 5},
        {"id": "x" * 201},
        {"id": "a\x00b"},
        {"id": "\ud800"},
        {"type": "x" * 201},
        {"type": {}},
        {"source": None},
        {"subject": ["a"]},
        {"subject": "x" * 201},
        {"time": "2026-10-09"},
        {"time": 1790000000},
        {"time": None},
        {"time": "0001-01-01T00:00:00+08:00"},
        {"sequence": "-1"},
        {"sequence": "1.5"},
        {"sequence": True},
        {"sequence": None},
        {"sequence": "9" * 19},
        {"sequence": "٣"},
        {"data": []},
        {"data": None},
        {"data": "text"},
    ],
)
def test_one_wrong_attribute_makes_it_undecodable(change: dict[str, Any]) -> None:
    with pytest.raises(Undecodable):
        Envelope.from_bytes(json.dumps(GOOD | change).encode())


@pytest.mark.parametrize("missing", ["specversion", "id", "source", "type", "time", "data"])
def test_one_missing_attribute_makes_it_undecodable(missing: str) -> None:
    with pytest.raises(Undecodable):
        Envelope.from_bytes(json.dumps({key: value for key, value in GOOD.items() if key != missing}).encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"1e999",
        json.dumps(GOOD).encode("utf-16"),
        json.dumps(GOOD | {"data": {"number": float("inf")}}).encode(),
        json.dumps(GOOD).replace('"12"', "1e999").encode(),
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_no_event_are_undecodable(body: bytes) -> None:
    with pytest.raises(Undecodable):
        Envelope.from_bytes(body)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_else(body: bytes) -> None:
    with pytest.raises(Undecodable):
        Envelope.from_bytes(body)


def test_a_broken_trace_stops_nothing() -> None:
    assert Envelope.from_bytes(json.dumps(GOOD | {"traceparent": "x"}).encode()).traceparent == ""
    assert [trace_or_none(value) for value in (None, 5, "", TRACE.upper(), TRACE + "\n")] == [""] * 5


def test_what_travels_is_in_the_catalogue() -> None:
    assert must_be_heard("case.registered.v1")
    assert not must_be_heard("call.missed.v1")
    assert not must_be_heard("never.heard.of.v1")
    speakers = {event.owner for event in CATALOGUE.values()} | {c for e in CATALOGUE.values() for c in e.consumers}
    assert speakers == set(SERVICES)
