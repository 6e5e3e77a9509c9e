"""How content customers are, from the case to the figures, with what they hear of it (IN-17, NO-7)."""

from typing import Any

from tests.e2e.conftest import Running
from tests.support.waiting import wait_for


def asked_by_sms(suite: Running, word: str) -> bool:
    """Whether notify has taken a message to the customer over."""
    found = suite.suite.call("notify.messages", {"newest": True, "limit": 200})["messages"]
    return any(word in each["key"] and each["channel"] == "sms" for each in found)


def test_a_case_is_asked_about_and_a_round_asks_everybody(suite: Running) -> None:
    call = suite.suite.call
    customer: dict[str, Any] = call(
        "intake.add_customer", {"name": "Survey Buyer", "phones": ["+8613912345678"], "by": "desk"}
    )
    told = {"kind": "inquiry", "channel": "phone", "region": "survey", "subject": "s", "description": "d"}
    case_no = call("intake.register_case", {**told, "customer": {"phone": "13912345678"}})["case_no"]
    suite.done("case", "step", case_no, "resolve", "--by", "desk", "result=explained", "accountable=desk")

    said = suite.done("survey", "record", "--case", case_no, "--score", "2", "--text", "took long", "--by", "desk")
    assert said == f"{case_no}: 2 of 5 is on file.\n"
    case = call("intake.get_case", {"case_no": case_no})
    assert case["facts"][-1]["fact"] == "reaction_recorded"
    (answer,) = suite.told("survey", "list", "--case", case_no, "--at-most", "2")["surveys"]
    assert (answer["score"], answer["customer_id"]) == (2.0, customer["customer_id"])

    asked = suite.told("survey", "ask", "2026-Q4", "--by", "desk", "--rest-days", "0")
    assert asked["asked"] >= 1
    assert suite.told("survey", "ask", "2026-Q4", "--by", "desk", "--rest-days", "0")["asked"] == 0
    wait_for(lambda: asked_by_sms(suite, "survey/"), "notify has the question")

    rows = suite.told("survey", "statistics", "--by", "region,kind", "--region", "survey")["rows"]
    by_kind = {row["kind"]: row for row in rows}
    assert (by_kind["case"]["mean"], by_kind["case"]["answered"]) == (2.0, 1)
    assert by_kind["periodic"]["answered"] == 0
    page = suite.done("survey", "statistics", "--by", "kind", "--region", "survey")
    assert "2.00 (1.00 to 5.00)" in page
