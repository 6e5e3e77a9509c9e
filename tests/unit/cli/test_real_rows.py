"""Every row of the real files has a plan, and Baltimore's says what the city says."""

import csv
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from shared.cli.importing.mapping import HISTORY, Plan, plan
from shared.cli.importing.mapping_file import read_mapping
from shared.cli.importing.rows import CsvFile
from shared.kernel.instants import parse_instant

MAIN = Path(__file__).parents[3]
DATA = MAIN.parent / "shared" / "data"


@cache
def plans_of(name: str) -> list[tuple[dict[str, str], Plan]]:
    if not (DATA / f"{name}.csv").exists():
        pytest.skip(f"the real data {DATA / name}.csv is absent: nothing was checked")
    mapping = read_mapping(MAIN / "deploy" / "mappings" / f"{name}.yaml")
    with CsvFile(DATA / f"{name}.csv", mapping.encoding, mapping.delimiter) as file:
        file.need(mapping.places)
        return [(dict(row.cells), plan(mapping, row.cells, HISTORY)) for row in file.rows()]


@pytest.mark.parametrize(("name", "reference"), [("baltimore311", "SRRecordID"), ("cfpb", "Complaint ID")])
def test_every_row_is_read_as_python_reads_it_and_has_a_plan(name, reference):
    plans = plans_of(name)
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        expected = [row[reference] for row in csv.DictReader(handle)]
    assert [planned.registration["external_ref"] for _, planned in plans] == expected
    assert len({planned.identity for _, planned in plans}) == len(expected) == 5000


def test_a_baltimore_promise_is_kept_in_time_when_the_city_says_so():
    judged = 0
    for row, planned in plans_of("baltimore311"):
        steps = {step.step: step.fields for step in planned.steps}
        assert ("promise" in steps) == bool(row["DueDate"])
        assert ("keep_promise" in steps) == bool(row["DueDate"] and row["CloseDate"])
        assert ("resolve" in steps or "withdraw" in steps) == bool(row["CloseDate"])
        if "keep_promise" in steps:
            due, kept = parse_instant(steps["promise"]["due_at"]), parse_instant(steps["keep_promise"]["at"])
            assert (kept <= due) == (_city(row["CloseDate"]) <= _city(row["DueDate"]))
            judged += 1
    assert judged == 4781


def _city(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - the city compares its own wall times
