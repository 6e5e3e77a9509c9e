"""The demo as a user runs it: the story is told, the figures add up, the report is whole, and nothing stays behind."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from shared.cli.demo.journal import Journal
from shared.cli.demo.tally import tally
from shared.nodes.process import OWNER

MAIN = Path(__file__).parents[2]
CASES = 30
SECONDS = 900


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "demo"


@pytest.fixture(scope="module")
def told(data):
    """What the demo prints; it must end well."""
    command = [
        sys.executable,
        "-m",
        "shared.cli.main",
        "demo",
        "--cases",
        str(CASES),
        "--seed",
        "1",
        "--data",
        str(data),
    ]
    # An operator's own settings must not reach the demo's suite.
    environment = {**os.environ, "AFTERCARE_NOTIFY_SMTP_URL": "smtp://127.0.0.1:1", "AFTERCARE_PEOPLE": "/none.yaml"}
    ended = subprocess.run(
        command, cwd=MAIN, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr
    return ended.stdout


@pytest.mark.parametrize(
    "line",
    [
        r"Foshan +registered: complaint, minor, by hotline, Foshan",
        r"Tue 13 Oct 09:00  Foshan +BREACHED: first answer was due Tue 13 Oct 09:00",
        r"Foshan +promised: the customer has an answer by Tue 13 Oct 09:00",
        r"Foshan +handed over to south-desk",
        r"Foshan +warned: 50% of the limit for first answer",
        r"Foshan +warned: 80% of the limit for first answer",
        r"Foshan +escalated to south-desk \(level 1",
        r"Foshan +escalated to desk, aftersales-lead \(level 2",
        r"Foshan +escalated to sales-vp \(level 3",
        r"Foshan +acknowledged by sales-vp",
        r"Foshan +told the customer by SMS: receipt",
        r"Foshan +told sales-vp by e-mail: called on to act, with a code",
        r"Foshan +resolved by desk",
        r"Wed 14 Oct 23:30  Night +registered: accident, major",
        r"Wed 14 Oct 23:30  Night +told general-manager by SMS: a major case",
        r"Night +team formed: sales-vp leads, with desk, south-desk",
        r"Night +the head has acknowledged: general-manager",
        r"Night +the team's report has come",
        r"Night +kept: the team's opinion",
        r"Again +registered: complaint",
        r"Again +escalated to ",
        r"Line +maintenance planned: quarterly upkeep",
        r"Line +due soon: quarterly upkeep",
        r"Line +OVERDUE: routine upkeep",
        r"Line +done: quarterly upkeep",
        r"Line +failed item: Motors tested; a repair case is opened",
        r"Line +registered: repair, minor, by maintenance",
        r"everybody else: \d+ cases, \d+ resolved",
        r"… assigned by rules +[1-9]",
    ],
)
def test_the_story_is_told(told, line):
    assert re.search(line, told), line


def test_the_summary_is_what_the_events_say(told, data):
    counted = tally(Journal.read(data / "journal.jsonl"))
    assert len(counted.cases) == CASES + 5  # the story's four, and the repair that maintenance opened
    for title, figure in {
        "Cases": len(counted.cases),
        "Clocks": len(counted.clocks),
        "Messages accepted": len(counted.messages),
        "Maintenance orders": len(counted.orders),
    }.items():
        assert re.search(rf"^{title} +{figure:,}$", told, re.MULTILINE), (title, figure)
    assert "Events and services agree, and no customer's data is in logs, metrics or alerts." in told


def test_the_report_is_one_whole_page_with_every_message(told, data):  # noqa: ARG001 - it must have run
    html = (data / "report.html").read_text(encoding="utf-8")
    page = HTMLParser()
    page.feed(html)
    page.close()
    sent = sum(1 for path in (data / "spool").iterdir() if path.is_file())
    assert f"{sent} messages lie in the spool folder" in html
    assert html.count("<pre>") >= sent
    assert html.count("<svg") == 4


def test_nothing_is_left_running(told, data):  # noqa: ARG001 - it must have run
    mark = f"{OWNER}={data}".encode()
    left = [path for path in Path("/proc").glob("[0-9]*/environ") if mark in _bytes(path)]
    assert left == []
    assert not (data / "suite.json").exists()


def test_no_customers_data_is_in_logs_or_on_alerts(told, data):  # noqa: ARG001 - it must have run
    journal = Journal.read(data / "journal.jsonl")
    numbers = {each.data["case"]["customer"].get("phone") for each in journal.events("case.registered.")} - {None}
    assert len(numbers) > CASES / 2
    letters = "".join(path.read_text(encoding="utf-8") for path in (data / "spool").glob("*.txt"))
    assert any(number in letters for number in numbers)  # what is looked for was there to be found
    logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in data.rglob("*.log"))
    alerts = "".join(json.dumps(each.data, ensure_ascii=False) for each in journal.alerts())
    assert logs
    assert alerts
    for number in numbers:
        assert number.removeprefix("+86") not in logs + alerts


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has just ended, or is another user's
