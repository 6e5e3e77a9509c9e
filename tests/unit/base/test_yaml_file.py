"""What is no YAML is refused with the file and the remedy, never by an error of the reader."""

from pathlib import Path

import pytest

from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Misconfigured


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a: [", "is not YAML"),
        (b"a: \xff", "is not UTF-8; save it as UTF-8"),
        (b"a: 1\nb: {c: 1, c: 2}", "'c' is written twice; keep one"),
        (b"[a, b]: 1", "found unhashable key"),
        (b"a: 2026-02-30", "is not YAML"),
        (b"a: !!python/name:os.system", "could not determine a constructor"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "ours.yaml"
    file.write_bytes(content)
    with pytest.raises(Misconfigured, match=why) as refused:
        read_yaml(file)
    assert all(problem.startswith(f"{file}: ") for problem in refused.value.problems)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"none\.yaml: cannot be read .*; name a file that exists"):
        read_yaml(tmp_path / "none.yaml")


def test_the_data_is_plain(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("a: &x {b: [1, two]}\nc: {<<: *x, d: 3}", encoding="utf-8")
    assert read_yaml(file) == {"a": {"b": [1, "two"]}, "c": {"b": [1, "two"], "d": 3}}
