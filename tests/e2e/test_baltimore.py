"""The main job on real input: Baltimore's own verdict on its requests is the suite's (IN-18, SL-3).

Every request is judged in tests/unit/cli/test_real_verdicts.py, by the same rules without processes and a broker.
"""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest

from shared.cli.forward import TimeMachine
from shared.kernel.errors import AftercareError
from tests.e2e.conftest import MAIN, Running

FILE = MAIN.parent / "shared" / "data" / "baltimore311.csv"
MAPPING = MAIN / "deploy" / "mappings" / "baltimore311.yaml"
AT_ONCE = 100
EACH = 10
"""The cut is every so manieth row."""


def test_the_verdicts_are_the_citys_own(suite, tmp_path):
    if not FILE.exists():
        pytest.skip(f"the real data {FILE} is absent: no verdict was checked")
    rows = cut(tmp_path / FILE.name)
    told = suite.told("import", str(tmp_path / FILE.name), "--mapping", str(MAPPING), "--history")
    assert (told["rows"], told["refused"]) == (len(rows), 0)
    with TimeMachine(suite.suite.http, suite.suite.clock_file) as machine:
        machine.rest()

    verdicts = verdicts_of(suite, case_numbers(suite.data))
    assert verdicts.keys() == rows.keys()
    wrong = {ref: (verdicts[ref], wanted(row)) for ref, row in rows.items() if verdicts[ref] != wanted(row)}
    assert not wrong, f"{len(wrong)} differ: {dict(list(wrong.items())[:5])}"
    assert set(verdicts.values()) == {"met", "late", "breached", None}


def cut(path: Path) -> dict[str, dict[str, str]]:
    """Write the cut; its rows by the city's number."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))[::EACH]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return {row["SRRecordID"]: row for row in rows}


def wanted(row: dict[str, str]) -> str | None:
    """The city's verdict: closed by the due date, at that very instant too; open ones are over by now."""
    if not row["DueDate"]:
        return None
    if not row["CloseDate"]:
        return "breached"
    return "met" if city(row["CloseDate"]) <= city(row["DueDate"]) else "late"


def city(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - the city compares its own wall times


def case_numbers(data: Path) -> dict[str, str]:
    """The case of each request, from the import's journal."""
    journals = (path.read_text() for path in (data / "imports").glob("*.jsonl"))
    entries = [json.loads(line) for journal in journals for line in journal.splitlines()]
    return {entry["ref"][2]: entry["case_no"] for entry in entries if entry["ref"][1] == "baltimore311"}


def verdicts_of(suite: Running, numbers: dict[str, str]) -> dict[str, str | None]:
    """The state of each case's commitment; every case is asked."""
    answers: dict[str, dict | AftercareError] = {}
    waiting = list(numbers.items())
    with suite.suite.rpc(seconds=30) as rpc:
        while waiting:
            page, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            for ref, number in page:
                rpc.send("sla.clocks", {"case_no": number}, lambda answer, ref=ref: answers.__setitem__(ref, answer))
            while len(answers) < len(numbers) - len(waiting):
                rpc.pump()
    return {ref: verdict(answer) for ref, answer in answers.items()}


def verdict(answer: dict | AftercareError) -> str | None:
    assert not isinstance(answer, AftercareError), answer
    states = [clock["state"] for clock in answer["clocks"] if clock["clock"] == "commitment"]
    assert len(states) <= 1
    return states[0] if states else None
