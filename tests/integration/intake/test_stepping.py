"""Steps on a real database: versions, events, and two people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.domain.replay import replay
from services.intake.domain.take import Taken
from services.intake.storage.repository import CaseFile
from shared.base.database import Database
from shared.base.people import People, Person
from shared.kernel.errors import Conflict, Forbidden, NotFound
from tests.integration.intake.office import Office


def test_the_whole_life_of_a_complaint(office: Office) -> None:
    case_no = office.case_no()
    for step, fields in life():
        office.clock.forward(timedelta(hours=1))
        case = office.step(case_no, step, **fields)
    assert (case["state"], case["version"]) == ("closed", len(life()) + 1)
    assert [fact["seq"] for fact in case["facts"]] == list(range(1, len(life()) + 3))
    assert case["facts"] == office.get(case_no)["facts"]
    assert case["milestones"]["closed"] == case["facts"][-1]["at"]


def life() -> list[tuple[str, dict[str, Any]]]:
    return [
        ("hand_over", {"owner": "south-desk"}),
        ("start_investigation", {}),
        ("give_opinion", {"accountable": "desk", "text": "ours", "warning": {"text": "check batch 7"}}),
        ("agree_plan", {"text": "replace"}),
        ("start_treatment", {}),
        ("check", {"passed": True}),
        ("resolve", {"result": "replaced", "accountable": "desk"}),
        ("revisit", {"satisfied": True, "score": 9}),
        ("close", {}),
    ]


def test_one_event_for_each_fact_with_the_case_as_it_stands(office: Office) -> None:
    case_no = office.case_no()
    office.step(case_no, "hand_over", owner="desk")
    office.step(case_no, "give_opinion", accountable="desk", text="ours", no_warning_reason="one piece")
    said = office.said()
    assert [event["type"] for event in said] == [
        "case.registered.v1",
        "case.handed_over.v1",
        "case.opinion_given.v1",
        "case.warning_settled.v1",
    ]
    assert [event["sequence"] for event in said] == ["1", "2", "3", "3"]
    assert [len(event["data"]["case"]["facts"]) for event in said] == [1, 2, 4, 4]
    assert all(event["data"]["case"]["version"] == int(event["sequence"]) for event in said)


def test_words_and_names_stay_with_intake(office: Office) -> None:
    case_no = office.case_no(customer={"name": "王小明", "phone": "13800138000"}, demand="secret demand")
    office.step(case_no, "inspect", findings="secret findings")
    office.step(case_no, "correct", set={"subject": "secret subject"}, reason="secret reason")
    told = str(office.said())
    assert not any(word in told for word in ("王小明", "secret", "stick"))
    assert "+8613800138000" in told, "notify needs to reach the customer"
    kept = str(office.get(case_no)["history"])
    assert all(word in kept for word in ("王小明", "secret findings", "secret subject", "stick"))


def test_what_is_stored_replays_to_the_case(office: Office, database: Database) -> None:
    case_no = office.case_no(product={"batch": "B7", "quantity": 3}, authority={"name": "regulator"})
    for step, fields in life()[:5]:
        office.step(case_no, step, **fields)
    office.step(case_no, "correct", set={"product": {"batch": "B8"}, "customer": {"name": "李四"}}, reason="x")
    office.step(case_no, "promise", what="call", due_at="2026-12-01T00:00:00Z")
    with database.read() as connection:
        file = CaseFile(connection)
        kept = file.find(case_no)
        assert kept is not None
        entries = [entry for entry, _version in file.history(kept)]
    replayed = replay(case_no, entries)
    assert {**as_dict(replayed), "version": kept.case.version} == as_dict(kept.case)


def as_dict(case: Any) -> dict[str, Any]:
    return {name: getattr(case, name) for name in case.__slots__}


def test_a_refusal_changes_nothing(office: Office) -> None:
    case_no = office.case_no()
    before = office.get(case_no)
    with pytest.raises(Conflict) as refused:
        office.step(case_no, "close")
    assert refused.value.detail["state"] == "registered"
    assert "hand_over" in refused.value.detail["legal"]
    with pytest.raises(Conflict):
        office.step(case_no, "reply", text="x", expected_version=7)
    assert office.get(case_no) == before
    assert len(office.said()) == 1


@pytest.mark.parametrize("case_no", ["100000000008", "100000000001", "nonsense"])
def test_a_case_that_is_not_there(office: Office, case_no: str) -> None:
    with pytest.raises(NotFound):
        office.step(case_no, "reply", text="x")
    with pytest.raises(NotFound):
        office.get(case_no)


def test_linking_follows_to_the_first_case(office: Office) -> None:
    first = office.case_no()
    second = office.case_no(repeat_of=first)
    third = office.case_no()
    case = office.step(third, "link_repeat", repeat_of=second, reason="same wall")
    assert case["repeat_of"] == first
    with pytest.raises(Conflict):
        office.step(first, "link_repeat", repeat_of=third, reason="same wall")
    assert office.step(third, "unlink_repeat", reason="other wall").get("repeat_of") is None


def test_everybody_at_once_and_no_step_is_lost(office: Office) -> None:
    case_no = office.case_no()

    def note(number: int) -> int:
        version: int = office.step(case_no, "record_progress", text=f"note {number}")["version"]
        return version

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(note, range(40)))
    assert sorted(versions) == list(range(2, 42))
    case = office.get(case_no)
    assert case["version"] == 41
    assert [fact["seq"] for fact in case["facts"]] == list(range(1, 42))


def test_of_two_who_saw_the_same_version_one_wins(office: Office) -> None:
    case_no = office.case_no()

    def reply(_number: int) -> bool:
        try:
            office.step(case_no, "reply", text="x", expected_version=1)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(reply, range(4))) == [False, False, False, True]


def test_a_change_beside_us_is_noticed(office: Office, database: Database) -> None:
    case_no = office.case_no()
    with database.read() as connection:
        stale = CaseFile(connection).find(case_no)
    office.step(case_no, "reply", text="x")
    assert stale is not None
    with database.write() as uow:
        assert not CaseFile(uow.connection).change(stale, Taken(stale.case.next_version(), []))


def test_back_dating_is_ruled_by_who_and_why(office: Office) -> None:
    case_no = office.case_no()
    earlier = (office.clock.now() - timedelta(hours=2)).isoformat()
    late = office.step(case_no, "reply", text="x", at=earlier)
    assert late["facts"][-1]["at"] == "2026-10-09T22:00:00+08:00"
    excused = office.step(case_no, "reply", by="客服主管", text="x", at=earlier, at_reason="no network")
    assert excused["facts"][-1]["at"] == "2026-10-09T20:00:00+08:00"
    details = [line["detail"] for line in office.get(case_no)["history"]]
    assert details[1]["claimed_at"] == "2026-10-09T20:00:00+08:00"
    assert details[2]["dated_back"] is True


def test_somebody_unknown_is_marked_and_later_refused(office: Office) -> None:
    case_no = office.case_no()
    office.step(case_no, "hand_over", by="nobody", owner="another")
    assert office.get(case_no)["history"][-1]["detail"]["unknown"] == ["by", "owner"]
    office.people = People([Person(id="ann", name="Ann", roles=("clerk",))])
    with pytest.raises(Forbidden):
        office.step(case_no, "reply", by="nobody", text="x")
    assert office.step(case_no, "hand_over", by="ann", owner="another")["owner"] == "another"
    assert office.step(case_no, "reply", by="system:mail", text="x")["version"] == 4


def test_history_takes_its_own_times(office: Office) -> None:
    case_no = office.case_no(mode="history", occurred_at="2014-01-01T05:08:10-05:00")
    due = "2014-02-15T05:08:10-05:00"
    promised = office.step(case_no, "promise", by="system:import", what="done", due_at=due, at="2014-01-01T05:08:10Z")
    key = promised["facts"][-1]["key"]
    kept = office.step(case_no, "keep_promise", by="system:import", promise_id=key, at="2014-03-09T13:17:37-04:00")
    assert kept["facts"][-1]["at"] == "2014-03-10T01:17:37+08:00"
    assert kept["mode"] == "history"


def test_a_step_takes_as_many_statements_however_long_the_history(office: Office, database: Database) -> None:
    statements: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *event: statements.append(event[2]))
    case_no = office.case_no()
    counts = []
    for _ in range(30):
        statements.clear()
        office.step(case_no, "record_progress", text="x")
        counts.append(len(statements))
    assert len(set(counts)) == 1
