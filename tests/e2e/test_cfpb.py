"""Complaints as an authority publishes them: a cut of the real file through the real intake (IN-18)."""

import csv
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.kernel.instants import parse_instant
from tests.e2e.conftest import MAIN, Running

FILE = MAIN.parent / "shared" / "data" / "cfpb.csv"
MAPPING = MAIN / "deploy" / "mappings" / "cfpb.yaml"
EACH = 20
"""The cut is every so manieth row, and the first of each channel."""
CHANNELS = {
    "Web": "online",
    "Email": "email",
    "Phone": "phone",
    "Referral": "authority",
    "Postal mail": "mail",
    "Fax": "other",
}
WRONG = {
    "Date received": ("2011-13-30", "Date received: '2011-13-30' is no date"),
    "Submitted via": ("Carrier pigeon", "Submitted via: 'Carrier pigeon' is not in the table"),
    "Complaint ID": ("", "external_ref"),
}
"""A wrong cell of each of these columns, and what is said of it."""

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The cut."""
    if not FILE.exists():
        pytest.skip(f"the real data {FILE} is absent: no complaint was taken in")
    with FILE.open(encoding="utf-8", newline="") as handle:
        every = list(csv.DictReader(handle))
    first = {row["Submitted via"]: number for number, row in reversed(list(enumerate(every)))}
    return [row for number, row in enumerate(every) if number % EACH == 0 or number in first.values()]


@pytest.fixture
def file(rows: Rows, tmp_path: Path) -> Path:
    """The cut, and at its end the last row with one cell wrong, once for each of WRONG."""
    bad = [{**rows[-1], "Complaint ID": f"bad-{column}", column: wrong} for column, (wrong, _) in WRONG.items()]
    path = tmp_path / "complaints.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows([*rows, *bad])
    return path


def taken_in(suite: Running, file: Path) -> tuple[int, int, int, int]:
    """What the command counts: rows, new, known, refused."""
    ended = suite.aftercare("import", str(file), "--mapping", str(MAPPING), "--history", "--json")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    told = json.loads(ended.stdout)
    return told["rows"], told["new"], told["known"], told["refused"]


def cases_of(suite: Running) -> dict[str, dict]:
    """The cases that came from such a file, by the authority's own number."""
    lines = suite.done("export", "-", "--kind", "complaint", "--region", "us").splitlines()
    cases = [case for case in map(json.loads, lines) if case.get("source") == "cfpb"]
    assert len({case["external_ref"] for case in cases}) == len(cases)
    return {case["external_ref"]: case for case in cases}


def test_complaints_go_in_as_mapped_and_wrong_rows_are_told(suite: Running, rows: Rows, file: Path) -> None:
    assert taken_in(suite, file) == (len(rows) + len(WRONG), len(rows), 0, len(WRONG))
    assert {row["Submitted via"] for row in rows} == CHANNELS.keys()
    cases = cases_of(suite)
    assert {ref: seen(case) for ref, case in cases.items()} == {row["Complaint ID"]: wanted(row) for row in rows}
    assert {case["customer"].get("anonymous") for case in cases.values()} == {True}

    with (suite.data / "imports" / "complaints-refused.csv").open(newline="") as handle:
        refused = [(int(row["line"]), row["reason"]) for row in csv.DictReader(handle)]
    first = len(rows) + 2
    assert [line for line, _ in refused] == list(range(first, first + len(WRONG)))
    for (_, reason), (_, why) in zip(refused, WRONG.values(), strict=True):
        assert why in reason

    assert taken_in(suite, file) == (len(rows) + len(WRONG), 0, len(rows), len(WRONG))
    assert cases_of(suite) == cases


def wanted(row: dict[str, str]) -> dict[str, object]:
    """What the file says of a complaint."""
    return {
        "kind": "complaint",
        "mode": "history",
        "state": "handed_over",
        "channel": CHANNELS[row["Submitted via"]],
        "region": f"us.{row['State'].lower()}".rstrip("."),
        "owner": row["Company"],
        "facts": [("received", day(row["Date received"])), ("handed_over", day(row["Date sent to company"]))],
    }


def day(text: str) -> datetime:
    """The begin of a day in Washington."""
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=ZoneInfo("America/New_York"))


def seen(case: dict) -> dict[str, object]:
    """The same of a case."""
    facts = [(fact["fact"], parse_instant(fact["at"])) for fact in case["facts"]]
    return {**{key: case[key] for key in ("kind", "mode", "state", "channel", "region", "owner")}, "facts": facts}
