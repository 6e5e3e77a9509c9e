"""The customer file on a real database: completing, finding, linking; nobody guesses (IN-10)."""

from typing import Any

import pytest

from shared.kernel.errors import Conflict, Invalid, NotFound
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office

LI: dict[str, Any] = {
    "name": "李 娜",
    "phones": ["13900139000"],
    "emails": ["li@customer.example"],
    "orders": [{"order_no": "O-1", "ordered_on": "2026-03-01"}],
    "equipment": [{"model": "DM-30", "serial_no": "SN-1", "order_no": "O-2", "purchased_on": "2026-03-02"}],
}
OF_LI = {"name": "李娜", "phone": "13900139000"}


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office)


def test_found_by_whatever_is_known(counter: Counter) -> None:
    added = counter.add(**LI)
    assert added["created"]
    assert [each["order_no"] for each in added["orders"]] == ["O-1", "O-2"]
    for known in (
        {"customer_id": added["customer_id"]},
        {"phone": "+86 139 0013 9000"},
        {"email": "li@CUSTOMER.example"},
        {"name": "李娜"},
        {"serial_no": "SN-1"},
        {"order_no": "O-2"},
        {"name": "李娜", "phone": "13900139000"},
    ):
        assert counter.page(**known)["customer_id"] == added["customer_id"], known
    with pytest.raises(NotFound):
        counter.get(phone="13900139000", name="王芳")


def test_told_again_it_is_completed(counter: Counter, office: Office) -> None:
    first = counter.add(source="crm", external_ref="K-7", **LI)
    same = counter.add(source="crm", external_ref="K-7", **LI)
    assert (same["customer_id"], same["created"], same["changed"]) == (first["customer_id"], False, [])
    more = counter.add(
        source="crm",
        external_ref="K-7",
        phones=["13900139001"],
        equipment=[{"serial_no": "SN-1", "site": "Hall 2"}, {"model": "DM-40"}],
        no_longer={"phones": ["13900139000"]},
    )
    assert more["phones"] == ["+8613900139001"]
    assert more["version"] == 2
    assert more["equipment"][0] | {"site": "Hall 2", "purchased_on": "2026-03-02"} == more["equipment"][0]
    assert len(more["equipment"]) == 2
    said = [each for each in office.said() if each["type"] == "customer.changed.v1"]
    assert [each["sequence"] for each in said] == ["1", "2"]
    assert not any(known in str(said) for known in ("900139", "李")), "no queue holds the customer's data"


def test_a_customer_of_another_reference_is_somebody_else(counter: Counter) -> None:
    known = counter.add(external_ref="K-7", **LI)["customer_id"]
    with pytest.raises(Conflict):
        counter.add(customer_id=known, external_ref="K-8")
    other = counter.add(name="王芳")["customer_id"]
    for told in ({"customer_id": other, "external_ref": "K-7"}, {"customer_id": known, "source": "crm"}):
        with pytest.raises(Conflict):
            counter.add(**told)
    assert counter.add(customer_id=other, external_ref="K-9")["changed"] == ["external_ref"]
    with pytest.raises(NotFound):
        counter.add(customer_id="C1", name="x")
    with pytest.raises(Invalid):
        counter.add(by="desk")


def test_a_case_is_its_customers(counter: Counter, office: Office) -> None:
    before = office.case_no(customer=OF_LI)
    hidden = office.case_no(customer={**OF_LI, "anonymous": True})
    known = counter.add(**LI)["customer_id"]
    after = office.case_no(customer={"email": "li@customer.example"})
    office.case_no(customer={"phone": "13900139009"})
    assert [office.get(each).get("customer_id") for each in (before, hidden, after)] == [known, None, known]
    assert [case["case_no"] for case in counter.page(customer_id=known)["cases"]] == [after, before]
    found = office.lookup("13900139000")
    assert found["customer"] == {
        "customer_id": known,
        "name": "李 娜",
        "phone": "+8613900139000",
        "email": "li@customer.example",
    }
    assert found["equipment"][0]["serial_no"] == "SN-1"


def test_a_corrected_number_finds_its_customer(counter: Counter, office: Office) -> None:
    known = counter.add(**LI)["customer_id"]
    case_no = office.case_no(customer={"phone": "13900139009"})
    office.step(case_no, "correct", set={"customer": {"phone": "13900139000"}}, reason="mistyped")
    assert office.get(case_no)["customer_id"] == known
    office.step(case_no, "correct", set={"customer": {"anonymous": True}}, reason="asked")
    assert "customer_id" not in office.get(case_no)


def test_a_number_of_two_is_nobodys(counter: Counter, office: Office) -> None:
    both = [counter.add(**{**LI, "emails": []})["customer_id"], counter.add(**{**LI, "name": "王芳"})["customer_id"]]
    case_no = office.case_no(customer=OF_LI)
    assert "customer_id" not in office.get(case_no)
    found = office.lookup("13900139000")
    assert [each["customer_id"] for each in found["candidates"]] == both
    assert "customer" not in found
    assert found["equipment"] == []
    assert [each["customer_id"] for each in counter.get(phone="13900139000")["candidates"]] == both


def test_of_several_the_clerk_names_one(counter: Counter, office: Office) -> None:
    counter.add(**{**LI, "emails": []})
    second = counter.add(**{**LI, "name": "王芳"})["customer_id"]
    case_no = office.case_no(customer={**OF_LI, "customer_id": second})
    assert office.get(case_no)["customer_id"] == second
    with pytest.raises(Invalid) as refused:
        office.case_no(customer={"customer_id": "C1"})
    assert "customer.customer_id" in refused.value.detail
    with pytest.raises(Invalid):
        office.case_no(customer={"customer_id": second, "anonymous": True})


def test_a_protected_customer_is_named_to_those_alone_who_ask_for_the_identity(counter: Counter) -> None:
    known = counter.add(**LI, protected=True)["customer_id"]
    page = counter.page(customer_id=known)
    assert "name" not in page
    assert page["phones"] == []
    assert page["protected"]
    assert counter.page(customer_id=known, identity=True)["phones"] == ["+8613900139000"]
    assert counter.office.lookup("13900139000") == {"open_cases": [], "equipment": [], "calls": [], "repeat": False}
