"""One story for each way in that has none of its own yet: online, store, site, sales, authority (IN-1).

The hotline's evening is told in test_calls.py, the mailbox's day in test_mail.py.
"""

from datetime import timedelta
from typing import Any

import requests

from shared.kernel.instants import format_instant, parse_instant
from tests.e2e.conftest import Running

CASE = {"kind": "complaint", "region": "channels", "subject": "Grout turned white", "description": "After a week."}


def clocks(suite: Running, case_no: str) -> dict[str, Any]:
    """The newest of each clock of a case."""
    suite.done("clock", "forward", "1s")  # which waits until sla has heard of it
    return {clock["clock"]: clock for clock in suite.suite.call("sla.clocks", {"case_no": case_no})["clocks"]}


def later(suite: Running, hours: int) -> str:
    """An instant of the suite to come."""
    return format_instant(parse_instant(suite.told("clock", "show")["now"]) + timedelta(hours=hours))


def test_online_the_same_form_twice_is_one_case(suite: Running) -> None:
    intake = suite.suite.http["intake"]
    suite.done("token", "create", "website", "--scope", "clerk")
    key = {"Authorization": f"Bearer {(suite.data / 'token').read_text().strip()}"}
    form = CASE | {"channel": "online", "external_ref": "form-1", "customer": {"email": "buyer@customer.example"}}
    first = requests.post(f"{intake}/cases", json=form, headers=key, timeout=60)
    again = requests.post(f"{intake}/cases", json=form, headers=key, timeout=60)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_no"] == again.json()["case_no"]
    wrong = requests.post(f"{intake}/cases", json=form | {"kind": "song", "customer": 7}, headers=key, timeout=60)
    assert wrong.status_code == 422
    assert "kind" in wrong.text
    assert "customer" in wrong.text
    assert clocks(suite, first.json()["case_no"])["first_response"]["state"] == "running"


def test_at_the_counter_of_a_store(suite: Running) -> None:
    told = "case register --kind inquiry --channel store --region channels.shop --anonymous --subject Mixing"
    case_no = suite.told(*told.split(), "--description", "How much water for a sack?")["case_no"]
    suite.done("case", "step", case_no, "resolve", "--by", "desk", "result=five litres", "accountable=desk")
    found = clocks(suite, case_no)
    assert {found[name]["state"] for name in ("first_response", "resolution")} == {"met"}


def test_on_site_an_agreed_visit_is_kept_or_its_clock_says_so(suite: Running) -> None:
    told = "case register --kind guidance --channel onsite --region channels.site --subject Screed --registrar desk"
    case_no = suite.told(*told.split(), "--description", "It does not level.", "--phone", "13812349001")["case_no"]
    visit = f"visit_at={later(suite, 3)}"
    suite.done("case", "step", case_no, "make_appointment", "--by", "desk", visit)
    assert clocks(suite, case_no)["site_visit"]["state"] == "running"
    suite.done("case", "step", case_no, "arrive", "--by", "desk")
    assert clocks(suite, case_no)["site_visit"]["state"] == "met"


def test_what_sales_staff_bring_names_who_brought_it(suite: Running) -> None:
    told = "case register --kind suggestion --channel sales --region channels --registrar li.qiang --subject Sacks"
    case_no = suite.told(*told.split(), "--description", "Ten kilogrammes would do.", "--name", "Shop owner")["case_no"]
    assert suite.suite.call("intake.get_case", {"case_no": case_no})["facts"][0]["by"] == "li.qiang"
    suite.done("case", "step", case_no, "resolve", "--by", "desk", "result=thanked, passed on", "accountable=desk")
    assert suite.done("case", "step", case_no, "close", "--by", "desk")


def test_an_authority_s_date_is_its_clock(suite: Running) -> None:
    due = later(suite, 72)
    told = "case register --kind dispute --channel authority --region channels --subject Refund --phone 13812349002"
    authority = ["--authority", "consumer association", "--authority-reference", "CA-7", "--authority-reply-due", due]
    case_no = suite.told(*told.split(), "--description", "Asked to answer.", *authority)["case_no"]
    clock = clocks(suite, case_no)["authority_reply"]
    assert (clock["state"], parse_instant(clock["due_at"])) == ("running", parse_instant(due))
    suite.done("case", "step", case_no, "reply_to_authority", "--by", "desk", "reference=CA-7")
    assert clocks(suite, case_no)["authority_reply"]["state"] == "met"
