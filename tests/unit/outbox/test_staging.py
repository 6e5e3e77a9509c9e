"""Staging: an event is said if and only if its change commits."""

import contextlib
import json

import pytest

from shared.base.traces import going_on, new_trace
from shared.events import Event
from shared.events.envelope import trace_or_none
from shared.outbox.staging import OUTBOX_SIGNAL
from tests.unit.conftest import START
from tests.unit.outbox.conftest import Desk, tables


def said(number: int) -> Event:
    return Event("case.registered.v1", f"case {number}", number, {"case": {"n": number}})


def test_events_become_rows_in_their_order(desk: Desk) -> None:
    with desk.database.write() as uow:
        desk.voice.stage(uow, [said(1), said(2)])
        desk.voice.stage(uow, [said(3)])
    rows = desk.rows(tables.outbox)
    assert [json.loads(row.body)["sequence"] for row in rows] == ["1", "2", "3"]
    assert {(row.exchange, row.routing_key, row.sent_at) for row in rows} == {
        ("intake.events", "case.registered.v1", None)
    }
    assert len({row.event_id for row in rows}) == 3
    assert [json.loads(row.body)["id"] for row in rows] == [row.event_id for row in rows]


def test_the_time_is_the_suites_at_the_begin_of_the_unit(desk: Desk) -> None:
    with desk.database.write() as uow:
        desk.voice.stage(uow, [said(1)])
    assert json.loads(desk.rows(tables.outbox)[0].body)["time"] == START.isoformat()


def test_nothing_is_said_of_what_did_not_happen(desk: Desk) -> None:
    with contextlib.suppress(ValueError), desk.database.write() as uow:
        desk.voice.stage(uow, [said(1)])
        raise ValueError
    assert desk.rows(tables.outbox) == []


def test_a_savepoint_takes_its_events_back(desk: Desk) -> None:
    with desk.database.write() as uow:
        desk.voice.stage(uow, [said(1)])
        with contextlib.suppress(ValueError), uow.savepoint():
            desk.voice.stage(uow, [said(2)])
            raise ValueError
        desk.voice.stage(uow, [said(3)])
    assert [row.body for row in desk.rows(tables.outbox) if '"case 2"' in row.body] == []
    assert len(desk.rows(tables.outbox)) == 2


def test_the_relay_is_woken_by_the_commit_only_when_something_was_said(desk: Desk) -> None:
    woken = desk.database.woken_by(OUTBOX_SIGNAL)
    with desk.database.write() as uow:
        desk.voice.stage(uow, [])
    assert not woken.is_set()
    with desk.database.write() as uow:
        desk.voice.stage(uow, [said(1)])
    assert woken.is_set()


def test_another_exchange_has_its_own_key(desk: Desk) -> None:
    with desk.database.write() as uow:
        desk.voice.stage_on(uow, "alerts", "alert.recurrence.major.south", said(1))
    (row,) = desk.rows(tables.outbox)
    assert (row.exchange, row.routing_key) == ("alerts", "alert.recurrence.major.south")


def test_the_trace_goes_on(desk: Desk) -> None:
    trace = new_trace()
    with going_on(trace), desk.database.write() as uow:
        desk.voice.stage(uow, [said(1)])
    assert json.loads(desk.rows(tables.outbox)[0].body)["traceparent"] == trace


def test_where_no_trace_goes_on_a_new_one_begins(desk: Desk) -> None:
    with going_on(""), desk.database.write() as uow:
        desk.voice.stage(uow, [said(1)])
    trace = json.loads(desk.rows(tables.outbox)[0].body)["traceparent"]
    assert trace_or_none(trace) == trace != ""


def test_data_that_is_no_json_stops_the_unit(desk: Desk) -> None:
    with pytest.raises(TypeError), desk.database.write() as uow:
        desk.voice.stage(uow, [Event("case.registered.v1", "c", 1, {"at": START})])
    assert desk.rows(tables.outbox) == []
