"""Warranty where it is needed: on the customer's page, for the caller, on the case (IN-12)."""

from datetime import timedelta

from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office

PUMP = {"model": "DM-30", "serial_no": "SN-1", "purchased_on": "2025-10-09", "shipped_on": "2025-10-10"}


def test_where_it_is_shown(office: Office) -> None:
    counter = Counter(office)
    page = counter.add(name="李娜", phones=["13900139000"], equipment=[PUMP, {"model": "T1"}])
    # In Shanghai it is still 9 October: the last day.
    assert [item["warranty"]["state"] for item in page["equipment"]] == ["in", "unknown"]
    assert office.lookup("13900139000")["equipment"][0]["warranty"]["ends_on"] == "2026-10-09"
    case_no = office.case_no(kind="repair", customer={"phone": "13900139000"}, product={"serial_no": "SN-1"})
    assert office.get(case_no)["warranty"]["state"] == "in", "the days come from the customer file"
    later = office.case_no(kind="repair", product={**PUMP, "purchased_on": "2024-02-29"})
    assert office.get(later)["warranty"]["ends_on"] == "2025-02-28"
    office.clock.forward(timedelta(hours=3))
    assert counter.page(serial_no="SN-1")["equipment"][0]["warranty"]["state"] == "out", "a day later"
    assert office.get(case_no)["warranty"]["state"] == "in", "it counts when the case came in"
    office.step(
        case_no, "determine_cause", cause="human_factor", departments=["service"], grounds="opened it", ours=False
    )
    assert office.get(case_no)["warranty"]["state"] == "out"
    assert "correctly" in office.get(case_no)["warranty"]["explanation"]["en"]
    assert "warranty" not in office.get(office.case_no())
