"""What nobody of us would ever write into a row is found like everything else, and hides nothing else (AL-4)."""

import pytest

from tests.integration.intake.tampering import TRICKS, put_back, take_copy, tamper
from tests.integration.intake.test_verifying import World, world

__all__ = ["world"]

_CASE = "UPDATE cases SET {} WHERE id = :case"
_ENTRY = "UPDATE entries SET {} WHERE case_id = :case AND seq = 2"
_COPIED = (
    "INSERT INTO entries (case_id, seq, version, body, detail, salt, seal, chain) "
    "SELECT {}, 1, version, body, detail, salt, seal, chain FROM entries WHERE case_id = :case AND seq = 1"
)
ON_BOTH = {
    _CASE.format("chain = NULL"): "head",
    _CASE.format("chain = NULL, chained = NULL"): "head",
    _CASE.format("handling = '{}'"): "row_text",
    'UPDATE digests SET body = replace(body, \'"reads"\', \'"reads": 7, "more"\') WHERE no = 1': "digest_text",
    'UPDATE digests SET body = replace(body, \'"key"\', \'"key": [], "more"\') WHERE no = 1': "digest_text",
    _COPIED.format(0): "no_case",
    _COPIED.format(-7): "no_case",
}
ON_SQLITE = {
    _CASE.format("milestones = 'nonsense'"): "row",
    _CASE.format("received_at = 'once'"): "row",
    _CASE.format("handling = 'x'"): "row_text",
    _ENTRY.format("body = x'ff00'"): "strange",
    _ENTRY.format("detail = CAST(x'ff00' AS TEXT)"): "unreadable",
    _ENTRY.format("seal = x'ff00'"): "strange",
    _ENTRY.format("version = 'two'"): "strange",
    _ENTRY.format("body = json_set(body, '$.set', 'x')"): "strange",
    _ENTRY.format(f"body = '{'[' * 100_000}'"): "unreadable",
    "UPDATE digests SET sealed_at = 'once' WHERE no = 1": "digest_text",
    "UPDATE accesses SET at = 'once' WHERE id = 1": "read_row",
    "UPDATE accesses SET body = x'ff00' WHERE id = 1": "read_chain",
}


def test_what_nobody_ever_wrote_is_found(world: World) -> None:
    copy, named = take_copy(world.database), world.named
    missed = []
    for statement, code in ON_BOTH.items() | (ON_SQLITE.items() if world.database.is_sqlite else set()):
        tamper(world.database, [statement], named)
        if code not in (found := world.codes()):
            missed.append((statement[:100], code, found))
        put_back(world.database, copy)
    assert missed == []
    assert world.codes() == set(), "everything was put back"


def test_it_hides_nothing_else(world: World) -> None:
    if not world.database.is_sqlite:
        pytest.skip("PostgreSQL keeps no such thing")
    owner = next(trick for trick in TRICKS if trick.name == "who has a case").statements
    tamper(world.database, [_CASE.format("milestones = 'nonsense'"), *owner], world.named)
    assert {each.said()["en"].split(" ")[1] for each in world.auditor.verify().findings} == {"milestones", "owner"}


def test_compensation_that_was_hidden_in_the_row_is_found(world: World) -> None:
    office, case_no = world.auditor.office, world.numbers["case"]
    office.step(case_no, "propose_compensation", kind="refund", amount="12.00", reason="late")
    tamper(world.database, [_CASE.format("handling = NULL")], world.named)
    assert world.codes() == {"row_text"}


def test_lines_that_no_witness_wrote_stop_nothing(world: World) -> None:
    [file] = (world.auditor.path / "witness").iterdir()
    with file.open("a") as opened:
        opened.write(f"{world.numbers['case']} {'9' * 5_000} {'a' * 64}\n{world.numbers['case']} {9**20} {'a' * 64}\n")
    (world.auditor.path / "keys" / "more.pem").write_bytes(b"\xff\x00")
    assert world.codes() == {"witness_line"}
