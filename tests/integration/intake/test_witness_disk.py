"""The witness on a disk that is full, or that lost its power: nothing is lost, and nobody is blamed (AL-4)."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.intake.gateways.audit import AuditFolder
from tests.integration.intake.auditor import Auditor
from tests.integration.intake.office import Office

LINES = [f"10000000000{digit} 1 {str(digit) * 64}" for digit in range(5)]


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """No file grows beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def only_file(folder: AuditFolder) -> Path:
    [(file, _size)] = folder.witnessed()
    return file


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def whole_lines(folder: AuditFolder) -> list[str]:
    return [line for line in only_file(folder).read_bytes().decode().splitlines() if line in LINES]


def test_a_full_disk_loses_no_line_and_no_file_handle(tmp_path: Path) -> None:
    folder = AuditFolder(tmp_path)
    folder.witness(LINES[:1])
    handles = open_files()
    with full_at(only_file(folder).stat().st_size + 100):
        for line in LINES[1:4]:
            folder.witness([line])
        assert not folder.is_well()
        assert open_files() <= handles
    assert folder.is_well(), "what waits is tried again without another commit"
    folder.witness(LINES[4:])
    assert whole_lines(folder) == LINES
    assert only_file(folder).read_text().count("\n") == len(LINES) + 1, "beside them the beginning of one"


@pytest.mark.parametrize("torn", ["", "1000", "100000000001 1", "reads 00ff 7 0a0", "\0\0\0\0", "rea"])
def test_half_a_line_blames_nobody(office: Office, tmp_path: Path, torn: str) -> None:
    if not office.database.is_sqlite:
        pytest.skip("the same there")
    auditor = Auditor(office, tmp_path / "audit" / "intake")
    first = office.case_no()
    with only_file(auditor.folder).open("a") as opened:
        opened.write(torn)
    office.database.listen("witness", AuditFolder(auditor.path).witness)
    second = office.case_no()
    assert auditor.verify().told()["clean"]
    assert {first, second} == {line.split(" ")[0] for line in auditor.witness_lines() if len(line) > 70}
