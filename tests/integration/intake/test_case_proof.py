"""A proof is checked by a program of its own that shares no code with the suite, and refuses whatever was changed."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.errors import Invalid
from tests.integration.intake.auditor import Auditor
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is proven is the same on both: test_proving.py."""
VERIFIER = Path(__file__).parents[3] / "deploy" / "audit" / "verify_proof.py"
Proof = dict[str, Any]


def run(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", str(VERIFIER), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def keep(proof: Proof, folder: Path) -> Path:
    path = folder / "proof.json"
    path.write_text(json.dumps(proof))
    return path


@pytest.fixture
def auditor(office: Office, tmp_path: Path) -> Auditor:
    return Auditor(office, tmp_path / "audit" / "intake")


@pytest.fixture
def proof(auditor: Auditor) -> Proof:
    office = auditor.office
    others = [office.case_no() for _ in range(4)]
    customer = {"name": "欧阳娜娜", "phone": "13911112222"}
    case_no = office.case_no(customer=customer, description="欧阳娜娜", product={"model": "瓷砖胶"})
    office.step(case_no, "hand_over", owner="south-desk")
    auditor.sealer.seal()
    office.step(case_no, "reply", text="欧阳娜娜: 好")
    Counter(office).erase(phone="13911112222")
    office.step(others[0], "reply", text="x")
    auditor.sealer.seal()
    office.step(case_no, "record_progress", text="after it was sealed")
    return auditor.proof(case_no)


def a_word(proof: Proof) -> None:
    proof["entries"][4]["detail_text"] = proof["entries"][4]["detail_text"].replace("sealed", "healed")
    proof["entries"][4]["detail"] = json.loads(proof["entries"][4]["detail_text"])


def who_acted(proof: Proof) -> None:
    entry = proof["entries"][1]
    entry["body"] = entry["body"].replace("desk", "boss")
    entry["fact"] = json.loads(entry["body"])


def what_is_shown(proof: Proof) -> None:
    proof["entries"][1]["fact"]["by"] = "boss"


def an_erased_text(proof: Proof) -> None:
    proof["entries"][0]["detail_text"], proof["entries"][0]["detail"] = "{}", {}


def the_salt(proof: Proof) -> None:
    proof["entries"][4]["salt"] = None


def a_removed_entry(proof: Proof) -> None:
    del proof["entries"][1]


def the_end_cut_off(proof: Proof) -> None:
    del proof["entries"][3:]


def the_path(proof: Proof) -> None:
    proof["digests"][0]["path"][0] = "00" * 32


def a_shorter_path(proof: Proof) -> None:
    proof["digests"][0]["path"].pop()


def another_root(proof: Proof) -> None:
    digest = proof["digests"][0]
    digest["body"] = digest["body"].replace('"root":"', '"root":"0')


def the_signature(proof: Proof) -> None:
    proof["digests"][1]["signature"] = proof["digests"][0]["signature"]


def the_key(proof: Proof) -> None:
    proof["keys"] = {}


def the_seals(proof: Proof) -> None:
    proof["sealed_up_to"] = 5


def another_version(proof: Proof) -> None:
    proof["case"]["version"] += 1


WRONG: dict[Callable[[Proof], None], str] = {
    a_word: "does not fit its seal",
    who_acted: "does not follow",
    what_is_shown: "is not what",
    an_erased_text: "what was left",
    the_salt: "no salt",
    a_removed_entry: "does not follow",
    the_end_cut_off: "the end was cut off",
    the_path: "does not lead to its root",
    a_shorter_path: "does not lead to its root",
    another_root: "signature is not right",
    the_signature: "signature is not right",
    the_key: "a key that is not known",
    the_seals: "sealed_up_to",
    another_version: "at another version",
}


def test_a_good_proof_is_good_also_after_an_erasure(auditor: Auditor, proof: Proof, tmp_path: Path) -> None:
    assert [entry["salt"] is None for entry in proof["entries"]] == [True, False, True, False, False]
    ended = run(keep(proof, tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "5 entries, signed up to entry 4 by 2 digests" in ended.stdout
    assert "from entry 5 on nobody has signed it yet" in ended.stdout
    [key] = (auditor.path / "keys").iterdir()
    compared = run("--key", key, "--digests", auditor.path / "digests", keep(proof, tmp_path))
    assert compared.returncode == 0


def test_whatever_was_changed_is_named(proof: Proof, tmp_path: Path) -> None:
    missed = {}
    for change, why in WRONG.items():
        changed = copy.deepcopy(proof)
        change(changed)
        ended = run(keep(changed, tmp_path))
        if ended.returncode != 1 or why not in ended.stdout:
            missed[change.__name__] = ended
    assert missed == {}


def test_a_proof_signed_by_somebody_else_is_not_what_was_kept(auditor: Auditor, proof: Proof, tmp_path: Path) -> None:
    stranger = Auditor(auditor.office, tmp_path / "strangers" / "intake")
    stranger.sealer.seal()
    [key] = (stranger.path / "keys").iterdir()
    assert "a key that is not known" in run("--key", key, keep(proof, tmp_path)).stdout
    kept = tmp_path / "kept"
    kept.mkdir()
    body = proof["digests"][0]["body"].replace('"previous":""', '"previous":"0"')
    (kept / "1.json").write_text(json.dumps({"body": body}))
    assert "not the one that was kept" in run("--digests", kept, keep(proof, tmp_path)).stdout


def test_a_proof_without_any_signature_is_none_for_whoever_has_a_key(auditor: Auditor, tmp_path: Path) -> None:
    proof = auditor.proof(auditor.office.case_no())
    auditor.sealer.seal()
    [key] = (auditor.path / "keys").iterdir()
    alone = run(keep(proof, tmp_path))
    assert (alone.returncode, "from entry 1 on nobody" in alone.stdout) == (0, True)
    for compared in (("--key", key), ("--digests", auditor.path / "digests")):
        ended = run(*compared, keep(proof, tmp_path))
        assert (ended.returncode, "nothing of it is signed" in ended.stdout) == (1, True)


@pytest.mark.usefixtures("database")
def test_what_is_no_proof_is_refused_and_help_is_there(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere").returncode == 2
    assert run(keep({"format": "x"}, tmp_path)).returncode == 2
    assert run(keep({"format": "x", "entries": [1], "keys": {}}, tmp_path)).returncode == 1
    assert "Exit code 0" in run("--help").stdout


def test_the_proof_says_who_somebody_protected_is_only_where_it_is_asked(auditor: Auditor) -> None:
    case_no = auditor.office.case_no(customer={"name": "张三", "phone": "13800138000", "protected": True})
    with pytest.raises(Invalid) as refused:
        auditor.proof(case_no)
    assert list(refused.value.detail) == ["identity"]
    assert auditor.proof(case_no, identity=True)["case"]["customer"]["name"] == "张三"
