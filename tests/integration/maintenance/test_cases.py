"""The repair case that a defect opened is kept at the defect, in whatever order its events come (MA-5)."""

from typing import Any

import pytest

from shared.kernel.errors import Rejected
from tests.integration.maintenance.workshop import Workshop

DEFECT = "D-W1-0-motors"


@pytest.fixture
def broken(workshop: Workshop) -> Workshop:
    """A workshop whose first order found the motors broken."""
    workshop.planned_line("2026-01-31")
    workshop.forward("2026-01-20 10:00")
    workshop.at_work("W1-0", "2026-01-30 10:00")
    answers = workshop.answers("W1-0", motors={"result": "failed", "note": "loud"})
    workshop.do("complete_order", order_no="W1-0", by="technician-south", items=answers)
    workshop.said()
    return workshop


def case(**changed: Any) -> dict[str, Any]:
    told = {
        "case_no": "260000000017",
        "mode": "live",
        "version": 1,
        "state": "registered",
        "source": "maintenance",
        "external_ref": DEFECT,
    }
    return {name: value for name, value in {**told, **changed}.items() if value is not None}


def linked(workshop: Workshop) -> tuple[Any, Any]:
    (defect,) = workshop.ask("get_equipment", equipment_id="E1")["defects"]
    assert workshop.ask("orders")["orders"][0]["defects"] == [defect]
    return defect.get("case_no"), defect.get("case_state")


def test_a_defect_keeps_its_case_and_what_becomes_of_it(broken: Workshop) -> None:
    assert linked(broken) == (None, None)
    broken.hear(case())
    assert linked(broken) == ("260000000017", "registered")
    broken.hear(case(version=9, state="closed"))
    broken.hear(case(version=7, state="resolved"))
    assert linked(broken) == ("260000000017", "closed"), "the newest version counts, not the newest message"
    assert broken.said() == []


@pytest.mark.parametrize(
    "changed",
    [{"mode": "history"}, {"source": None}, {"source": "phone"}, {"external_ref": None}, {"external_ref": "D-W9-9-x"}],
)
def test_what_is_history_or_no_defect_of_ours_changes_nothing(broken: Workshop, changed: dict[str, Any]) -> None:
    broken.hear(case(**changed))
    assert linked(broken) == (None, None)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("data", [{"mode": "live", "source": "maintenance", "external_ref": DEFECT}, {}, "case"])
def test_what_is_no_case_is_parked(broken: Workshop, data: Any) -> None:
    with pytest.raises(Rejected):
        broken.hear(data)
