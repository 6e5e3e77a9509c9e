"""A customer from the first purchase to being forgotten: nothing is found of them anywhere, and the clocks go on."""

import json
import sqlite3
from pathlib import Path

import pytest

from shared.base.broker import SERVICES
from tests.e2e.conftest import Running
from tests.e2e.test_desk import settle

MARKS = ("司徒静怡", "13977775555", "jingyi@marks.example", "茶巷")
TEXT = "司徒 静怡 (139-7777-5555, Jingyi@marks.example) 住茶巷 3 号"
ADD = (
    "customer add --name 司徒静怡 --phone 13977775555 --email jingyi@marks.example --order O-77 --model DM-30 "
    "--serial-no SN-77 --purchased-on 2026-03-15 --address 茶巷3号"
).split()
REPAIR = (
    "case register --kind repair --channel phone --name 司徒静怡 --phone 13977775555 --email jingyi@marks.example "
    "--serial-no SN-77 --region south.guangdong --occurred-at 2026-10-09T22:00:00+08:00"
).split()
LINE = (
    "maintenance register --serial-no SN-77 --model DM-30 --site 茶巷3号 --region south.guangdong "
    "--administrator 司徒静怡 --phone 13977775555 --email jingyi@marks.example"
).split()
BY = ("--by", "south-desk")


def rows(suite: Running, service: str) -> list[str]:
    """Every row of a service's database as text."""
    with sqlite3.connect(suite.data / f"{service}.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [f"{service}.{table}: {row}" for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]


def marked(suite: Running) -> list[str]:
    """The rows of all services in which any of her data stand."""
    return [row for service in SERVICES for row in rows(suite, service) if any(mark in row for mark in MARKS)]


@pytest.fixture(scope="module")
def hers(suite: Running) -> tuple[str, str]:
    """Her file, and her case with her data in all that is written about it."""
    customer_id: str = suite.told(*ADD)["customer_id"]
    number: str = suite.told(*REPAIR, "--subject", TEXT, "--description", TEXT)["case_no"]
    suite.done("case", "step", number, "hand_over", *BY, "owner=south-desk")
    suite.done("case", "step", number, "reply", *BY, f"text={TEXT}", "plan=x", "by_when=2026-10-30T18:00:00+08:00")
    suite.done(*LINE)
    with suite.suite.rpc() as rpc:
        message = {"channel": "sms", "to": "13977775555", "text": TEXT}
        rpc.call("notify.send", {"key": "e2e of 13977775555", **message, "request_id": "for 13977775555"})
        call = {"call_id": "e2e-77", "from": "13977775555", "to": "02012345678", "direction": "in"}
        for event in ("newCall", "answer", "hangup"):
            rpc.call("intake.call_event", {**call, "event": event, "user": "desk"})
        via = {"channel": "email", "address": "jingyi@marks.example"}
        rpc.call("notify.subscribe", {"team": "south", "pattern": "alert.#", "via": via})
    settle(suite)
    return customer_id, number


def test_she_is_recognised_and_her_repair_is_within_warranty(suite: Running, hers: tuple[str, str]) -> None:
    customer_id, case_no = hers
    page = suite.done("customer", "find", "--serial-no", "SN-77")
    assert customer_id in page
    assert "Calls" in page
    assert "on correct use: warranty from purchase on 2026-03-15 until 2027-03-15" in page
    assert "保修期自购买之日 2026-03-15 起至 2027-03-15 止" in suite.done("case", "show", case_no, "--lang", "zh")
    case = suite.told("case", "show", case_no)["case"]
    assert (case["customer_id"], case["warranty"]["state"]) == (customer_id, "in")
    with suite.suite.rpc() as rpc:
        found = rpc.call("intake.lookup_caller", {"phone": "+86 139 7777 5555"})
    assert found["customer"]["customer_id"] == customer_id
    assert [each["case_no"] for each in found["open_cases"]] == [case_no]


def test_she_gets_all_that_is_held_about_her(suite: Running, hers: tuple[str, str]) -> None:
    customer_id, case_no = hers
    told = suite.done("customer", "export", "--customer-id", customer_id, *BY)
    held = json.loads(told)
    assert [case["case_no"] for case in held["cases"]] == [case_no]
    assert held["messages"]
    assert all(mark in told for mark in MARKS)


def test_nothing_is_found_of_her_and_the_clocks_go_on(suite: Running, hers: tuple[str, str]) -> None:
    customer_id, case_no = hers
    before = suite.told("case", "show", case_no)
    assert {row.split(".")[0] for row in marked(suite)} >= {"intake", "notify", "maintenance"}
    erase = ("customer", "erase", "--customer-id", customer_id, *BY, "--reason", f"asked by {TEXT}")
    assert "This would go: 1 cases" in suite.done(*erase)
    assert suite.told("case", "show", case_no) == before
    assert "Still open" in suite.done(*erase, "--yes")
    settle(suite)
    assert marked(suite) == []
    after = suite.told("case", "show", case_no)
    assert after["case"]["facts"][-1]["fact"] == "personal_data_erased"
    assert [clock["due_at"] for clock in after["clocks"]] == [clock["due_at"] for clock in before["clocks"]]
    suite.done("case", "step", case_no, "start_investigation", *BY)
    suite.done("clock", "forward", "3h")
    assert suite.told("parked", "list")["messages"] == []
    assert marked(suite) == []
    assert "Personal data erased" in suite.done("customer", "show", customer_id)


def test_a_table_of_customers_goes_in_and_what_is_wrong_is_told(suite: Running, tmp_path: Path) -> None:
    rows = tmp_path / "crm.csv"
    rows.write_text(
        "external_ref,name,phone,model,serial_no,purchased_on,protected\n"
        "K-1,陆一,13900000001;020-87654321,DM-30,SN-K1,2026-01-31,\n"
        "K-1,陆一,,DM-40,SN-K2,,\n"
        "K-2,陆二,95588,,,,\n"
        "K-3,陆三,13900000003,,,,maybe\n",
        encoding="utf-8",
    )
    ended = suite.aftercare("customer", "import", str(rows), "--json")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["rows"], told["new"], told["known"], told["refused"]) == (1, 4, 1, 1, 2)
    assert "short number" in Path(told["report"]).read_text(encoding="utf-8")
    found = suite.told("customer", "find", "--serial-no", "SN-K2")["customer"]
    assert (found["phones"], len(found["equipment"])) == (["+8613900000001", "+862087654321"], 2)
    again = json.loads(suite.aftercare("customer", "import", str(rows), "--json").stdout)
    assert (again["new"], again["refused"]) == (1, 2), "the first answers are given again"
