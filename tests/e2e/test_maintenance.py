"""A line is kept: planned, visited, found broken; the repair case and its order know each other (MA-4, MA-5)."""

import pytest
import requests
import vobject

from tests.e2e.conftest import Running
from tests.e2e.test_desk import settle

LINE = (
    "maintenance register --serial-no SN-E2E --model DM-30 --site 二号车间 --region south.guangdong "
    "--administrator 林工 --phone 13812345679"
).split()


@pytest.fixture(scope="module")
def order_no(suite: Running) -> str:
    """An order that fell due while the suite's story goes on."""
    line = suite.told(*LINE)["equipment_id"]
    suite.done("maintenance", "plan", line, "routine", "--anchor", "2026-10-31", "--by", "south-desk")
    suite.done("maintenance", "plan", line, "quarterly", "--anchor", "2026-10-20")
    settle(suite)
    (order,) = suite.told("maintenance", "orders", "--equipment", line)["orders"]
    assert (order["level"], order["due_on"]) == ("quarterly", "2026-10-20")
    number: str = order["order_no"]
    return number


def test_a_failed_item_opens_a_repair_case_and_the_two_refer_to_each_other(suite: Running, order_no: str) -> None:
    said = suite.done(
        *("maintenance", "schedule", order_no, "--by", "south-desk"),
        *("--technician", "technician-south", "--at", "2026-10-20T10:00:00+08:00"),
    )
    assert "technician-south comes Tue 2026-10-20 10:00:00 +08:00" in said
    suite.done("maintenance", "start", order_no, "--by", "technician-south")
    refused = suite.aftercare("maintenance", "complete", order_no, "--by", "technician-south", "motors=ok@0.1")
    assert refused.returncode == 2
    assert "items.0.reading: 0.1 MΩ is out of range" in refused.stderr
    assert "items.cabinets: is not answered" in refused.stderr
    suite.done(
        *("maintenance", "complete", order_no, "--by", "technician-south", "--rest-ok"),
        *("motors=ok@2.5", "feedback_test=failed:No feedback from mixer 2."),
    )
    settle(suite)
    order = suite.told("maintenance", "order", order_no)
    (defect,) = order["defects"]
    case = suite.told("case", "show", defect["case_no"])["case"]
    assert (case["kind"], case["channel"], case["external_ref"]) == ("repair", "maintenance", defect["defect_id"])
    assert order_no in case["description"]
    assert case["customer"]["phone"] == "+8613812345679"
    assert defect["case_no"] in suite.done("maintenance", "equipment", order["equipment_id"])
    assert "No feedback from mixer 2." in suite.done("maintenance", "order", order_no, "--lang", "zh")
    assert suite.told("parked", "list")["messages"] == []


def test_the_technicians_calendar_is_read_by_another_library(suite: Running, order_no: str) -> None:
    answer = requests.get(f"{suite.suite.http['maintenance']}/calendars/technician/technician-south.ics", timeout=60)
    answer.encoding = "utf-8"
    uids = [event.uid.value for event in vobject.readOne(answer.text).contents["vevent"]]
    assert uids == [f"{order_no}@maintenance.aftercare"]
    missing = requests.get(f"{suite.suite.http['maintenance']}/calendars/technician/nobody.ics", timeout=60)
    assert missing.status_code == 404
