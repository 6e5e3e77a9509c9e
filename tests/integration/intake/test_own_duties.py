"""Departments and duties as an operator has them: by their names, from their own file, changed later (IN-21)."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.intake.domain.handling.duties import Duties
from services.intake.domain.handling.duties_file import Known, read_duties
from services.intake.handlers.owing_all import owe_at_once
from services.intake.storage.policy_files import HandlingFiles, load_handbook
from services.intake.storage.repository import CaseFile
from shared.base.people import ROLES, People, Person, load_people
from shared.events import Envelope
from shared.kernel.errors import Conflict, Forbidden
from tests.integration.intake.conftest import START
from tests.integration.intake.handling_desk import HandlingDesk
from tests.integration.intake.office import Office

BOOK = load_handbook()


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> HandlingDesk:
    office.book = BOOK
    return HandlingDesk(office, tmp_path / "evidence")


def owed_from_the_start() -> Duties:
    """Duties of an operator, by which an opinion is owed once a case came in."""
    own = {
        "departments": {"quality": {"names": {"zh": "品质部", "en": "Quality"}}},
        "duties": {
            "opinion": {
                "says": {"zh": "给出处理意见", "en": "give the opinion"},
                "steps": "give_opinion",
                "owed_by": "owner",
                "after": "received",
                "due": {"hours": 8},
            }
        },
    }
    return read_duties(own, "own", Known(load_people().knows, ROLES))


def test_duties_that_changed_make_tasks_again(desk: HandlingDesk) -> None:
    case_no = desk.asked("quality")
    duties = owed_from_the_start()
    desk.office.book = replace(BOOK, duties=duties)
    fresh = desk.office.case_no()
    assert desk.renew(by="desk", limit=1) == {"cases": 1, "changed": 2, "next": 1}
    assert desk.rows(case_no)[0] == desk.rows(case_no)[1]
    assert desk.owed(owner="li.qiang") == [("opinion", "open")]
    desk.office.look_after()
    assert desk.owed(case_no=fresh) == [("opinion", "open")]
    assert desk.renew(by="desk") == {"cases": 2, "changed": 0}


def test_a_step_between_registration_and_the_look_behind_it_keeps_its_tasks(desk: HandlingDesk) -> None:
    desk.office.book = replace(BOOK, duties=owed_from_the_start())
    case_no = desk.office.case_no()
    with desk.office.database.read() as connection:
        before = CaseFile(connection).find(case_no)
    assert before
    desk.step(case_no, "hand_over", owner="li.qiang")
    desk.step(case_no, "give_opinion", accountable="li.qiang", text="x", no_warning_reason="x")
    with desk.office.database.write() as uow:
        owe_at_once(desk.office.house(), uow, [before])
    assert desk.rows(case_no)[0] == desk.rows(case_no)[1]


def test_somebody_speaks_for_their_own_department_by_any_of_its_names(desk: HandlingDesk) -> None:
    boss = Person(id="boss", name="主管", roles=("complaints_desk",), phone="+12025550100")
    tester = Person(id="tester", name="检验员", roles=("technician",), phone="+12025550101", department="品质部")
    desk.office.people = People([boss, tester])
    case_no = desk.office.case_no(registrar="boss")
    desk.step(case_no, "request_analysis", by="boss", departments=["quality", "production"])
    finding = {"finding": "wrong mix", "ours": True}
    desk.step(case_no, "give_finding", by="tester", department="Quality", **finding)
    with pytest.raises(Forbidden):
        desk.step(case_no, "give_finding", by="tester", department="production", **finding)
    with pytest.raises(Forbidden):
        desk.put(case_no, by="stranger")


def test_an_owner_by_the_rules_owes_what_the_owner_owes(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no(region="south")
    desk.step(case_no, "determine_cause", cause="other", departments=["quality"], grounds="x", ours=False)
    assert desk.tasks(department="quality")["tasks"][0]["owed_by"]["name"] == {"zh": "品质部", "en": "Quality"}
    rules = {
        "assignment": "all",
        "rules": [{"name": "all", "to": {"people": ["li.qiang"]}}],
        "fallback": {"people": ["desk"]},
    }
    desk.office.ask_house("publish_assignment", rules=rules, by="desk")
    desk.step(case_no, "record_progress", text="x")
    desk.office.look_after()
    assert desk.owed(owner="li.qiang") == [("appraisal", "open")]
    assert desk.rows(case_no)[0] == desk.rows(case_no)[1]


def test_the_files_may_be_the_operators_own(tmp_path: Path) -> None:
    file = tmp_path / "duties.yaml"
    file.write_text("departments: {a: {names: {zh: 甲, en: A}}}\nduties: {}\n", encoding="utf-8")
    assert load_handbook(HandlingFiles(duties=file)).duties.code_of("甲") == "a"


def test_on_the_form_a_department_is_one_under_all_its_names(desk: HandlingDesk) -> None:
    case_no = desk.asked("quality", severity="serious")
    desk.step(case_no, "excuse_department", department="品质部", reason="on leave")
    desk.step(case_no, "give_opinion", accountable="desk", text="ours", no_warning_reason="one piece")
    desk.step(case_no, "propose_measure", department="品质部", measure="another mix")
    desk.step(case_no, "name_approvers", departments=["Quality", "quality", "production"], order="parallel")
    desk.step(case_no, "approve", department="quality")
    with pytest.raises(Conflict, match="品质部 has approved in this round already"):
        desk.step(case_no, "approve", department="Quality")
    with pytest.raises(Conflict, match="Logistics is not asked; named are 品质部, production"):
        desk.step(case_no, "approve", department="Logistics")
    assert desk.step(case_no, "approve", department="生产部")["handling"]["form"]["approved"]


def test_what_other_services_tell_changes_what_is_owed(desk: HandlingDesk) -> None:
    visit = {"says": {"zh": "写明上门所见", "en": "Say what was found"}, "steps": ["inspect"], "owed_by": "owner"}
    own = {"departments": {}, "duties": {"findings": {**visit, "after": "visit_done", "due": {"workdays": 1}}}}
    desk.office.book = replace(BOOK, duties=read_duties(own, "own", Known(load_people().knows, ROLES)))
    case_no = desk.office.case_no()
    desk.step(case_no, "hand_over", owner="li.qiang")
    done = Envelope("1", "/aftercare/maintenance", "order.completed.v1", "W-7", START, 1, {"case_no": case_no})
    desk.office.hear(done)
    assert desk.owed(owner="li.qiang") == [("findings", "open")]
