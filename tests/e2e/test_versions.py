"""Next year's days off are announced: a provisional deadline moves, is heard of, and explains itself (SL-6)."""

import json
from contextlib import closing
from pathlib import Path

import pika
import pytest

from services.sla.storage.policy_files import BUILTIN
from shared.worktime import default_calendar
from tests.e2e.conftest import Running, StartSuite

KNOWN = default_calendar().known_until.year
NEXT = KNOWN + 1
YEAR_END = f"{KNOWN}-12-28T10:00:00+08:00"


@pytest.fixture(scope="module")
def running(start_suite: StartSuite) -> Running:
    return start_suite("--clock-start", YEAR_END)


def register(running, *more):
    words = "case register --kind complaint --channel phone --subject tiles --description off".split()
    return running.told(*words, *more)["case_no"]


def clock_of(running, case_no, name="resolution"):
    clocks = running.suite.call("sla.clocks", {"case_no": case_no})["clocks"]
    return next(each for each in clocks if each["clock"] == name)


def test_the_days_off_of_next_year_are_announced(running, tmp_path: Path):
    case_no = register(running, "--occurred-at", YEAR_END)
    running.done("clock", "forward", "1s")
    before = clock_of(running, case_no)
    assert before["provisional"]
    file = tmp_path / "days.csv"
    file.write_text("".join(f"{NEXT}-01-{day:02},off\n" for day in range(1, 7)), encoding="utf-8")
    announce = ["calendar", "announce", str(NEXT), "--file", str(file)]
    preview = running.told(*announce, "--preview")
    assert sum(row["moved"] for row in preview["counts"] if row["clock"] == "resolution") == 1
    assert "would be due" in running.done(*announce, "--preview")
    assert clock_of(running, case_no)["revision"] == before["revision"]
    with closing(pika.BlockingConnection(pika.URLParameters(running.suite.amqp_uri))) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "sla.events", "clock.moved.v1")
        said = running.done(*announce, "--by", "chen")
        running.done("clock", "forward", "1s")
        heard = {}
        while (body := channel.basic_get(queue, auto_ack=True)[2]) is not None:
            clock = json.loads(body)["data"]["clock"]
            heard[clock["clock"]] = clock
    assert f"calendar cn cn-{NEXT} is published: 1 case derived anew" in said
    after = clock_of(running, case_no)
    assert heard["resolution"]["due_at"] == after["due_at"] > before["due_at"]
    assert (after["provisional"], after["calendar_version"]) == (False, f"cn-{NEXT}")
    (told,) = running.suite.call("sla.explain", {"case_no": case_no, "clock": "resolution"})["explanations"]
    assert {"date": f"{NEXT}-01-06", "why": "holiday"} in told["days_off"]
    assert f"known until: {NEXT}-12-31" in running.done("calendar", "show")
    assert f"cn-{NEXT}" in running.done("calendar", "show", "--versions")
    again = running.done(*announce, "--by", "chen")
    assert again == said


def test_a_policy_is_checked_previewed_and_published(running, tmp_path: Path):
    case_no = register(running)
    running.done("clock", "forward", "1s")
    text = running.done("policy", "show", "--file")
    file = tmp_path / "ours.yaml"
    file.write_text(text.replace("elapsed_hours: 24", "elapsed_hours: 0"), encoding="utf-8")
    wrong = running.aftercare("policy", "publish", str(file), "--by", "chen")
    assert wrong.returncode == 2
    assert "--running: is required" in wrong.stderr
    builtin = BUILTIN.read_text(encoding="utf-8")
    file.write_text(builtin.replace("elapsed_hours: 24", "elapsed_hours: 12"), encoding="utf-8")
    refused = running.aftercare("policy", "publish", str(file), "--running", "recompute", "--by", "chen")
    assert (refused.returncode, "give it another version" in refused.stderr) == (2, True)
    file.write_text(file.read_text(encoding="utf-8").replace("\nversion: 1\n", "\nversion: 2\n"), encoding="utf-8")
    before = clock_of(running, case_no, "first_response")
    told = running.told("policy", "preview", str(file))
    assert [row["clock"] for row in told["counts"]] == ["first_response"]
    running.done("policy", "publish", str(file), "--running", "keep", "--by", "chen")
    assert clock_of(running, case_no, "first_response")["due_at"] == before["due_at"]
    another = register(running)
    running.done("clock", "forward", "1s")
    assert clock_of(running, another, "first_response")["policy_version"] == "builtin-2"
    versions = running.told("policy", "show", "--versions")["publications"]
    assert [(each["version"], each["running"], each["state"]) for each in versions] == [
        ("2", "keep", "done"),
        ("1", "recompute", "done"),
    ]
