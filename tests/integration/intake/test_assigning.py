"""Rules of assignment at work on a database: published, applied, explained, overruled (IN-19)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.handlers.after import after_registration
from services.intake.storage.tables import OWNED_AND_OPEN
from shared.kernel.errors import Conflict, Forbidden, Invalid
from tests.integration.intake.office import Office

SOUTH = {
    "assignment": "south",
    "rules": [{"name": "south", "when": {"region": "south"}, "to": {"people": ["li.qiang", "south-desk"]}}],
    "fallback": {"people": ["desk"]},
}


def handed_over(office: Office, case_no: str) -> Any:
    return next(line for line in office.get(case_no)["history"] if line["fact"] == "handed_over")


def test_nothing_is_assigned_until_rules_are_published(office: Office) -> None:
    early = office.case_no(region="south")
    office.look_after()
    assert office.get(early)["state"] == "registered"
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    office.look_after()
    assert office.get(early)["state"] == "registered", "nothing is done to what was there before"
    late = office.case_no(region="south")
    office.look_after()
    assert office.get(late)["owner"] == "li.qiang"


def test_the_hand_over_is_a_step_like_any_other_with_its_reason(office: Office) -> None:
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    first, second = office.case_no(region="south.hainan"), office.case_no(region="south")
    office.look_after()
    line = handed_over(office, second)
    assert (line["by"], line["set"]) == ("system:assignment", {"owner": "south-desk"})
    assert office.get(first)["owner"] == "li.qiang"
    reason = line["detail"]["assignment"]
    assert (reason["rules_version"], reason["rule"], reason["way"]) == (1, "south", "to")
    assert reason["candidates"] == [
        {"who": "li.qiang", "open": 1, "capacity": 1},
        {"who": "south-desk", "open": 0, "capacity": 1},
    ]
    said = office.said()
    assert [each["type"] for each in said] == ["case.registered.v1"] * 2 + ["case.handed_over.v1"] * 2
    assert "assignment" not in said[-1]["data"]["fact"], "the reason stays with intake"
    assert len({each["traceparent"] for each in said[2:]}) == 2


def test_a_persons_choice_is_never_undone(office: Office) -> None:
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    case_no, taken = office.case_no(region="south"), office.case_no(region="south")
    office.step(taken, "hand_over", owner="zhang.min")
    office.look_after()
    assert office.get(taken)["owner"] == "zhang.min"
    office.step(case_no, "hand_over", owner="zhang.min")
    office.look_after()
    office.ask_house("run_assignment", limit=9)
    assert office.get(case_no)["owner"] == "zhang.min"
    told = office.ask_house("explain_assignment", case_no=case_no)
    assert [each["by"] for each in told["assigned"]] == ["system:assignment", "desk"]
    assert "reason" not in told["assigned"][1]


def test_a_case_for_nobody_stays_and_says_why(office: Office) -> None:
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    conduct = {"category": "staff_attitude", "region": "south", "description": "李强, 华南区域售后 and desk shouted"}
    nobody, none = office.case_no(**conduct), office.case_no(region="north")
    office.look_after()
    assert office.get(nobody)["state"] == office.get(none)["state"] == "registered"
    told = office.ask_house("explain_assignment", case_no=nobody)
    assert told["unassigned"]["way"] == "nobody"
    assert {each["why"] for each in told["unassigned"]["passed_over"]} == {"complained_about"}
    assert office.ask_house("explain_assignment", case_no=none)["unassigned"]["way"] == "no_rule"


def test_what_was_there_before_is_assigned_when_asked(office: Office) -> None:
    numbers = [office.case_no(region="south") for _ in range(3)]
    with pytest.raises(Conflict, match="there are no rules"):
        office.ask_house("run_assignment", limit=9)
    office.look_after()
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    would = office.ask_house("preview_assignment", limit=2)
    assert [each["case_no"] for each in would["cases"]] == numbers[:2]
    assert [each["owner"] for each in would["cases"]] == ["li.qiang", "south-desk"]
    assert office.get(numbers[0])["state"] == "registered", "a preview changes nothing"
    rest = office.ask_house("preview_assignment", limit=2, after=would["next"])
    assert [each["case_no"] for each in rest["cases"]] == numbers[2:]
    done = office.ask_house("run_assignment", limit=9)
    assert [each["owner"] for each in done["cases"]] == ["li.qiang", "south-desk", "li.qiang"]
    assert office.ask_house("run_assignment", limit=9) == {"cases": []}


def test_versions_are_kept_and_the_same_again_is_none(office: Office) -> None:
    first = office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead", note="trial")
    assert office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead") == first
    off = office.ask_house("publish_assignment", text="assignment: off-again\nrules: []\n", by="clerk-lead")
    assert (first["version"], off["version"]) == (1, 2)
    shown = office.ask_house("show_assignment")
    assert (shown["active"], shown["body"]["assignment"]) == (False, "off-again")
    assert [each["version"] for each in shown["versions"]] == [2, 1]
    assert office.ask_house("show_assignment", version=1)["body"] == SOUTH
    case_no = office.case_no(region="south")
    office.look_after()
    assert office.get(case_no)["state"] == "registered"


def test_mistakes_are_told_by_field(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.ask_house("publish_assignment", text="assignment: x\nrules: [{name: a, to: {role: boss}}]", by="desk")
    assert [why.partition(":")[0] for why in refused.value.detail["rules"]] == ["rules[0].to.role", "fallback"]
    bomb = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]\n" for n in range(9))
    for text in (bomb, "- 1", "a: \\x00", "a: .nan", '"\\ud800"'):
        with pytest.raises(Invalid):
            office.ask_house("publish_assignment", text=text, by="desk")
    office.people.is_example = False
    with pytest.raises(Forbidden):
        office.ask_house("publish_assignment", rules=SOUTH, by="stranger")


def test_loads_count_open_cases_only_however_the_owner_is_named(office: Office) -> None:
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    for owner in ("李强", "li.qiang"):
        office.step(office.case_no(), "hand_over", owner=owner)
    done = office.case_no()
    office.step(done, "hand_over", owner="south-desk")
    office.step(done, "withdraw", reason="found it")
    case_no = office.case_no(region="south")
    office.look_after()
    candidates = handed_over(office, case_no)["detail"]["assignment"]["candidates"]
    assert {each["who"]: each["open"] for each in candidates} == {"li.qiang": 2, "south-desk": 0}


def test_loads_are_read_from_the_small_index(office: Office) -> None:
    query = f"SELECT owner, count(*) FROM cases WHERE {OWNED_AND_OPEN} AND owner IN ('a', 'b') GROUP BY owner"
    with office.database.read() as connection:
        if office.database.is_sqlite:
            plan = connection.execute(sa.text(f"EXPLAIN QUERY PLAN {query}")).all()
        else:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            plan = connection.execute(sa.text(f"EXPLAIN {query}")).all()
    assert "cases_open_owner" in str(plan), plan


def test_two_who_look_at_once_count_each_others_cases(office: Office) -> None:
    office.ask_house("publish_assignment", rules=SOUTH, by="clerk-lead")
    numbers = [office.case_no(region="south") for _ in range(8)]

    def look(_: int) -> int:
        with office.database.write() as uow:
            return after_registration(office.house()).due.fire(uow)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, range(2)))
    office.look_after()
    owners = [office.get(number)["owner"] for number in numbers]
    assert sorted(owners) == ["li.qiang"] * 4 + ["south-desk"] * 4
