"""Cases in bulk at a real suite: once, again, broken off and gone on with (IN-18)."""

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import MAIN, Running

ROWS = 130
ENOUGH = 40
"""After so many the import is killed; up to 50 more are under way then."""
MAPPING = MAIN / "deploy" / "mappings" / "baltimore311.yaml"
HEADER = (
    "SRRecordID,ServiceRequestNum,SRType,MethodReceived,CreatedDate,SRStatus,StatusDate,DueDate,CloseDate,Agency,"
    "ZipCode,Neighborhood,CouncilDistrict,PoliceDistrict,DaysOpen"
)

KILLED = """
import os, signal, sys
from pathlib import Path
from shared.cli.importing.run import Job, run
from shared.cli.suite import Suite

def watch(part, tally):
    if tally.new >= int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

run(Job(Path(sys.argv[1]), Path(sys.argv[2]), "history"), Suite.at(Path(sys.argv[3])), watch)
"""

EXPORT_KILLED = """
import os, signal, sys
from pathlib import Path
from shared.cli.exporting.run import export_file
from shared.cli.suite import Suite

def watch(cases):
    if cases:
        os.kill(os.getpid(), signal.SIGKILL)

with Suite.at(Path(sys.argv[2])).rpc() as rpc:
    export_file(rpc, Path(sys.argv[1]), "jsonl", {"region": sys.argv[3]}, watch)
"""


def make_rows(path: Path, name: str, count: int = ROWS) -> None:
    """Requests in the city's own form, every third one closed late, every fifth one open."""
    lines = [HEADER]
    for number in range(count):
        closed = f"05/0{1 + number % 3 * 3}/2014 03:04:05 PM" if number % 5 else ""
        state = "Closed" if closed else "Open"
        lines.append(
            f"{name}-{number},{number},Alleys,Phone,05/01/2014 03:04:05 PM,{state},,05/04/2014 03:04:05 PM,{closed},"
            f"Roads,21224,{name},1,East,0"
        )
    path.write_text("\n".join(lines) + "\n")


def cases_of(suite: Running, name: str) -> list[dict]:
    found = suite.done("export", "-", "--region", f"us.maryland.baltimore.{name}")
    return sorted(
        (json.loads(line) for line in found.splitlines()), key=lambda case: int(case["external_ref"].split("-")[1])
    )


def check(cases: list[dict], count: int = ROWS) -> None:
    assert [int(case["external_ref"].split("-")[1]) for case in cases] == list(range(count))
    for number, case in enumerate(cases):
        told = [fact["fact"] for fact in case["facts"]]
        assert told == (
            ["received", "promised", "promise_kept", "resolved"] if number % 5 else ["received", "promised"]
        )


def take_in(suite: Running, file: Path) -> dict:
    return suite.told("import", str(file), "--mapping", str(MAPPING), "--history")


def test_a_second_run_changes_nothing(suite, tmp_path):
    file = tmp_path / "once.csv"
    make_rows(file, "once")
    assert take_in(suite, file) | {"seconds": 0} == {
        "rows": ROWS,
        "new": ROWS,
        "known": 0,
        "refused": 0,
        "report": None,
        "seconds": 0,
    }
    before = cases_of(suite, "once")
    check(before)
    assert take_in(suite, file)["known"] == ROWS
    assert cases_of(suite, "once") == before

    for journal in (suite.data / "imports").glob("*.jsonl"):
        journal.unlink()
    without_journal = take_in(suite, file)
    assert (without_journal["new"], without_journal["known"]) == (0, ROWS)
    assert cases_of(suite, "once") == before


def test_killed_half_way_it_goes_on(suite, tmp_path):
    file = tmp_path / "killed.csv"
    make_rows(file, "killed")
    command = [sys.executable, "-c", KILLED, str(file), str(MAPPING), str(suite.data), str(ENOUGH)]
    assert subprocess.run(command, cwd=MAIN, check=False).returncode == -signal.SIGKILL
    begun = len(cases_of(suite, "killed"))
    assert ENOUGH <= begun < ROWS
    again = take_in(suite, file)
    assert again["rows"] == ROWS
    assert again["known"] >= ENOUGH
    check(cases_of(suite, "killed"))


