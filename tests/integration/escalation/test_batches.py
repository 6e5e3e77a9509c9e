"""Many at once: one bad event harms no other, a burst is one batch after the other, replicas share the work."""

import json
import threading
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from services.escalation import handlers
from services.escalation.storage.tables import messaging
from shared.base.database import Database
from shared.base.traces import new_trace
from shared.kernel.errors import Rejected
from shared.outbox import Held, Inbox
from shared.outbox.firing import Firing
from tests.integration.escalation.desk import RULES, Desk, shorts
from tests.unit.escalation.cases import CASE_NO, a_case, an_order

DUE = "2026-10-12 18:00"
BURST = 200
MOST_STATEMENTS = 12
"""For each event of a burst, the reading and writing of its dossier counted in."""


def burst(count: int = BURST):
    return [a_case(case_no=f"{270000000000 + number}").clock("handover", "breached", DUE) for number in range(count)]


def test_a_bad_event_harms_no_other_of_its_batch(desk: Desk):
    good, bad = burst(3), a_case(case_no="270000000001").clock("opinion", "breached", "2026-10-12 18:00", started_at=5)
    heard = desk.tell(*good, bad)
    assert sum(each.type == "escalation.raised.v1" for each in heard) == 3
    assert Held(desk.database, messaging).count() == {"waiting": 0, "parked": 1}


@pytest.mark.parametrize("together", [True, False])
def test_what_is_said_at_the_end_of_a_batch_is_said_in_the_trace_of_its_cause(desk: Desk, together: bool):
    case, other = a_case(), a_case(case_no="260000000025", severity="major")
    events = [replace(each.event(), traceparent=new_trace()) for each in (case.then("objected", DUE), other)]
    bad = [] if together else [a_case(case_no="260000000033").event(severity="nonsense")]
    desk.tell(*events, *bad)
    bodies = [json.loads(body[0]) for body in desk.query("SELECT body FROM outbox ORDER BY id")]
    said = {(each["subject"], each["type"].split(".")[0]): each["traceparent"] for each in bodies}
    objected, grave = (event.traceparent for event in events)
    assert said == {
        (CASE_NO, "escalation"): objected,
        (other.case_no, "escalation"): grave,
        (other.case_no, "alert"): grave,
    }


def test_timers_of_several_matters_are_told_in_traces_of_their_own(desk: Desk):
    desk.tell(*burst(2))
    desk.move(desk.next_due())
    assert desk.fire() == 2
    bodies = [json.loads(body[0]) for body in desk.query("SELECT body FROM outbox ORDER BY id DESC LIMIT 2")]
    assert len({each["traceparent"] for each in bodies}) == 2


def test_several_events_of_one_case_in_one_batch_are_one_escalation(desk: Desk):
    case = a_case()
    grave = case.then("severity_raised", "2026-10-12 11:00", set={"severity": "major"})
    heard = shorts(desk.tell(case.event(), grave.event(), *(case.clock(name, "breached", DUE) for name in "abc")))
    assert sum(each[0] == "step_reached" for each in heard) == 2
    assert sorted(desk.query("SELECT ladder, state FROM escalations")) == [("complaint", "open"), ("major", "open")]


def test_a_burst_at_one_instant_is_a_few_statements_each(desk: Desk):
    counted = []

    @sa.event.listens_for(desk.database.engine, "before_cursor_execute")
    def count(*_arguments: object) -> None:
        counted.append(1)

    heard = []
    events = burst()
    for begin in range(0, BURST, 100):
        heard += desk.tell(*events[begin : begin + 100])
    sa.event.remove(desk.database.engine, "before_cursor_execute", count)
    assert sum(each.type == "escalation.step_reached.v1" for each in heard) == BURST
    assert len(counted) < MOST_STATEMENTS * BURST
    codes = [target["code"] for each in heard if "step" in each.data for target in each.data["step"]["targets"]]
    assert len(set(codes)) == len(codes), "no two open codes are the same"
    assert len(desk.wait("2026-10-13 14:00", limit=500)) == BURST, "the next step of all of them, at one instant"


