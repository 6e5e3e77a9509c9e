"""The chain over a case: whatever happens to it, also an erasure, it can be checked from its text (AL-4)."""

import hashlib
import json
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.domain.sealing import seal
from services.intake.handlers.witnessing import WITNESS
from services.intake.storage.chaining import chain_some, last_case
from services.intake.storage.tables import cases, entries
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office
from tests.integration.intake.tampering import forget_chain

PERHAPS_PERSONAL = {"product", "source", "external_ref"}
LASTING = "seq fact at recorded_at by key due_at voids".split()


def rows_of(office: Office, case_no: str) -> list[Any]:
    query = sa.select(entries).join(cases, cases.c.id == entries.c.case_id).where(cases.c.case_no == case_no)
    with office.database.read() as connection:
        return list(connection.execute(query.order_by(entries.c.seq)))


def head_of(office: Office, case_no: str) -> tuple[int, str]:
    with office.database.read() as connection:
        query = sa.select(cases.c.chained, cases.c.chain).where(cases.c.case_no == case_no)
        return tuple(connection.execute(query).one())


def as_written_down(case_no: str, rows: list[Any]) -> list[str]:
    """The chain by its description alone."""
    found, before = [], hashlib.sha256(f"aftercare case chain 1\0{case_no}".encode()).hexdigest()
    for row in rows:
        fact = json.loads(row.body)
        kept = {name: fact[name] for name in LASTING if name in fact}
        kept["set"] = {name: value for name, value in fact.get("set", {}).items() if name not in PERHAPS_PERSONAL}
        text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(f"{before}\0{row.version}\0{row.seal}\0{text}".encode()).hexdigest()
        found.append(before)
    return found


def check(office: Office, case_no: str) -> None:
    rows = rows_of(office, case_no)
    assert [row.chain for row in rows] == as_written_down(case_no, rows)
    assert head_of(office, case_no) == (rows[-1].seq, rows[-1].chain)
    assert all(row.salt is None or seal(row.salt, row.body, row.detail) == row.seal for row in rows)


@pytest.fixture
def case_no(office: Office) -> str:
    found = office.case_no(product={"model": "瓷砖胶"}, authority={"name": "regulator", "reference": "R-1"})
    office.step(found, "hand_over", owner="王芳")
    office.step(found, "give_opinion", accountable="desk", text="ours", warning={"text": "batch 7"})
    return found


def test_every_entry_is_chained_and_the_head_stands_with_the_case(office: Office, case_no: str) -> None:
    check(office, case_no)
    assert head_of(office, case_no)[0] == len(rows_of(office, case_no)) == 5


def test_a_witness_hears_of_every_head_that_is_committed(office: Office) -> None:
    heard: list[str] = []
    office.database.listen(WITNESS, heard.extend)
    case_no = office.case_no()
    office.step(case_no, "reply", text="x")
    chains = [row.chain for row in rows_of(office, case_no)]
    assert heard == [f"{case_no} {seq} {chain}" for seq, chain in enumerate(chains, 1)]


def test_the_chain_holds_after_an_erasure_also_where_a_clerk_has_the_same_name(office: Office) -> None:
    counter = Counter(office)
    customer = {"name": "王芳", "phone": "13911112222"}
    case_no = office.case_no(customer=customer, description="王芳 13911112222", product={"model": "王芳"})
    office.step(case_no, "hand_over", by="王芳", owner="王芳")
    office.step(case_no, "reply", text="王芳")
    before = [row.chain for row in rows_of(office, case_no)]
    counter.erase(phone="13911112222")
    check(office, case_no)
    after = rows_of(office, case_no)
    assert [row.chain for row in after][:-1] == before
    assert [row.salt is None for row in after] == [True, False, True, False]
    assert [json.loads(row.body)["by"] for row in after][1] == "王芳"


@pytest.mark.parametrize("behind", [0, 2])
def test_what_an_older_release_wrote_is_chained_with_the_next_step(office: Office, case_no: str, behind: int) -> None:
    forget_chain(office.database, case_no, behind=behind)
    office.step(case_no, "reply", text="x")
    check(office, case_no)


def test_what_an_older_release_wrote_is_chained_some_at_a_time(office: Office, case_no: str) -> None:
    others = [office.case_no() for _ in range(3)]
    for each in (case_no, *others):
        forget_chain(office.database, each)
    done = []
    for _ in range(3):
        with office.database.write() as uow:
            done.append(chain_some(uow.connection, 0, last_case(uow.connection), 2))
    assert [len(each) for each in done] == [2, 2, 0]
    for each in (case_no, *others):
        check(office, each)
        assert (done[0] | done[1])[each].chain == head_of(office, each)[1]
