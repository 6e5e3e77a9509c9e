"""Whoever is complained about never has, works on, or reads that case, in the example organisation too (IN-26)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake import handlers
from services.intake.domain.replay import replay
from services.intake.schemas import GetCase, LookupCaller
from services.intake.storage.repository import CaseFile
from shared.base.database import Database
from shared.base.schema import load
from shared.kernel.errors import Forbidden, Invalid
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import CALL, WARRANTY, Office

RUDE = {"category": "staff_attitude", "subject": "李强态度恶劣", "description": "hung up"}


def get(office: Office, case_no: str, by: str) -> dict[str, Any]:
    with office.database.read() as connection:
        asked = load(GetCase(), {"case_no": case_no, "by": by})
        return handlers.get_case(WARRANTY, connection, asked, handlers.Rights(office.people))


def detail(office: Office, case_no: str) -> dict[str, Any]:
    found: dict[str, Any] = office.get(case_no)["history"][-1]["detail"]
    return found


def test_whom_the_caller_names_is_kept_by_id_and_told_to_the_others(office: Office) -> None:
    case_no = office.case_no(complained_about=["李强", "li.qiang", "老王"])
    case = office.get(case_no)
    assert case["complained_about"] == ["li.qiang", "老王"]
    assert detail(office, case_no)["unknown"] == ["complained_about"]
    said = office.said()[-1]["data"]
    assert said["case"]["complained_about"] == said["fact"]["set"]["complained_about"] == ["li.qiang", "老王"]
    assert "complained_about" not in office.get(office.case_no())


def test_the_subject_of_a_complaint_about_conduct_names_them(office: Office) -> None:
    case_no = office.case_no(**RUDE)
    assert office.get(case_no)["complained_about"] == ["li.qiang"]
    assert detail(office, case_no)["recognised"] == ["li.qiang"]
    assert "complained_about" not in office.get(office.case_no(**{**RUDE, "category": "product_quality"}))
    post = office.case_no(**{**RUDE, "subject": "the service desk was rude"})
    assert "complained_about" not in office.get(post), "a post is a word like any other"


@pytest.mark.parametrize("name", ["li.qiang", "李强"])
def test_they_take_no_step_own_nothing_and_read_nothing(office: Office, name: str) -> None:
    case_no = office.case_no(complained_about=["li.qiang"])
    office.step(case_no, "hand_over", owner="desk")
    before = office.get(case_no)
    for step, fields in (("reply", {"text": "x"}), ("withdraw", {"reason": "x"}), ("close", {})):
        with pytest.raises(Forbidden) as refused:
            office.step(case_no, step, by=name, **fields)
        assert refused.value.detail == {"by": name, "case_no": case_no, "because": "complained_about"}
    with pytest.raises(Invalid) as owned:
        office.step(case_no, "hand_over", owner=name)
    assert list(owned.value.detail) == ["owner"]
    with pytest.raises(Invalid):
        office.step(case_no, "improve", measure="x", owner=name, due_at="2027-01-01T00:00:00Z")
    with pytest.raises(Forbidden):
        get(office, case_no, name)
    assert office.get(case_no) == before
    assert get(office, case_no, "desk")["case_no"] == case_no


def test_somebody_unknown_is_kept_out_by_name(office: Office) -> None:
    case_no = office.case_no(complained_about=["老王"])
    with pytest.raises(Forbidden):
        office.step(case_no, "reply", by="老王", text="x")


def test_a_correction_names_them_and_takes_them_out_again(office: Office, database: Database) -> None:
    case_no = office.case_no(**RUDE)
    office.step(case_no, "hand_over", owner="south-desk")
    told = office.step(case_no, "correct", set={"complained_about": ["华南区域售后"]}, reason="it was the desk")
    assert told["complained_about"] == ["south-desk"]
    assert told["needs_owner"]["owner"] == "south-desk"
    assert get(office, case_no, "desk")["needs_owner"]["because"] == "complained_about"
    assert detail(office, case_no)["owner_complained_about"] is True
    assert "needs_owner" not in office.step(case_no, "hand_over", owner="李强"), "he was struck out"
    told = office.step(case_no, "correct", set={"complained_about": []}, reason="nobody of ours")
    assert "complained_about" not in told
    again = office.step(case_no, "correct", set={"subject": "李强态度恶劣!"}, reason="a sign")
    assert "complained_about" not in again, "whom somebody struck out stays out"
    again = office.step(case_no, "correct", set={"subject": "张敏态度恶劣"}, reason="another name")
    assert again["complained_about"] == ["zhang.min"]
    with database.read() as connection:
        kept = CaseFile(connection).find(case_no)
        assert kept is not None
        entries = [entry for entry, _ in CaseFile(connection).history(kept)]
        column = connection.scalar(sa.text("SELECT count(*) FROM cases WHERE complained_about IS NULL"))
    assert list(replay(case_no, entries).complained_about) == list(kept.case.complained_about) == ["zhang.min"]
    assert column == 0


def test_a_case_that_becomes_one_of_conduct_is_read_again(office: Office) -> None:
    case_no = office.case_no(subject="李强态度恶劣", complained_about=["老王"])
    told = office.step(case_no, "correct", set={"category": "staff_attitude"}, reason="it is about conduct")
    assert told["complained_about"] == ["老王", "li.qiang"]


def test_registered_again_with_others_it_says_so(office: Office) -> None:
    office.register(external_ref="c-1", complained_about=["li.qiang"])
    assert office.register(external_ref="c-1", complained_about=["李强"])["differs"] == []
    assert office.register(external_ref="c-1")["differs"] == ["complained_about"]


def test_lists_leave_it_out_and_their_pages_stay_whole(office: Office) -> None:
    numbers = []
    for at in range(9):
        office.clock.forward(timedelta(minutes=1))
        numbers.append(office.case_no(**(RUDE if at % 3 == 0 else {})))
    theirs = [case_no for at, case_no in enumerate(numbers) if at % 3]
    assert pages(office, by="李强", limit=2) == theirs
    assert pages(office, by="li.qiang", limit=4, newest=True) == theirs[::-1]
    assert pages(office, by="desk", limit=4) == pages(office, limit=4) == numbers
    assert pages(office, by="李强", limit=4, text="恶劣") == []


def pages(office: Office, **asked: Any) -> list[str]:
    found, after = [], {}
    while True:
        page = office.find(**asked, **after)
        found += [case["case_no"] for case in page["cases"]]
        if "next" not in page:
            return found
        assert len(page["cases"]) == asked["limit"]
        after = {"after": page["next"]}


def test_the_customers_page_export_and_caller_leave_it_out(office: Office) -> None:
    counter = Counter(office)
    customer_id = counter.add(name="张三", phones=["13800138000"])["customer_id"]
    hidden, seen = office.case_no(**RUDE), office.case_no()
    assert {case["case_no"] for case in counter.get(customer_id=customer_id)["customer"]["cases"]} == {hidden, seen}
    page = counter.get(customer_id=customer_id, by="li.qiang")["customer"]
    assert [case["case_no"] for case in page["cases"]] == [seen]
    caller = lookup(office, by="李强")
    assert [case["case_no"] for case in caller["open_cases"]] == [seen]
    with pytest.raises(Forbidden):
        counter.export(customer_id=customer_id, by="li.qiang")
    with pytest.raises(Forbidden):
        counter.erase(customer_id=customer_id, by="李强")
    assert len(counter.export(customer_id=customer_id)["cases"]) == 2


def lookup(office: Office, by: str) -> dict[str, Any]:
    asked = load(LookupCaller(), {"phone": CALL["customer"]["phone"], "by": by})
    with office.database.read() as connection:
        return handlers.lookup_caller(WARRANTY, office.clock.now(), connection, asked, handlers.Rights(office.people))


def test_history_is_what_it_was(office: Office) -> None:
    case_no = office.case_no(mode="history", occurred_at="2014-01-01T00:00:00Z", **RUDE)
    told = office.step(case_no, "hand_over", by="system:import", owner="li.qiang", at="2014-01-02T00:00:00Z")
    assert told["owner"] == "li.qiang"
    assert told["needs_owner"]["owner"] == "li.qiang"


def test_a_registration_takes_no_statement_more(office: Office, database: Database) -> None:
    statements: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *event: statements.append(event[2]))
    office.case_no()
    plain = len(statements)
    office.case_no(**RUDE)
    assert len(statements) == 2 * plain


def test_rules_of_assignment_pass_them_over_and_tell(office: Office) -> None:
    both = {"people": ["li.qiang", "desk"]}
    rules = {"assignment": "house", "rules": [{"name": "all", "to": both}], "fallback": both}
    office.ask_house("publish_assignment", rules=rules, by="ops")
    case_no = office.case_no(complained_about=["李强"])
    office.look_after()
    reason = office.get(case_no)["history"][-1]["detail"]["assignment"]
    assert office.get(case_no)["owner"] == "desk"
    assert reason["passed_over"] == [{"who": "li.qiang", "why": "complained_about"}]


def test_what_goes_on_behind_the_caller_is_not_told_to_them_either(office: Office, database: Database) -> None:
    office.case_no(**RUDE)
    again = office.case_no(**RUDE)
    office.look_after()
    rights = handlers.Rights(office.people)
    with database.read() as connection:
        seen = {
            by: len(handlers.show_repeats(connection, {"limit": 9, "by": by}, rights)["repeats"])
            for by in ("desk", "李强")
        }
    assert seen == {"desk": 1, "李强": 0}
    assert office.ask_house("explain_assignment", case_no=again, by="desk")["case_no"] == again
    with pytest.raises(Forbidden):
        office.ask_house("explain_assignment", case_no=again, by="li.qiang")
    with pytest.raises(Forbidden):
        office.ask_house("reject_repeat", case_no=again, by="li.qiang")
    with pytest.raises(Forbidden):
        office.ask_house("confirm_repeat", case_no=again, by="li.qiang")
