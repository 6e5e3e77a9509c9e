"""Files with the days off of a year."""

import json
from datetime import date

import pytest

from shared.cli.rules.days_off import read_days_off
from shared.kernel.errors import Misconfigured


@pytest.fixture
def file(tmp_path):
    def write(text, name="2027.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_table(file):
    found = read_days_off(file("date,what\n# notice of November\n2027-01-01,off\n\n2027-02-20, 班\n"), 2027)
    assert (found.off, found.worked) == ([date(2027, 1, 1)], [date(2027, 2, 20)])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(
            {"2026": {"holidays": ["x"]}, "2027": {"holidays": ["2027-01-01"], "makeup_workdays": ["2027-02-20"]}}
        ),
        "holidays: [2027-01-01]\nworkdays: [2027-02-20]\n",
        "2027:\n  holidays: ['2027-01-01']\n  workdays: [2027-02-20]\n",
    ],
)
def test_lists(file, text):
    found = read_days_off(file(text, "days.yaml"), 2027)
    assert (found.off, found.worked) == ([date(2027, 1, 1)], [date(2027, 2, 20)])


def test_every_mistake_is_told_with_its_line(file):
    with pytest.raises(Misconfigured) as refused:
        read_days_off(file("2027-01-01,off\n2027-13-01,off\n2026-12-31,off\n2027-05-01,maybe\n2027-01-01,work\n"), 2027)
    assert [problem.split("; ")[0] for problem in refused.value.problems] == [
        "2027.csv: line 2: '2027-13-01' is no date",
        "2027.csv: line 3: 2026-12-31 is not in 2027",
        "2027.csv: line 4: 2027-05-01 is neither off nor worked",
        "2027.csv: line 5: 2027-01-01 stands already at line 1",
    ]


def test_every_mistake_is_told_with_its_place(file):
    with pytest.raises(Misconfigured) as refused:
        read_days_off(file("2027:\n  holidays: [2027-01-01, soon]\n  makeup: []\n  workdays: 3\n", "days.yaml"), 2027)
    assert [problem.split(";")[0] for problem in refused.value.problems] == [
        "days.yaml: 2027.holidays[1]: 'soon' is no date",
        "days.yaml: 2027.makeup: is not known here",
        "days.yaml: 2027.workdays: must be a list of dates",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026:\n  holidays: [2026-01-01]\n", "has no days of 2027"),
        ("holidays: []\n", "names no day off in 2027"),
        ("holidays: [2027-01-01\n", "is not YAML"),
    ],
)
def test_a_file_of_something_else(file, text, why):
    with pytest.raises(Misconfigured, match=why):
        read_days_off(file(text, "days.yaml"), 2027)


def test_no_file(tmp_path):
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_days_off(tmp_path / "none.csv", 2027)
