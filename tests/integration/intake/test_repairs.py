"""What maintenance finds broken becomes a repair case, once (MA-5)."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events import CATALOGUE, Envelope
from shared.kernel.errors import Invalid
from tests.integration.intake.office import Office

FOUND_AT = datetime(2026, 10, 9, 13, 30, tzinfo=UTC)
FOUND: dict[str, Any] = {
    "by": "technician-south",
    "at": "2026-10-09T21:30:00+08:00",
    "order": {
        "order_no": "W-7Q2K-3",
        "equipment_id": "E-7Q2K",
        "level": "routine",
        "slot": 3,
        "state": "done",
        "region": "south.guangdong",
        "due_on": "2026-10-09",
        "due_at": "2026-10-09T18:00:00+08:00",
    },
    "equipment": {
        "equipment_id": "E-7Q2K",
        "model": "DM-30",
        "serial_no": "SN-1",
        "site": "二号车间",
        "region": "south.guangdong",
        "administrator": {"name": "林工", "phone": "+8613800138000", "email": None},
    },
    "defect": {
        "defect_id": "D-W-7Q2K-3-motors",
        "item": "motors",
        "text": {"zh": "电机测试", "en": "Motors tested"},
        "note": "bearing\nis loud",
        "reading": "11.5 mm/s",
    },
}


def found(event_id: str = "id-1", **changed: Any) -> Envelope:
    data = deepcopy(FOUND)
    for path, value in changed.items():
        part, _, name = path.partition("__")
        data[part] = {**data[part], name: value} if name else value
    return Envelope(event_id, "/aftercare/maintenance", "defect.found.v1", "W-7Q2K-3", FOUND_AT, 5, data)


def test_the_example_is_what_the_catalogue_says() -> None:
    assert CATALOGUE["defect.found.v1"].schema().validate(FOUND) == {}


def test_a_defect_becomes_a_repair_case_that_names_its_order(office: Office) -> None:
    office.hear(found())
    (event,) = office.said()
    told = event["data"]["case"]
    assert (event["type"], told["kind"], told["channel"]) == ("case.registered.v1", "repair", "maintenance")
    assert (told["source"], told["external_ref"]) == ("maintenance", "D-W-7Q2K-3-motors")
    assert told["product"] == {"model": "DM-30", "serial_no": "SN-1"}
    assert told["facts"][0]["at"] == "2026-10-09T21:30:00+08:00"
    case = office.get(told["case_no"])
    assert case["customer"] == {"name": "林工", "phone": "+8613800138000", "anonymous": False}
    assert case["region"] == "south.guangdong"
    assert case["subject"] == "电机测试 / Motors tested (DM-30 SN-1)"
    lines = ("W-7Q2K-3", "D-W-7Q2K-3-motors", "11.5 mm/s", "is loud", "二号车间", "technician-south")
    assert all(line in case["description"] for line in lines)


def test_a_defect_told_again_is_the_same_case(office: Office) -> None:
    office.hear(found("id-1"))
    office.hear(replace(found("id-2"), sequence=6))
    assert len(office.said()) == 1


def test_equipment_without_an_administrator_has_a_case_all_the_same(office: Office) -> None:
    office.hear(found(equipment__administrator=None, defect__note=None, defect__reading=None, by=None))
    (event,) = office.said()
    case = office.get(event["subject"])
    assert case["customer"] == {"anonymous": False}
    assert "note" not in case["description"]


def test_a_long_text_is_cut_only_in_the_subject(office: Office) -> None:
    office.hear(found(defect__text={"zh": "长" * 400, "en": "l" * 400}))
    case = office.get(office.said()[0]["subject"])
    assert len(case["subject"]) == 500
    assert "l" * 400 in case["description"]


def test_what_is_no_defect_is_refused_with_every_field(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.hear(found(defect__defect_id="", equipment__region="South!", equipment__administrator={"phone": "1"}))
    assert set(refused.value.detail) == {
        "defect.defect_id",
        "equipment.region",
        "equipment.administrator.phone",
    }