def test_a_walk_that_cannot_be_looked_at_is_held_and_delays_no_other(desk: Desk, database: Database):
    desk.tell(*burst(3))
    desk.move(desk.next_due())
    bad = "270000000001"
    held = Held(database, messaging)
    firing = Firing(database, Inbox(database, messaging), held)
    spoil(database, bad, "null")
    assert firing.run(handlers.timers(RULES)) == 3
    assert sorted({each.data["case"]["case_no"] for each in desk.heard()}) == ["270000000000", "270000000002"]
    (row,) = held.list()
    assert (row["queue"], row["event_id"], row["state"]) == ("escalation.timers", bad, "waiting")
    assert row["reason"].startswith("TypeError: ")
    assert desk.next_due() > desk.clock.now(), "it is not due while it is held"
    spoil(database, bad, "[]")
    held.replay(row["id"])
    assert firing.run(handlers.timers(RULES)) == 1
    assert [each.data["case"]["case_no"] for each in desk.heard()] == [bad]
    assert held.list() == []


def spoil(database: Database, subject: str, acknowledged_by: str) -> None:
    """Write into the database what no code of ours does."""
    with database.write() as uow:
        change = sa.text("UPDATE escalations SET acknowledged_by = :given WHERE subject = :subject")
        if not database.is_sqlite:
            change = sa.text("UPDATE escalations SET acknowledged_by = cast(:given AS jsonb) WHERE subject = :subject")
        uow.connection.execute(change, {"given": acknowledged_by, "subject": subject})


def test_replicas_share_what_is_due_and_reach_each_step_once(desk: Desk, database: Database):
    desk.tell(*burst(60))
    desk.move(desk.next_due())
    fired: list[int] = []

    def replica() -> None:
        while True:
            with database.write() as uow:
                count = handlers.fire_due(RULES, uow, 10)
            fired.append(count)
            if not count:
                return

    threads = [threading.Thread(target=replica) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    while desk.fire():
        fired.append(1)
    assert sum(each.type == "escalation.step_reached.v1" for each in desk.heard()) == 60
    assert desk.query("SELECT number, count(*) FROM escalations GROUP BY number") == [(2, 60)]


def test_replicas_that_hear_of_one_case_at_once_make_one_escalation(desk: Desk, database: Database):
    case = a_case()
    clocks = [case.clock(name, "breached", DUE) for name in ("handover", "opinion", "progress", "resolution")]
    inbox = Inbox(database, messaging)
    hear = partial(handlers.clock_changed, RULES)
    threads = [threading.Thread(target=inbox.apply, args=("escalation.clocks", [clock], hear)) for clock in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    held = Held(database, messaging)
    while held.count()["waiting"]:
        held.retry_due({"escalation.clocks": hear})
    assert desk.query("SELECT id, level FROM escalations") == [(f"{CASE_NO}.complaint.1", 4)]
    assert desk.query("SELECT count(*) FROM reasons") == [(4,)]


@pytest.mark.parametrize(
    "change",
    [
        {"facts": None},
        {"facts": [{"seq": 1}]},
        {"case_no": 5},
        {"version": "x"},
        {"region": "Not A Region"},
        {"severity": "awful"},
        {"milestones": {"received": "yesterday"}},
        {"product": "T1"},
    ],
    ids=str,
)
def test_what_is_no_case_is_rejected(desk: Desk, change):
    with pytest.raises(Rejected, match="not a case"), desk.database.write() as uow:
        handlers.case_changed(RULES, uow, a_case().event(**change))


@pytest.mark.parametrize("data", [{}, {"clock": {}}, {"order": []}, {"case": 1}])
def test_what_is_nothing_at_all_is_rejected(desk: Desk, data):
    for hear in (handlers.case_changed, handlers.clock_changed, handlers.order_changed):
        event = an_order("scheduled", DUE)
        event.data.clear()
        event.data.update(data)
        with pytest.raises(Rejected), desk.database.write() as uow:
            hear(RULES, uow, event)
