"""Erasing on a real database: nothing of the person is left in any row, the record is whole, and says so (AL-4)."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.domain.replay import replay
from services.intake.domain.sealing import lasting, seal
from services.intake.storage.repository import CaseFile
from services.intake.storage.tables import MESSAGING, cases, entries
from shared.kernel.errors import Conflict, NotFound
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office
from tests.support.dump import dump, lines_with

MARKS = ("欧阳娜娜", "13911112222", "139 1111 2222", "nana@marks.example", "柳巷", "nana-at-marks")
TEXT = "欧阳 娜娜 (tel. +86 139-1111-2222, NaNa@marks.example) 住 柳巷 7 号"
NANA: dict[str, Any] = {"name": "欧阳娜娜", "phone": "13911112222", "email": "nana@marks.example"}


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office)


def marked_case(office: Office, **more: Any) -> str:
    """A case with her data in every text that a request may hold."""
    case_no = office.case_no(
        customer=NANA,
        subject=TEXT,
        demand=TEXT,
        description=TEXT,
        source="form of nana@marks.example",
        external_ref="13911112222-1",
        product={"model": TEXT, "serial_no": "SN-7", "batch": "欧阳娜娜"},
        **more,
    )
    office.step(case_no, "correct", set={"customer": {"name": "欧阳 娜娜"}, "description": TEXT}, reason=TEXT)
    office.step(case_no, "hand_over", owner="desk")
    office.step(case_no, "inspect", findings=TEXT, evidence=[{"ref": "photos/13911112222.jpg"}])
    office.step(case_no, "reply", text=TEXT, plan=TEXT, by_when="2026-10-20T18:00:00+08:00")
    return case_no


def on_file(counter: Counter) -> str:
    found: str = counter.add(
        name="欧阳娜娜",
        phones=["13911112222"],
        emails=["nana@marks.example"],
        address="柳巷 7 号",
        source="crm",
        external_ref="nana-at-marks",
        orders=[{"order_no": "O-7"}],
        equipment=[{"model": "DM-30", "serial_no": "SN-7", "site": "柳巷 7 号"}],
    )["customer_id"]
    return found


def kept_entries(office: Office, case_no: str) -> list[Any]:
    query = sa.select(entries).join(cases, cases.c.id == entries.c.case_id).where(cases.c.case_no == case_no)
    with office.database.read() as connection:
        return list(connection.execute(query.order_by(entries.c.seq)))


def test_nothing_is_left_and_the_record_is_whole(counter: Counter, office: Office) -> None:
    other = office.case_no(customer={"name": "王芳", "phone": "13900139000"}, description="欧阳娜娜 is a neighbour")
    known, case_no = on_file(counter), marked_case(office)
    keep_answer(office, case_no)
    before, sealed = office.get(case_no), kept_entries(office, case_no)
    foreseen = counter.erase(customer_id=known, dry_run=True)
    assert foreseen["dry_run"]
    assert foreseen["cases"] == foreseen["open_cases"] == [case_no]
    assert office.get(case_no) == before
    answer = counter.erase(customer_id=known, reason=TEXT)
    assert answer["rows"] == foreseen["rows"]
    left = [line for line in lines_with(dump(office.database), *MARKS) if "neighbour" not in line]
    assert left == []
    after = office.get(case_no)
    assert {name for name in before if before[name] != after[name]} == {
        "customer", "subject", "demand", "description", "source", "external_ref", "product",
        "version", "facts", "milestones", "history",
    }  # fmt: skip
    assert [lasting(fact) for fact in after["facts"][:-1]] == [lasting(fact) for fact in before["facts"]]
    last = after["history"][-1]
    assert (last["fact"], last["by"], last["detail"]["reason"]) == (
        "personal_data_erased",
        "desk",
        "[erased] (tel. [erased], [erased]) 住 [erased]",
    )
    assert office.get(other)["description"] == "欧阳娜娜 is a neighbour"
    office.step(case_no, "record_progress", text="goes on")
    for old, new in zip(sealed, kept_entries(office, case_no), strict=False):
        assert seal(old.salt, old.body, old.detail) == old.seal == new.seal
        assert (new.salt is None) == ((old.body, old.detail) != (new.body, new.detail))
    page = counter.page(customer_id=known)
    assert (page["erased_by"], page["phones"], page["equipment"]) == ("desk", [], [])
    assert "name" not in page
    with pytest.raises(Conflict):
        counter.add(customer_id=known, name="x")


def keep_answer(office: Office, case_no: str) -> None:
    """An answer kept by its request id and an event that is parked, as the service keeps them."""
    held = {"queue": "intake.brought-back", "event_id": "e-1", "type": "order.planned.v1", "state": "parked"}
    more = {"reason": f"no such case: {TEXT}", "attempts": 1, "held_at": office.clock.now()}
    body = json.dumps({"data": {"order": {"administrator": NANA, "note": TEXT}}})
    row = {"method": "take_step", "request_id": "for 13911112222", "answered_at": office.clock.now()}
    with office.database.write() as uow:
        uow.connection.execute(
            MESSAGING.answers.insert(), row | {"answer": json.loads(json.dumps(office.get(case_no)))}
        )
        uow.connection.execute(MESSAGING.held.insert(), {**held, **more, "body": body})


def test_the_case_is_still_what_its_entries_make_of_it(counter: Counter, office: Office) -> None:
    case_no = marked_case(office)
    counter.erase(phone="13911112222")
    with office.database.read() as connection:
        file = CaseFile(connection)
        kept = file.find(case_no)
        assert kept
        again = replay(case_no, [entry for entry, _version in file.history(kept)])
    assert again.customer == kept.case.customer
    assert (again.account, again.product) == (kept.case.account, kept.case.product)
    assert office.find(text="欧阳")["cases"] == []
    assert [case["case_no"] for case in office.find(text="erased")["cases"]] == [case_no]


def test_the_others_are_told_without_a_word_of_it(counter: Counter, office: Office) -> None:
    known = on_file(counter)
    case_no = marked_case(office)
    counter.erase(customer_id=known)
    said = {each["type"]: each for each in office.said()}
    told = said["customer.erased.v1"]
    assert (told["subject"], told["data"]["cases"]) == (known, [case_no])
    assert {term["kind"] for term in told["data"]["terms"]} == {"name", "phone", "email"}
    assert not any(mark in json.dumps(told, ensure_ascii=False) for mark in MARKS)
    erased = said["case.personal_data_erased.v1"]["data"]["case"]
    assert erased["customer"] == {"anonymous": False}


def test_what_is_somebody_elses_too_stays_with_them(counter: Counter, office: Office) -> None:
    shared = {"phones": ["02087654321"]}
    first = counter.add(name="陈一", emails=["one@marks.example"], **shared)["customer_id"]
    second = counter.add(name="陈二", **shared)["customer_id"]
    hers = office.case_no(customer={"name": "陈一", "email": "one@marks.example", "phone": "02087654321"})
    unclear = office.case_no(customer={"name": "陈二", "phone": "02087654321"})
    with pytest.raises(Conflict) as refused:
        counter.erase(phone="02087654321")
    assert len(refused.value.detail["candidates"]) == 2
    assert counter.erase(customer_id=first)["cases"] == [hers]
    assert counter.page(customer_id=second)["phones"] == ["+862087654321"]
    assert office.get(unclear)["customer"]["phone"] == "+862087654321"
    assert office.get(hers)["customer"] == {"anonymous": False}


def test_nobody_is_found_twice_and_erasing_again_changes_nothing(counter: Counter, office: Office) -> None:
    known = on_file(counter)
    case_no = marked_case(office)
    counter.erase(customer_id=known)
    version = office.get(case_no)["version"]
    assert counter.erase(customer_id=known)["rows"] == {}
    assert office.get(case_no)["version"] == version
    for wanted in ({"phone": "13911112222"}, {"email": "nana@marks.example"}):
        with pytest.raises(NotFound):
            counter.erase(**wanted)


def test_an_export_holds_everything(counter: Counter, office: Office) -> None:
    known = on_file(counter)
    case_no = marked_case(office)
    told = json.dumps(counter.export(customer_id=known), ensure_ascii=False)
    assert all(mark in told for mark in ("欧阳娜娜", "+8613911112222", "nana@marks.example", "柳巷", case_no, "O-7"))
