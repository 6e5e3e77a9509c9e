"""An export that was broken off goes on where it was good."""

import pytest

from shared.cli.exporting.part import PartFile, Place
from shared.kernel.errors import Conflict

JOB = {"suite": "a", "form": "jsonl", "state": "closed"}


def test_it_is_there_when_it_is_complete(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text("older\n")
    with PartFile(path, JOB) as part:
        part.add("a\n", 1, "behind a")
        assert path.read_text() == "older\n"
        part.add("b\n", 1, None)
        part.complete()
    assert path.read_text() == "a\nb\n"
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


def test_it_goes_on_behind_the_last_whole_page(tmp_path):
    path = tmp_path / "cases.jsonl"
    with PartFile(path, JOB) as part:
        part.add("ä\n", 1, "behind a")
    with (tmp_path / "cases.jsonl.part").open("a") as torn:
        torn.write("half a ca")
    with PartFile(path, JOB) as part:
        assert part.place == Place(3, 1, "behind a")
        part.add("b\n", 1, None)
        part.complete()
    assert path.read_text() == "ä\nb\n"


@pytest.mark.parametrize("job", [JOB | {"form": "csv"}, JOB | {"state": "open"}, JOB | {"suite": "b"}])
def test_another_job_begins_anew(tmp_path, job):
    path = tmp_path / "cases.jsonl"
    with PartFile(path, JOB) as part:
        part.add("a\n", 1, "behind a")
    with PartFile(path, job) as part:
        assert part.place == Place()
        part.complete()
    assert path.read_text() == ""


def test_a_part_that_is_shorter_than_noted_begins_anew(tmp_path):
    path = tmp_path / "cases.jsonl"
    with PartFile(path, JOB) as part:
        part.add("a\n", 1, "behind a")
    (tmp_path / "cases.jsonl.part").write_text("")
    with PartFile(path, JOB) as part:
        assert part.place == Place()


def test_two_cannot_write_one_file(tmp_path):
    path = tmp_path / "cases.jsonl"
    with PartFile(path, JOB), pytest.raises(Conflict, match="is being written by another command"):
        PartFile(path, JOB).__enter__()