def test_a_bad_row_is_refused_with_line_and_reason_and_the_rest_goes_in(suite, tmp_path):
    file = tmp_path / "mixed.csv"
    make_rows(file, "mixed", 60)
    good = file.read_bytes().splitlines(keepends=True)
    bad = [
        b'"open quote,x\n',
        b"too,few\n",
        b"mixed-300,1,Alleys,Phone,13/01/2014 03:04:05 PM,Open,,,,Roads,21224,mixed,1,East,0\n",
        b"mixed-301,1,Alleys,Pigeon,05/01/2014 03:04:05 PM,Open,,,,Roads,21224,mixed,1,East,0\n",
        b"mixed-302,1,\xff,Phone,05/01/2014 03:04:05 PM,Open,,,,Roads,21224,mixed,1,East,0\n",
        b"mixed-0,1,Alleys,Phone,05/01/2014 03:04:05 PM,Open,,,,Roads,21224,mixed,1,East,0\n",
        b"mixed-303,1," + b"x" * 600 + b",Phone,05/01/2014 03:04:05 PM,Open,,,,Roads,21224,mixed,1,East,0\n",
    ]
    file.write_bytes(b"".join([*good[:40], *bad, *good[40:]]))
    ended = suite.aftercare("import", str(file), "--mapping", str(MAPPING))
    assert ended.returncode == 1
    assert f"{len(bad)} rows were refused" in ended.stdout
    with (suite.data / "imports" / "mixed-refused.csv").open(newline="") as handle:
        refused = {int(row["line"]): row["reason"] for row in csv.DictReader(handle)}
    assert sorted(refused) == list(range(41, 48))
    assert "is a quote open in this line?" in refused[41]
    assert refused[42] == "has 2 cells, the header has 15"
    assert "CreatedDate: '13/01/2014 03:04:05 PM' is no date" in refused[43]
    assert "MethodReceived: 'Pigeon' is not in the table" in refused[44]
    assert refused[45] == "SRType: is not utf-8"
    assert refused[46] == "external_ref 'mixed-0' stands in line 2 already"
    assert refused[47] == "subject: is longer than 500 characters"
    check(cases_of(suite, "mixed"), 60)


def test_live_registers_as_of_now(suite, tmp_path):
    file = tmp_path / "live.csv"
    make_rows(file, "live", 3)
    told = suite.told("import", str(file), "--mapping", str(MAPPING), "--live")
    assert told["new"] == 3
    cases = cases_of(suite, "live")
    assert {case["mode"] for case in cases} == {"live"}
    assert {fact["at"][:4] for case in cases for fact in case["facts"]} == {"2026"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("SRRecordID,SRType\n1,2\n", "lacks the columns 'MethodReceived' (register.channel)"),
        ("", "is empty"),
        (None, "there is no file"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(suite, tmp_path, content, said):
    file = tmp_path / "wrong.csv"
    if content is not None:
        file.write_text(content)
    ended = suite.aftercare("import", str(file), "--mapping", str(MAPPING))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_json_lines_go_in_as_they_are(suite, tmp_path):
    file = tmp_path / "lines.jsonl"
    first = {
        "kind": "inquiry",
        "channel": "mail",
        "external_ref": "lines-1",
        "region": "lines",
        "occurred_at": "2026-09-01T09:00:00+08:00",
        "subject": "=1+1 asks for a price",
        "description": "wants a quotation",
        "customer": {"name": "@Buyer", "phone": "+8613800138000"},
        "steps": [
            {
                "step": "promise",
                "what": "call",
                "due_at": "2026-09-02T09:00:00+08:00",
                "at": "2026-09-01T10:00:00+08:00",
            },
            {"step": "keep_promise", "promise_id": {"key_of": "promise"}, "at": "2026-09-01T11:00:00+08:00"},
        ],
    }
    wrong = {**first, "external_ref": "lines-2", "kind": "song"}
    file.write_text("\n".join(json.dumps(each) for each in (first, wrong)))
    ended = suite.aftercare("import", str(file), "--history")
    assert ended.returncode == 1, ended.stderr
    report = suite.data / "imports" / "lines-refused.jsonl"
    corrected = json.loads(report.read_text())
    assert corrected.pop("refused")["line"] == 2
    assert corrected == wrong
    again = tmp_path / "again.jsonl"
    again.write_text(json.dumps(corrected | {"kind": "inquiry", "steps": []}))
    assert suite.told("import", str(again), "--history")["new"] == 1
    cases = [json.loads(line) for line in suite.done("export", "-", "--region", "lines").splitlines()]
    assert [[fact["fact"] for fact in case["facts"]] for case in cases] == [
        ["received", "promised", "promise_kept"],
        ["received"],
    ]

    table = tmp_path / "lines.csv"
    suite.done("export", str(table), "--region", "lines")
    with table.open(encoding="utf-8-sig", newline="") as handle:
        row, _other = csv.DictReader(handle)
    assert row["subject"] == "'=1+1 asks for a price"
    assert row["customer.name"] == "'@Buyer"
    assert row["case_no"] == cases[0]["case_no"]


def test_an_export_that_was_killed_goes_on(suite, tmp_path):
    make_rows(tmp_path / "out.csv", "out")
    take_in(suite, tmp_path / "out.csv")
    file = tmp_path / "out.jsonl"
    region = "us.maryland.baltimore.out"
    command = [sys.executable, "-c", EXPORT_KILLED, str(file), str(suite.data), region]
    assert subprocess.run(command, cwd=MAIN, check=False).returncode == -signal.SIGKILL
    assert not file.exists()
    begun = len(file.with_name("out.jsonl.part").read_text().splitlines())
    assert 0 < begun < ROWS
    suite.done("export", str(file), "--region", region)
    written = [json.loads(line) for line in file.read_text().splitlines()]
    assert len({case["case_no"] for case in written}) == len(written) == ROWS


@pytest.mark.parametrize(("name", "more"), [("a.csv", []), ("a.jsonl", ["--mapping", str(MAPPING)])])
def test_a_mapping_is_for_tables(suite, tmp_path, name, more):
    (tmp_path / name).write_text("{}\n")
    ended = suite.aftercare("import", str(tmp_path / name), *more)
    assert ended.returncode == 2
    assert "--mapping" in ended.stderr
