"""A call's record: what its events make of it, in any order, told any number of times."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.calls.events import DIRECTIONS, KINDS, CallEvent, event_from_wire, event_to_wire
from services.intake.domain.calls.numbers import is_dialable, is_withheld, key_of, normal
from services.intake.domain.calls.record import STATES, distinct, fold
from shared.kernel.contacts import parse_phone

NOW = datetime(2026, 10, 9, 14, tzinfo=UTC)
CALLER, LINE = "13800138000", "4008008820"


def event(kind: str, second: int | None = 0, **given: Any) -> CallEvent:
    usual = {"sent_from": CALLER, "sent_to": LINE, "direction": "in", "heard_at": NOW}
    at = None if second is None else NOW + timedelta(seconds=second)
    return CallEvent(event=kind, at=at, **{**usual, **given})


FEW = settings(max_examples=60, deadline=None)
_TOLD = (
    KINDS,
    (CALLER, "+86 138 0013 8000", "anonymous", "", "204"),
    (LINE, "13900000000"),
    DIRECTIONS,
    range(3),
    (None, -60, 0, 5, 60),
    (None, "li.qiang", "zhang.min", "voicemail"),
    (None, "hotline", "repairs"),
    (None, "normalClearing", "noAnswer", "forwarded", "26"),
    (None, "rec-1"),
)


def an_event(told: Any) -> CallEvent:
    kind, caller, line, direction, minute, second, user, queue, cause, recording = told
    who = {"sent_from": caller, "sent_to": line, "direction": direction, "heard_at": NOW + timedelta(minutes=minute)}
    return event(kind, second, **who, user=user, queue=queue, cause=cause, recording=recording)


events = st.tuples(*map(st.sampled_from, _TOLD)).map(an_event)


@FEW
@given(st.data())
def test_every_order_and_every_repetition_give_the_same_record(data: st.DataObject) -> None:
    told = data.draw(st.lists(events, min_size=1, max_size=6))
    again = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=6))))
    assert fold(again) == fold(told)
    halfway = distinct(again[: len(again) // 2])
    assert fold([*halfway, *again[len(again) // 2 :]]) == fold(told), "folded on the way, as it is kept"


@FEW
@given(st.data())
def test_when_it_was_heard_decides_nothing_but_instants_that_nobody_told(data: st.DataObject) -> None:
    told = data.draw(st.lists(events, min_size=1, max_size=6))
    order = data.draw(st.permutations(told))
    later = [
        CallEvent(**{**event_to_wire(each), "at": each.at, "heard_at": NOW + timedelta(minutes=place)})
        for place, each in enumerate(order)
    ]
    first, second = fold(told), fold(later)
    for name in ("state", "direction", "sent_from", "sent_to", "users", "queues", "cause", "recording"):
        assert getattr(first, name) == getattr(second, name), name


@FEW
@given(st.lists(events, min_size=1, max_size=6))
def test_a_record_is_a_story(told: list[CallEvent]) -> None:
    record = fold(told)
    assert record.state in STATES
    assert (record.ended_at is not None) == (record.state in ("ended", "missed"))
    assert record.state != "missed" or (record.direction == "in" and record.answered_at is None)
    at = [each for each in (record.first_at, record.started_at, record.answered_at, record.ended_at) if each]
    assert at == sorted(at)
    assert [event_from_wire(event_to_wire(each)) for each in told] == told


RING, PICKED_UP, HUNG_UP = event("newCall"), event("answer", 5, user="li.qiang"), event("hangup", 60)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([RING], "ringing"),
        ([RING, PICKED_UP], "answered"),
        ([RING, PICKED_UP, HUNG_UP], "ended"),
        ([RING, HUNG_UP], "missed"),
        ([HUNG_UP], "missed"),
        ([PICKED_UP], "answered"),
        ([RING, event("answer", 5, user="Voicemail"), HUNG_UP], "missed"),
        ([RING, event("hangup", 9, cause="answeredElsewhere")], "ended"),
        ([RING, event("hangup", 9, cause="answeredElsewhere"), PICKED_UP], "answered"),
        ([RING, event("hangup", 9, cause="forwarded"), HUNG_UP], "missed"),
        ([event("newCall", direction="out"), event("hangup", 30, direction="out")], "ended"),
    ],
)
def test_states(told: list[CallEvent], state: str) -> None:
    assert fold(told).state == state


def test_a_transfer_names_both_and_counts_from_the_first() -> None:
    record = fold([RING, event("answer", 30, user="zhang.min"), PICKED_UP, HUNG_UP])
    assert record.users == ("li.qiang", "zhang.min")
    assert record.answered_at == NOW + timedelta(seconds=5)


def test_clocks_that_disagree_make_no_call_that_ends_before_it_begins() -> None:
    record = fold([event("newCall", 20), event("answer", 5), event("hangup", 3)])
    assert (record.started_at, record.answered_at) == (NOW + timedelta(seconds=3), NOW + timedelta(seconds=5))
    assert record.ended_at == NOW + timedelta(seconds=5)


def test_several_legs_are_one_call_and_one_that_shows_the_number_counts() -> None:
    legs = [event("newCall", queue="hotline", sent_from="anonymous"), event("newCall", 9, queue="repairs")]
    record = fold(legs)
    assert record.queues == ("hotline", "repairs")
    assert record.number == "+8613800138000"


@pytest.mark.parametrize(
    ("sent", "number", "key"),
    [
        ("13800138000", "+8613800138000", "+8613800138000"),
        ("sip:+8613800138000@pbx.example;user=phone", "+8613800138000", "+8613800138000"),
        ('"tel:+86-138-0013-8000"', "+8613800138000", "+8613800138000"),
        ("204", "204", "204"),
        ("sip:204@pbx.example", "sip:204@pbx.example", "204"),
        ("Anonymous", "Anonymous", None),
        ("sip:anonymous@anonymous.invalid", "sip:anonymous@anonymous.invalid", None),
        ("", "", None),
        ("匿名", "匿名", None),
    ],
)
def test_numbers(sent: str, number: str, key: str | None) -> None:
    assert (normal(sent), key_of(sent)) == (number, key)
    assert is_withheld(sent) == (key is None)


@given(st.text(max_size=100) | st.from_regex(r"\A(sip:)?\+?[0-9 -]{0,20}(@x)?\Z"))
def test_whatever_is_sent_as_a_number_is_kept_or_withheld(sent: str) -> None:
    key = key_of(sent)
    assert (key is None) == is_withheld(sent)
    if key is not None:
        assert 0 < len(key) <= 100
        assert not is_dialable(key) or parse_phone(key) == key
        assert key_of(key) == key or len(key) == 100


@pytest.mark.parametrize("number", ["+1", "+", "+123456", "\ufdfa" * 100, "²" * 9, "+²³"])
def test_what_looks_like_a_number_and_is_none_cannot_be_called(number: str) -> None:
    assert not is_dialable(key_of(number) or "")
