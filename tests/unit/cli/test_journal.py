"""What is kept of an import, so that the next run goes on."""

import csv

import pytest

from shared.cli.importing.journal import Journal, digest
from shared.cli.importing.refused import RefusedRows
from shared.cli.importing.rows import Row
from shared.kernel.errors import Conflict

ONE, TWO = ("phone", "s", "1"), ("phone", "s", "2")


def test_what_went_in_is_known_the_next_time(tmp_path):
    path = tmp_path / "imports" / "job.jsonl"
    with Journal(path) as journal:
        journal.add(2, ONE, "123")
        journal.add(3, TWO, "124")
    with Journal(path) as journal:
        assert journal.lines == {2, 3}
        assert journal.seen == {ONE: 2, TWO: 3}
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_is_not_there(tmp_path):
    path = tmp_path / "job.jsonl"
    with Journal(path) as journal:
        journal.add(2, ONE, "123")
    with path.open("a") as handle:
        handle.write('{"line": 3, "re')
    with Journal(path) as journal:
        assert journal.lines == {2}
        journal.add(3, TWO, "124")
    with Journal(path) as journal:
        assert journal.lines == {2, 3}


def test_two_cannot_do_the_same_job_at_once(tmp_path):
    with Journal(tmp_path / "job.jsonl"), pytest.raises(Conflict, match="is being imported by another command"):
        Journal(tmp_path / "job.jsonl").__enter__()


def test_a_job_is_its_files_and_its_mode(tmp_path):
    rows, mapping = tmp_path / "rows.csv", tmp_path / "mapping.yaml"
    rows.write_text("A\n1\n")
    mapping.write_text("register: {}")
    first = digest("history", rows, mapping)
    assert digest("history", rows, mapping) == first
    assert digest("live", rows, mapping) != first
    rows.write_text("A\n2\n")
    assert digest("history", rows, mapping) != first


def test_the_report_has_line_reason_and_the_row_as_it_stood(tmp_path):
    path = tmp_path / "rows-refused.csv"
    with RefusedRows(tmp_path / "rows", ["A", "B"]) as refused:
        refused.add(Row(7, ["1", 'x, "y"'], {}), "A: is wrong")
        refused.add(Row(9, ["\udcb4"], {}), "A: is not utf-8")
        assert refused.first == [(7, "A: is wrong"), (9, "A: is not utf-8")]
    with path.open(newline="") as handle:
        assert list(csv.reader(handle)) == [
            ["line", "reason", "A", "B"],
            ["7", "A: is wrong", "1", 'x, "y"'],
            ["9", "A: is not utf-8", "\\udcb4"],
        ]


def test_no_refusal_leaves_no_report(tmp_path):
    path = tmp_path / "rows-refused.csv"
    path.write_text("an older one")
    with RefusedRows(tmp_path / "rows", ["A"]) as refused:
        assert refused.count == 0
    assert not path.exists()
