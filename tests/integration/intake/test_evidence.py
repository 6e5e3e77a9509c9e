"""Evidence: kept under its digest, checked before a step names it, found when changed, gone with its customer."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from shared.base.database import Database
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.integration.intake.counter import Counter
from tests.integration.intake.handling_desk import DIGEST, PHOTO, HandlingDesk
from tests.integration.intake.office import Office
from tests.support.dump import dump

OTHER = "sha256:" + hashlib.sha256(b"another").hexdigest()


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> HandlingDesk:
    return HandlingDesk(office, tmp_path / "evidence")


def lies_at(desk: HandlingDesk, digest: str = DIGEST) -> Path:
    return desk.cupboard.files.path(digest.removeprefix("sha256:"))


def test_a_file_is_kept_once_and_handed_out(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no()
    kept = desk.put(case_no, digest=DIGEST.removeprefix("sha256:").upper())
    assert kept == {"ref": f"evidence:{DIGEST}", "digest": DIGEST, "size": len(PHOTO)}
    assert desk.put(case_no, name="again.png") == kept
    file = desk.fetch(case_no, kept["ref"])
    assert (base64.b64decode(file["content"]), file["name"], file["by"]) == (PHOTO, "wall.png", "desk")
    assert lies_at(desk).stat().st_mode & 0o777 == 0o600
    (shown,) = desk.office.get(case_no)["evidence"]
    assert (shown["ref"], shown["kept"], "content" in shown) == (kept["ref"], True, False)


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"digest": OTHER}, "digest", f"is {OTHER}, but that of the content is {DIGEST}"),
        ({"digest": "md5:00"}, "digest", "64 hexadecimal digits"),
        ({"content": "not base64!"}, "content", "is not base64"),
        ({"content": base64.b64encode(b"x" * 1001).decode()}, "content", "has 1001 bytes; at most 1000"),
        ({"name": "a\nb"}, "name", "control"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_kept(
    desk: HandlingDesk, given: dict[str, Any], field: str, why: str
) -> None:
    case_no = desk.office.case_no()
    with pytest.raises(Invalid) as refused:
        desk.put(case_no, **given)
    assert why in refused.value.detail[field][0]
    assert not list(desk.folder.rglob("*"))
    assert "evidence" not in desk.office.get(case_no)


def test_a_file_belongs_to_its_case(desk: HandlingDesk) -> None:
    case_no, other = desk.office.case_no(), desk.office.case_no()
    ref = desk.put(case_no)["ref"]
    with pytest.raises(NotFound):
        desk.fetch(other, ref)
    with pytest.raises(NotFound):
        desk.put("100000000008")
    with pytest.raises(Invalid) as refused:
        desk.step(other, "add_evidence", evidence=[{"ref": "photos/1"}, {"ref": ref}])
    assert set(refused.value.detail) == {"evidence.1.ref"}
    desk.put(other)
    desk.step(other, "add_evidence", evidence=[{"ref": ref}])


def test_whoever_is_complained_about_sees_no_file(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no(complained_about=["desk"])
    with pytest.raises(Forbidden):
        desk.put(case_no)


def test_a_step_names_evidence_that_is_what_it_says(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no()
    ref = desk.put(case_no)["ref"]
    data = f"data:image/png;base64,{base64.b64encode(PHOTO).decode()}"
    evidence = [{"ref": ref, "kind": "photo"}, {"ref": data}, {"ref": "dms/7", "digest": OTHER}, {"ref": "photos/1"}]
    desk.step(case_no, "inspect", findings="hollow", evidence=evidence)
    detail = desk.office.get(case_no)["history"][-1]["detail"]
    assert [each.get("digest") for each in detail["evidence"]] == [DIGEST, DIGEST, OTHER, None]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ref": f"data:,{PHOTO.hex()}", "digest": DIGEST}, "digest"),
        ({"ref": "data:image/png;base64,?"}, "ref"),
        ({"ref": "data:no-comma"}, "ref"),
        ({"ref": "evidence:123"}, "ref"),
        ({"ref": f"evidence:{DIGEST}", "digest": OTHER}, "digest"),
        ({"ref": "dms/7", "digest": "abc"}, "digest"),
    ],
)
def test_a_reference_that_contradicts_its_digest_is_refused_by_its_place(
    desk: HandlingDesk, given: dict[str, Any], field: str
) -> None:
    case_no = desk.office.case_no()
    with pytest.raises(Invalid) as refused:
        desk.step(case_no, "inspect", findings="x", evidence=[{"ref": "photos/1"}, given])
    assert list(refused.value.detail) == [f"evidence.1.{field}"]
    assert desk.office.get(case_no)["version"] == 1


def test_a_file_that_was_changed_or_is_gone_is_found(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no()
    ref = desk.put(case_no)["ref"]
    assert desk.check() == []
    lies_at(desk).write_bytes(b"another")
    assert desk.check() == [{"case_no": case_no, "digest": DIGEST, "what": "changed", "found": OTHER}]
    with pytest.raises(Conflict) as changed:
        desk.fetch(case_no, ref)
    assert changed.value.detail == {"digest": DIGEST, "found": OTHER}
    with pytest.raises(Invalid) as refused:
        desk.step(case_no, "add_evidence", evidence=[{"ref": ref}])
    assert OTHER in refused.value.detail["evidence.0.digest"][0]
    lies_at(desk).unlink()
    assert desk.check() == [{"case_no": case_no, "digest": DIGEST, "what": "gone"}]
    with pytest.raises(NotFound, match="gone"):
        desk.fetch(case_no, ref)
    desk.put(case_no)
    assert desk.check() == [], "put there again, it is what it was"


def test_an_erased_customers_files_go_and_their_digests_stay(desk: HandlingDesk, database: Database) -> None:
    counter, theirs = Counter(desk.office), {"name": "欧阳娜娜", "phone": "13911112222"}
    case_no, other = desk.office.case_no(customer=theirs), desk.office.case_no(customer={"phone": "13900139000"})
    ref, shared = desk.put(case_no, name="欧阳娜娜.png")["ref"], desk.put(case_no, b"a price list", name="prices")
    desk.put(other, b"a price list", name="prices")
    desk.step(case_no, "inspect", findings="hollow", evidence=[{"ref": ref}])
    foreseen = counter.erase(phone="13911112222", dry_run=True)
    answer = counter.erase(phone="13911112222")
    assert foreseen["files"] == answer["files"]
    assert answer["files"]["evidence"] == [DIGEST.removeprefix("sha256:")]
    for digest in answer["files"]["evidence"]:
        desk.cupboard.files.forget(digest)
    assert "欧阳娜娜" not in str(dump(database))
    with pytest.raises(NotFound, match="erased"):
        desk.fetch(case_no, ref)
    assert desk.fetch(other, shared["ref"])["name"] == "prices"
    assert [each["kept"] for each in desk.office.get(case_no)["evidence"]] == [False, False]
    assert desk.office.get(case_no)["history"][-2]["detail"]["evidence"][0]["digest"] == DIGEST
    assert desk.check() == []
    desk.put(case_no)
    assert desk.fetch(case_no, ref)["name"] == "wall.png"


def test_the_name_of_a_file_says_nothing_of_somebody_protected(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no(customer={"name": "欧阳娜娜", "phone": "13911112222", "protected": True})
    ref = desk.put(case_no, name="欧阳娜娜 13911112222.png")["ref"]
    assert desk.fetch(case_no, ref)["name"] == desk.office.get(case_no)["evidence"][0]["name"]
    assert "欧阳" not in desk.fetch(case_no, ref)["name"]
