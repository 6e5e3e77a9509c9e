"""Reads are written down, days are sealed and signed, and both are kept outside of the database too (AL-4)."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.intake.domain.proof import tree
from services.intake.domain.proof.digest import digest_hash
from services.intake.gateways.audit import is_signed, open_signer
from services.intake.handlers.proving import find_accesses
from services.intake.storage.proof_tables import accesses
from shared.kernel.errors import Misconfigured
from tests.integration.intake.auditor import Auditor
from tests.integration.intake.office import Office


@pytest.fixture
def auditor(office: Office, tmp_path: Path) -> Auditor:
    return Auditor(office, tmp_path / "audit" / "intake")


def test_the_witness_writes_down_every_head(auditor: Auditor) -> None:
    case_no = auditor.office.case_no()
    auditor.office.step(case_no, "reply", text="x")
    chains = [entry["chain"] for entry in auditor.proof(case_no)["entries"]]
    assert auditor.witness_lines() == [f"{case_no} {seq} {chain}" for seq, chain in enumerate(chains, 1)]


def test_what_the_witness_could_not_write_is_written_later(auditor: Auditor) -> None:
    auditor.path.parent.mkdir()
    auditor.path.write_text("in the way")
    first = auditor.office.case_no()
    assert not auditor.folder.is_well()
    auditor.path.unlink()
    second = auditor.office.case_no()
    assert auditor.folder.is_well()
    assert [line.split()[0] for line in auditor.witness_lines()] == [first, second]


def test_a_day_is_sealed_signed_told_and_kept_outside(auditor: Auditor) -> None:
    office = auditor.office
    assert not auditor.sealer.is_due()
    first, second = office.case_no(), office.case_no()
    assert auditor.sealer.is_due()
    [said] = auditor.sealer.seal()
    assert (said["no"], said["cases"], said["previous"]) == (1, 2, "")
    assert not auditor.sealer.is_due()
    office.step(first, "reply", text="x")
    auditor.read(first)
    office.clock.forward(timedelta(days=1))
    assert auditor.sealer.is_due()
    [again] = auditor.sealer.seal()
    assert (again["no"], again["cases"], again["previous"]) == (2, 1, digest_hash(said["body"]))
    assert [len(each["digests"]) for each in map(auditor.proof, (first, second))] == [2, 1]
    [head] = json.loads(again["body"])["reads"].values()
    assert head[0] == 1
    told = [event for event in office.said() if event["type"] == "audit.digest_sealed.v1"]
    assert [event["data"]["digest"] for event in told] == [said, again]
    outside = list(auditor.folder.digests())
    assert [(each.no, each.body, each.signature) for each in outside] == [
        (each["no"], each["body"], each["signature"]) for each in (said, again)
    ]
    public = auditor.folder.keys()[said["key"]]
    assert all(is_signed(public, each.body, each.signature) for each in outside)
    assert not is_signed(public, outside[0].body + " ", outside[0].signature)
    assert stat.S_IMODE(auditor.path.with_name("intake.key").stat().st_mode) == 0o600


def test_many_cases_are_sealed_in_several_digests(auditor: Auditor) -> None:
    numbers = [auditor.office.case_no() for _ in range(5)]
    sealer = auditor.sealer_with(window=2)
    assert [each["cases"] for each in sealer.seal()] == [2, 2, 1]
    assert {each["sealed_up_to"] for each in map(auditor.proof, numbers)} == {1}
    assert [each["cases"] for each in sealer.seal()] == [0]


def test_a_proof_leads_from_the_case_to_the_signed_root(auditor: Auditor) -> None:
    numbers = [auditor.office.case_no() for _ in range(7)]
    auditor.sealer.seal()
    for case_no in numbers:
        proof = auditor.proof(case_no)
        [place] = proof["digests"]
        leaf = tree.leaf(f"{case_no}\0{place['seq']}\0{place['chain']}")
        path = [bytes.fromhex(each) for each in place["path"]]
        root = tree.climb(leaf, place["leaf"], place["leaves"], path)
        assert root is not None
        assert root.hex() == json.loads(place["body"])["root"]
        assert place["chain"] == proof["entries"][place["seq"] - 1]["chain"]
        assert is_signed(proof["keys"][json.loads(place["body"])["key"]], place["body"], place["signature"])


def test_what_a_crash_left_out_of_the_folder_is_kept_with_the_next(auditor: Auditor) -> None:
    auditor.office.case_no()
    auditor.sealer.seal()
    (auditor.path / "digests" / "00000001.json").unlink()
    auditor.sealer.seal()
    assert [each.no for each in auditor.folder.digests()] == [1, 2]


def test_without_a_good_key_nothing_is_sealed(auditor: Auditor, tmp_path: Path) -> None:
    auditor.office.case_no()
    auditor.path.parent.mkdir(exist_ok=True)
    auditor.path.with_name("intake.key").write_text("no key")
    with pytest.raises(Misconfigured, match="no private key"):
        auditor.sealer.seal()
    with pytest.raises(Misconfigured, match="cannot be read"):
        open_signer(tmp_path / "nowhere", make=False)
    assert list(auditor.folder.digests()) == []


def test_reads_are_chained_and_found_by_case_person_and_time(auditor: Auditor) -> None:
    first, second = auditor.office.case_no(), auditor.office.case_no()
    auditor.read(first)
    auditor.office.clock.forward(timedelta(hours=1))
    later = auditor.office.clock.now().isoformat()
    auditor.read(first, second, by="li.qiang", what="find_cases", text="欧阳娜娜", region="south", limit=5)
    assert [each["by"] for each in auditor.reads_of(case_no=first)] == ["zhang.min", "li.qiang"]
    assert [each["seq"] for each in auditor.reads_of(case_no=second)] == [2]
    assert [each["what"] for each in auditor.reads_of(by="zhang.min")] == ["get_case"]
    [read] = auditor.reads_of(**{"from": later})
    assert read["question"] == {"text": "[not kept]", "region": "south"}
    assert len(auditor.reads_of(to=later)) == 1


def test_pages_of_reads_follow_each_other(auditor: Auditor) -> None:
    case_no = auditor.office.case_no()
    for _ in range(3):
        auditor.read(case_no)
    with auditor.office.database.read() as connection:
        page = find_accesses(connection, {"limit": 2})
        rest = find_accesses(connection, {"limit": 2, "after": page["next"]})
    assert [each["seq"] for each in page["accesses"] + rest["accesses"]] == [1, 2, 3]
    assert "next" not in rest


def test_those_who_read_at_once_are_in_one_chain_without_a_gap(auditor: Auditor) -> None:
    case_no = auditor.office.case_no()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: auditor.read(case_no), range(24)))
    with auditor.office.database.read() as connection:
        rows = connection.execute(sa.select(accesses.c.writer, accesses.c.seq)).all()
    assert sorted(row.seq for row in rows) == list(range(1, 25))
    assert len({row.writer for row in rows}) == 1


def test_after_a_read_that_could_not_be_written_a_new_chain_begins(auditor: Auditor) -> None:
    case_no = auditor.office.case_no()
    auditor.read(case_no)
    with pytest.raises(sa.exc.IntegrityError):
        auditor.read(case_no, by=None)
    auditor.read(case_no)
    assert [each["seq"] for each in auditor.reads_of()] == [1, 1]
