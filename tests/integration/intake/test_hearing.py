"""What other services tell comes back to the case as a fact."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events import Envelope
from shared.kernel.errors import Invalid
from tests.integration.intake.office import Office

TOLD_AT = datetime(2026, 10, 9, 15, 0, tzinfo=UTC)


def told(type_: str, data: dict[str, Any], subject: str = "W-1", service: str = "escalation") -> Envelope:
    return Envelope("id-1", f"/aftercare/{service}", type_, subject, TOLD_AT, 1, data)


def test_the_head_has_heard_of_it(office: Office) -> None:
    case_no = office.case_no()
    office.hear(told("escalation.acknowledged.v1", {"case_no": case_no, "by": "desk"}))
    assert office.get(case_no)["version"] == 1, "only the head's own acknowledgement counts"
    office.hear(told("escalation.acknowledged.v1", {"case_no": case_no, "by": "总经理", "level": 4}))
    fact = office.get(case_no)["facts"][-1]
    assert (fact["fact"], fact["by"], fact["at"]) == ("head_acknowledged", "总经理", "2026-10-09T23:00:00+08:00")
    assert office.said()[-1]["type"] == "case.head_acknowledged.v1"


def test_a_team_and_visits_come_back(office: Office) -> None:
    case_no = office.case_no()
    office.hear(told("team.formed.v1", {"case": {"case_no": case_no}, "at": "2026-10-09T22:30:00+08:00"}))
    for done in ("planned", "completed"):
        office.hear(told(f"order.{done}.v1", {"case_no": case_no}, subject="W-7", service="maintenance"))
    team, planned, completed = office.get(case_no)["facts"][1:]
    assert (team["fact"], team["by"], team["at"]) == ("team_formed", "system:escalation", "2026-10-09T22:30:00+08:00")
    assert (planned["fact"], planned["key"], planned["by"]) == ("visit_planned", "W-7", "system:maintenance")
    assert (completed["fact"], completed["key"]) == ("visit_done", "W-7")


def test_a_closed_case_still_learns_what_happened(office: Office) -> None:
    case_no = office.case_no()
    office.step(case_no, "withdraw", reason="x")
    office.hear(told("team.formed.v1", {"case_no": case_no}))
    case = office.get(case_no)
    assert (case["state"], case["facts"][-1]["fact"]) == ("withdrawn", "team_formed")


@pytest.mark.parametrize("data", [{}, {"order": 1}, {"case_no": "100000000008"}, {"case": {}}])
def test_what_concerns_no_case_of_ours_is_left_alone(office: Office, data: dict[str, Any]) -> None:
    office.hear(told("order.planned.v1", data, service="maintenance"))
    assert office.said() == []


def test_what_cannot_be_read_is_refused(office: Office) -> None:
    with pytest.raises(Invalid):
        office.hear(told("team.formed.v1", {"case_no": 7}))
