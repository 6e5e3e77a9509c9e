"""A hotline's evening: a caller is known, a missed one is called back, a lost call is found (IN-1, IN-11)."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from tests.e2e.conftest import MAIN, Running
from tests.e2e.test_desk import settle

PROGRAM = MAIN / "deploy" / "examples" / "phone_system.py"
CALLER, MISSED, LOST, LINE = "13812340001", "13812340002", "13812340003", "4008008820"


def exchange(suite: Running, *words: str) -> list[Any]:
    """Run the program that ships, as an exchange would; what intake answered."""
    environment = {**os.environ, "AFTERCARE_SUITE": str(suite.data / "suite.json")}
    command = [sys.executable, str(PROGRAM), *words]
    ended = subprocess.run(command, cwd=MAIN, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def told_by_form(suite: Running, **form: str) -> Any:
    """What many exchanges can do: send a form, with the token as the password of its address."""
    address = suite.suite.http["intake"].replace("://", f"://exchange:{(suite.data / 'token').read_text().strip()}@")
    usual = {"direction": "in", "from": MISSED, "to": LINE}
    answer = requests.post(f"{address}/calls/exchange-1", data=usual | form, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def chapter(language: str) -> list[str]:
    """What the README has somebody type who connects a phone system."""
    text = (MAIN / language).read_text(encoding="utf-8")
    part = text[text.index("deploy/examples/phone_system.py") - 5_000 : text.index("\n[from-trunk]")]
    return re.findall(r"^```sh\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def test_the_program_says_where_it_looked_for_the_suite(tmp_path: Path) -> None:
    away = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    asked = [sys.executable, str(PROGRAM), "status", "", MISSED]
    ended = subprocess.run(asked, cwd=tmp_path, env=away, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "there is no var/suite/suite.json: name the broker in AFTERCARE_AMQP_URI; the call goes on" in ended.stderr


def test_the_chapter_of_the_readme_does_what_it_says(suite: Running, tmp_path: Path) -> None:
    """Typed in a folder where the suite lies in var/suite, as `make up` leaves it."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "suite").symlink_to(suite.data)
    (tmp_path / "deploy").symlink_to(MAIN / "deploy")
    when = "2026-10-09 22:00:00,,2026-10-09 22:00:30,30,0"
    row = f",13900139007,{LINE},from-trunk,,SIP/trunk,,Queue,hotline,{when},NO ANSWER,DOCUMENTATION,1791.7,"
    (tmp_path / "Master.csv").write_text(f"{row}\n")
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": str(MAIN)}
    printed = []
    for block in chapter("README.md"):
        script = block.replace("aftercare ", f"{sys.executable} -m shared.cli.main ")
        ended = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        printed.append(ended.stdout)
    assert len(printed) == 4
    curls = json.loads("[" + printed[1].replace("}{", "},{").replace("}\n{", "},{") + "]")
    ringing, known, answered, case, over, status = curls
    assert (ringing["state"], answered["state"], over["state"]) == ("ringing", "answered", "ended")
    assert known["calls"][0]["call_id"] == "c-1"
    assert over["case_no"] == case["case_no"]
    assert case["case_no"] in {each["case_no"] for each in status["cases"]}
    assert "c-2" in printed[2]
    assert "1 are not" in printed[3].splitlines()[0]
    assert "1 of them were mended" in printed[3]


def test_a_caller_is_known_before_anybody_picks_up(suite: Running) -> None:
    ringing, stranger = exchange(suite, "ring", "e2e-1", CALLER, LINE, "hotline")
    assert (ringing["state"], stranger["open_cases"]) == ("ringing", [])
    exchange(suite, "answer", "e2e-1", CALLER, LINE, "li.qiang")
    [registered] = exchange(suite, "register", "e2e-1", CALLER, "tiles came off", "Twelve of them, in the hall.")
    [again] = exchange(suite, "register", "e2e-1", CALLER, "tiles came off", "Twelve of them, in the hall.")
    assert (again["case_no"], again["duplicate"]) == (registered["case_no"], True)
    [over] = exchange(suite, "hangup", "e2e-1", CALLER, LINE, "normalClearing")
    assert (over["state"], over["users"], over["case_no"]) == ("ended", ["li.qiang"], registered["case_no"])

    _, known = exchange(suite, "ring", "e2e-2", CALLER, LINE)
    assert [case["case_no"] for case in known["open_cases"]] == [registered["case_no"]]
    assert {call["call_id"] for call in known["calls"]} == {"e2e-1", "e2e-2"}
    [said] = exchange(suite, "status", registered["case_no"], CALLER)
    assert "is registered" in said["cases"][0]["say"]["en"]
    shown = suite.done("calls", "show", "e2e-1", "--source", "exchange-1")
    assert "answered by li.qiang" in shown
    assert registered["case_no"] in shown


def test_a_missed_call_is_called_back_in_time(suite: Running) -> None:
    told_by_form(suite, event="newCall", callId="e2e-3", queue="hotline")
    call = told_by_form(suite, event="hangup", callId="e2e-3", cause="noAnswer")
    assert told_by_form(suite, event="hangup", callId="e2e-3", cause="noAnswer") == call
    case_no = call["case_no"]
    settle(suite)
    [running] = [each for each in clocks(suite, case_no) if each["clock"] == "first_response"]
    assert running["state"] == "running"
    suite.done("clock", "forward", "2h")
    exchange(suite, "dial", "e2e-4", LINE, MISSED, "li.qiang")
    settle(suite)
    case = suite.told("case", "show", case_no)["case"]
    assert (case["state"], case["external_ref"]) == ("resolved", "callback:e2e-3")
    assert case["facts"][-1]["by"] == "system:phone"
    assert {each["state"] for each in clocks(suite, case_no) if each["clock"] == "first_response"} == {"met"}
    assert "e2e-3" in suite.done("calls", "list", "--state", "missed", "--number", MISSED)


def test_a_call_of_which_nothing_was_told_is_found_at_night(suite: Running, tmp_path: Path) -> None:
    records = tmp_path / "calls.jsonl"
    row = {"from": MISSED, "to": LINE, "direction": "in", "started_at": "2026-10-09T22:00:00+08:00", "seconds": 40}
    rows = [{**row, "call_id": "e2e-3"}, {**row, "call_id": "e2e-lost", "from": LOST}, {**row, "call_id": ""}]
    records.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    words = ("calls", "reconcile", str(records), "--source", "exchange-1")
    seen = suite.aftercare(*words)
    assert seen.returncode == 1
    assert "3 rows, 2 calls: 1 are on file as they should be, 1 are not; 1 rows were refused." in seen.stdout
    assert suite.aftercare("calls", "show", "e2e-lost", "--source", "exchange-1").returncode == 2
    mended = json.loads(suite.aftercare(*words, "--apply", "--json").stdout)
    [found] = mended["found"]
    assert (found["rows"], found["reasons"], found["repaired"]) == ([2], ["unheard"], ["unheard"])
    assert [each["row"] for each in mended["refused"]] == [3]
    case = suite.told("case", "show", found["call"]["case_no"])["case"]
    assert case["milestones"]["received"] == "2026-10-09T22:00:00+08:00"
    again = json.loads(suite.aftercare(*words, "--apply", "--json").stdout)
    assert (again["found"], again["known"]) == ([], 2)


def clocks(suite: Running, case_no: str) -> list[Any]:
    found: list[Any] = suite.told("case", "show", case_no)["clocks"]
    return found
