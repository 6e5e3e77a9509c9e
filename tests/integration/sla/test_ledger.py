"""The ledger: an entry for every word said of a clock, for good (SL-3, SL-6)."""

import pytest
import sqlalchemy as sa

from services.sla import handlers
from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.ledger import Entry, replay
from services.sla.schemas import Ledger
from services.sla.storage import ledger
from services.sla.storage.tables import ledger as table
from shared.base.database import Database
from shared.base.schema import load
from tests.integration.sla.desk import CASE_NO, Desk
from tests.unit.sla.cases import a_case, at

MONDAY = "2026-10-12 10:00"
INQUIRY = a_case(MONDAY, kind="inquiry")


def entries(desk: Desk, clock: str = "", case_no: str = CASE_NO) -> list[Entry]:
    with desk.database.read() as connection:
        return [each for each in ledger.of_case(connection, case_no) if clock in ("", each.clock)]


def test_every_word_said_is_an_entry(desk: Desk):
    heard = desk.tell(INQUIRY)
    heard += desk.fire("2026-10-13 10:00")
    heard += desk.tell(INQUIRY.then("resolved", "2026-10-13 09:00", recorded="2026-10-13 10:00"))
    said = [(each.clock["clock"], each.sequence, each.change, each.time) for each in heard]
    assert sorted(said) == sorted((each.clock, each.revision, each.change, each.at) for each in entries(desk))
    first = entries(desk, "first_response")
    changes = ["started", "warned", "warned", "breached", "breach_revoked", "stopped"]
    assert [each.change for each in first] == changes
    assert [each.fraction for each in first] == [None, 0.5, 0.8, 1, None, None]
    assert {(each.policy_version, each.calendar, each.calendar_version) for each in first} == {
        ("builtin-1", "cn", "cn-test")
    }


def test_a_pause_says_why_and_by_whom(desk: Desk):
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 11:00")
    desk.tell(case)
    desk.tell(case.then("inspected", "2026-10-12 11:30").then("waiting_ended", "2026-10-12 14:00"))
    told = [(each.change, each.reason, each.by, each.fact_seq) for each in entries(desk, "resolution")]
    assert told == [
        (Change.STARTED, None, "li", 1),
        (Change.PAUSED, "customer", "li", 2),
        (Change.RESUMED, None, "li", 4),
    ]


def test_what_time_does_is_kept_narrow(desk: Desk):
    desk.tell(INQUIRY)
    desk.fire("2026-10-13 10:00")
    for entry in entries(desk, "first_response")[1:]:
        assert (entry.by, entry.state, entry.started_at, entry.due_at) == (None, None, None, None)


def test_a_dropped_clock_keeps_its_entries(desk: Desk):
    desk.tell(a_case(MONDAY).then("severity_raised", "2026-10-12 10:30", set={"severity": "major"}))
    linked = a_case(MONDAY).then("repeat_linked", MONDAY, set={"repeat_of": "1"})
    desk.tell(linked, version=9)
    assert "handover" not in {clock["clock"] for clock in desk.clocks()}
    told = entries(desk, "handover")
    assert [each.change for each in told] == ["started", "cancelled"]
    assert replay(told)["handover", "", 1].state is State.CANCELLED


def test_what_runs_comes_after_all_that_was_said_of_other_generations(desk: Desk):
    case = a_case("2026-10-18 16:00").then("reopened", "2026-10-18 15:55")
    for told in (a_case("2026-10-18 16:00"), case, case.then("resolved", "2026-09-28 00:00")):
        desk.tell(told)
    given = replay(entries(desk, "resolution"))
    kept = {
        ("resolution", "", each["generation"]): each["revision"]
        for each in desk.clocks()
        if each["clock"] == "resolution"
    }
    assert {identity: each.revision for identity, each in given.items()} == kept
    assert len(set(kept.values())) < len(kept), "the one that runs has the highest of all"


def test_many_fired_at_one_instant_are_entries_in_one_statement(desk: Desk):
    for number in range(5):
        desk.tell(a_case(MONDAY), case_no=f"2600000{number:05}")
    desk.fire("2026-10-12 17:59")
    desk.clock.move_to(at("2026-10-12 18:00"))
    seen: list[str] = []
    listener = (desk.database.engine, "before_cursor_execute", lambda _c, _k, statement, *_more: seen.append(statement))
    sa.event.listen(*listener)
    assert desk.fire_now() == 5
    sa.event.remove(*listener)
    assert sum("INTO ledger" in statement for statement in seen) == 1
    for number in range(5):
        assert entries(desk, "handover", f"2600000{number:05}")[-1].change is Change.BREACHED


@pytest.mark.parametrize("statement", [table.update().values(reason="x"), table.delete()])
def test_nothing_in_it_is_ever_changed_or_taken_away(desk: Desk, database: Database, statement: sa.Executable):
    desk.tell(INQUIRY)
    before = entries(desk)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), database.write() as uow:
        uow.connection.execute(statement)
    assert entries(desk) == before


def test_the_ledger_is_told_with_words_and_overruns(desk: Desk):
    case = a_case("2026-10-09 16:00").then("waiting_started", "2026-10-12 10:00")
    desk.tell(case)
    desk.tell(case.then("handed_over", "2026-10-12 11:00"))
    told = desk.answer(handlers.ledger, load(Ledger(), {"case_no": CASE_NO}))
    said = {(each["clock"], each["change"]): each for each in told["entries"]}
    assert said["resolution", "paused"]["text"] == {"zh": "暂停：等待客户", "en": "paused: waiting for the customer"}
    assert said["resolution", "paused"]["fact"] == "waiting_started"
    assert said["handover", "stopped"]["text"] == {"zh": "停止：逾期", "en": "stopped: late"}
    handover = next(each for each in told["overruns"] if each["clock"] == "handover")
    assert handover == {
        "clock": "handover",
        "generation": 1,
        "due_at": "2026-10-09T18:00:00+08:00",
        "until": "2026-10-12T11:00:00+08:00",
        "stopped": True,
        "measure": "working",
        "seconds": 10 * 3600,  # the make-up Saturday, and two hours of Monday
        "elapsed_seconds": 65 * 3600,
        "policy_version": "builtin-1",
        "calendar_version": "cn-test",
        "confirmed": True,
    }
    one = desk.answer(handlers.ledger, {"case_no": CASE_NO, "clock": "handover"})
    assert {each["clock"] for each in (*one["entries"], *one["overruns"])} == {"handover"}
    assert desk.answer(handlers.ledger, {"case_no": "x"}) == {"entries": [], "overruns": []}
