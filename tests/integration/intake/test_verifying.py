"""Whatever is done to the record behind our back is found, and what was done lawfully is clean (AL-4)."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.proof.findings import WORDS
from services.intake.gateways.audit import Seen
from services.intake.gateways.files import Files
from services.intake.handlers.verifying.together import WORTH_IT, walk_all
from services.intake.handlers.witnessing import WITNESS
from services.intake.storage import evidence, proof_reading
from services.intake.storage.rows import sealed
from services.intake.storage.tables import cases, entries
from shared.base.database import Database
from shared.kernel.errors import NotFound
from tests.integration.intake.auditor import Auditor
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office
from tests.integration.intake.tampering import TABLES, TRICKS, forget_chain, put_back, rewrite, take_copy, tamper

GONE = "the whole row"
OTHER_FORMS = {"words", "promise", "customer_id", "id", "access_id"}
"""Columns that nothing is told by: what a case is found by, what was promised, whose file it lies in; keys."""


@dataclass
class World:
    """A record in which everything has happened, and everything about it that tampering needs."""

    auditor: Auditor
    database: Database
    numbers: Mapping[str, str]

    @property
    def named(self) -> dict[str, Any]:
        """The keys of the cases, and an entry that somebody wrote anew."""
        with self.database.read() as connection:
            ids = {
                name: connection.scalar(sa.select(cases.c.id).where(cases.c.case_no == number))
                for name, number in self.numbers.items()
            }
            query = sa.select(entries.c.body, entries.c.detail, entries.c.seq)
            rows = {row.seq: row for row in connection.execute(query.where(entries.c.case_id == ids["case"]))}
        body = rows[2].body.replace("desk", "boss")
        at = json.loads(rows[1].body)["at"]
        return {**ids, "body": body, **sealed(body, rows[2].detail), "milestones": json.dumps({"received": at})}

    def codes(self, case_no: str | None = None) -> set[str]:
        """By what is found that anything is wrong; each is told in both languages."""
        report = self.auditor.verify(case_no)
        assert all(each["what"]["en"] and each["what"]["zh"] for each in report.told()["findings"])
        return {each.code for each in report.findings}


@pytest.fixture
def world(office: Office, database: Database, tmp_path: Path) -> World:
    auditor = Auditor(office, tmp_path / "audit" / "intake")
    customer = {"name": "欧阳娜娜", "phone": "13911112222"}
    numbers = {
        "case": office.case_no(description="it came late"),
        "other": office.case_no(),
        "erased": office.case_no(customer=customer, description="欧阳娜娜 13911112222"),
        "history": office.case_no(mode="history", occurred_at="2014-01-01T05:08:10-05:00"),
    }
    for case_no in numbers.values():
        office.step(case_no, "hand_over", owner="south-desk")
        office.step(case_no, "record_progress", text="欧阳娜娜 was late")
    auditor.read(numbers["case"], what="get_case")
    auditor.read(numbers["case"], numbers["other"], by="li.qiang", what="find_cases", region="south")
    auditor.sealer.seal()
    office.step(numbers["case"], "correct", set={"demand": "money"}, reason="late")
    office.step(numbers["other"], "reply", text="x")
    Counter(office).erase(phone="13911112222")
    office.clock.forward(timedelta(days=1))
    auditor.sealer.seal()
    office.step(numbers["case"], "reply", text="x")
    auditor.read(numbers["erased"])
    auditor.read(numbers["other"])
    return World(auditor, database, numbers)


def test_what_was_done_lawfully_is_clean(world: World) -> None:
    report = world.auditor.verify()
    assert report.told() == {"entries": 16, "count": 0, "clean": True, "findings": [], "unwitnessed": []}
    for case_no in world.numbers.values():
        assert world.codes(case_no) == set()
    with pytest.raises(NotFound):
        world.auditor.verify("100000000008")


def test_every_trick_is_found(world: World) -> None:
    copy, named = take_copy(world.database), world.named
    missed = []
    for trick in TRICKS:
        tamper(world.database, trick.statements, named)
        if trick.found_as not in (found := world.codes()):
            missed.append((trick.name, trick.found_as, found))
        put_back(world.database, copy)
    assert missed == []
    assert world.codes() == set(), "everything was put back"


def test_a_case_written_anew_with_a_chain_that_fits_is_found_outside(world: World) -> None:
    rewrite(world.database, world.named["case"], "it came late", "it came in time")
    assert world.codes() == {"forged", "digest_head"}
    assert world.codes(world.numbers["case"]) == {"forged", "digest_head"}
    assert world.codes(world.numbers["other"]) == set()
    shutil.rmtree(world.auditor.path / "witness")
    assert world.codes() == {"digest_head"}, "the signed digests alone tell too"


def test_an_old_copy_of_the_whole_database_is_found(world: World) -> None:
    office, copy = world.auditor.office, take_copy(world.database)
    new = office.case_no()
    office.step(world.numbers["case"], "record_progress", text="later")
    world.auditor.sealer.seal()
    put_back(world.database, copy)
    report = world.auditor.verify()
    assert {each.code for each in report.findings} == {"behind", "digest_outside"}
    assert {each.where for each in report.findings} == {new, world.numbers["case"], "digest 3"}


def test_what_an_older_release_wrote_is_clean_once_it_is_chained(office: Office, tmp_path: Path) -> None:
    numbers = [office.case_no() for _ in range(3)]
    office.step(numbers[0], "reply", text="x")
    for case_no in numbers:
        forget_chain(office.database, case_no)
    auditor = Auditor(office, tmp_path / "audit" / "intake")
    assert {each.code for each in auditor.verify().findings} == {"unchained", "no_seal"}
    auditor.sealer.chain_old(lambda: False)
    assert auditor.verify().told()["clean"]
    assert len(auditor.witness_lines()) == 3


def test_what_an_older_release_writes_beside_us_is_chained_before_the_next_digest(
    office: Office, tmp_path: Path
) -> None:
    auditor, case_no = Auditor(office, tmp_path / "audit" / "intake"), office.case_no()
    for _ in range(2):
        auditor.sealer.turn(lambda: False)
    office.database.listen(WITNESS, lambda _lines: None)
    office.step(case_no, "reply", text="x")
    office.database.listen(WITNESS, auditor.folder.witness)
    forget_chain(office.database, case_no, behind=1)
    office.clock.forward(timedelta(days=1))
    auditor.sealer.turn(lambda: False)
    assert auditor.proof(case_no)["sealed_up_to"] == 2
    assert auditor.verify().told()["clean"]


def test_many_processes_find_what_one_finds(world: World) -> None:
    tamper(world.database, TRICKS[0].statements, world.named)
    alone = world.auditor.verify()
    with world.database.read() as connection:
        windows = proof_reading.windows(connection)
    url = world.database.engine.url.render_as_string(hide_password=False)
    seen = world.auditor.path / "seen"
    Seen(seen).fill([])
    together = list(walk_all(url, seen, windows, WORTH_IT))
    assert [finding for each in together for finding in each.findings] == alone.findings
    assert sum(each.entries for each in together) == alone.entries


def test_a_database_ahead_of_the_witness_is_no_tampering(world: World) -> None:
    [file] = (world.auditor.path / "witness").iterdir()
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-3]))
    (world.auditor.path / "digests" / "00000002.json").unlink()
    report = world.auditor.verify()
    assert report.findings == []
    assert len(report.unwitnessed) == 1, "but it is told"


def test_a_case_that_fits_and_that_nobody_wrote_is_told(world: World) -> None:
    with world.database.write() as uow:
        case_no = world.auditor.office.registering(uow)["case_no"]
        uow.told.clear()
    report = world.auditor.verify()
    assert (report.findings, report.unwitnessed) == ([], [(case_no, 1)])


def test_what_stands_outside_cannot_be_made_up(world: World) -> None:
    [file] = (world.auditor.path / "witness").iterdir()
    with file.open("a") as opened:
        opened.write(f"nonsense\n{world.numbers['case']} 77 {'a' * 64}\n")
    (world.auditor.path / "digests" / "00000009.json").write_text("{}")
    [key] = (world.auditor.path / "keys").iterdir()
    key.write_text("no key")
    assert world.codes() == {"witness_line", "behind", "digest_outside", "digest_key"}


def test_any_one_change_of_any_row_is_found(world: World) -> None:
    copy = take_copy(world.database)
    changes = [
        (table, row, column)
        for table in TABLES
        for row in copy[table.name]
        for column in (GONE, *row)
        if column not in OTHER_FORMS and not (table is cases and _is_erased(row, world, column))
    ]

    @settings(max_examples=15)
    @given(st.sampled_from(changes), st.data())
    def check(change: Any, data: Any) -> None:
        table, row, column = change
        here = [table.c[key.name] == row[key.name] for key in table.primary_key]
        if column == GONE:
            tamper(world.database, [table.delete().where(*here)])
        else:
            other = _another(table.c[column], row[column], data)
            tamper(world.database, [table.update().where(*here).values({column: other})])
        try:
            assert world.codes(), (table.name, row, column)
        finally:
            put_back(world.database, copy)

    check()


def _is_erased(row: Mapping[str, Any], world: World, column: str) -> bool:
    """Whether nobody can tell: of who was erased, texts of the case as it stands; handling that is none."""
    personal = set("customer_name customer_phone customer_email subject description demand product source".split())
    return column == "handling" or (row["case_no"] == world.numbers["erased"] and column in personal | {"external_ref"})


def _another(column: sa.Column[Any], value: Any, data: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + data.draw(st.integers(500, 1000))
    if isinstance(value, str) and isinstance(column.type, sa.Text | sa.String):
        at = data.draw(st.integers(0, max(len(value) - 1, 0)))
        return value[:at] + ("b" if value[at : at + 1] == "a" else "a") + value[at + 1 :]
    if hasattr(value, "tzinfo"):
        return value + timedelta(seconds=1)
    if isinstance(value, dict):
        return {**value, "more": {"made": "up"}}
    return ["made up"] if isinstance(column.type, sa.JSON) else "aa"


def test_every_finding_is_in_the_words() -> None:
    used = {trick.found_as for trick in TRICKS} | {"forged", "digest_head", "digest_key", "witness_line"}
    assert used <= WORDS.keys()


def test_evidence_that_was_changed_or_taken_away_is_found(world: World) -> None:
    files = Files(world.auditor.path.with_name("evidence"))
    digests_put = [files.keep(content) for content in (b"a photo", b"a protocol")]
    with world.database.write() as uow:
        for digest in digests_put:
            about = {"name": "x", "kind": "photo", "size": 7, "by": "desk", "at": uow.now, "kept": True}
            file = evidence.File(case_no=world.numbers["case"], digest=digest, **about)
            evidence.put(uow.connection, world.named["case"], file)
    assert world.codes() == set()
    files.path(digests_put[0]).write_bytes(b"another photo")
    files.path(digests_put[1]).unlink()
    assert world.codes() == {"evidence_changed", "evidence_gone"}
    assert world.codes(world.numbers["other"]) == set()
