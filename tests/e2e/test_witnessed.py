"""An auditor's day: sealed, taken away, checked elsewhere; after all the other stories the record is whole (AL-4)."""

import json
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import requests

from tests.e2e.conftest import MAIN, Running

VERIFIER = MAIN / "deploy" / "audit" / "verify_proof.py"


def registered(suite: Running) -> str:
    told = "case register --kind complaint --channel phone --region audit --subject Tiles --registrar zhang.min"
    case_no: str = suite.told(*told.split(), "--description", "They fall.", "--phone", "13812345001")["case_no"]
    return case_no


def test_a_day_is_sealed_and_a_proof_is_checked_without_us(suite: Running, tmp_path: Path) -> None:
    case_no = registered(suite)
    [digest] = suite.told("audit", "seal")["digests"][-1:]
    kept = suite.data / "audit" / "intake" / "digests" / f"{digest['no']:08}.json"
    assert json.loads(kept.read_text())["body"] == digest["body"]
    assert stat.S_IMODE((suite.data / "audit" / "intake.key").stat().st_mode) == 0o600
    file = tmp_path / "proof.json"
    suite.done("case", "proof", case_no, "--by", "zhang.min", "--out", str(file))
    checked = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"case {case_no} is as it was written: 1 entries, signed up to entry 1" in checked.stdout


def test_who_read_a_case_is_on_record(suite: Running) -> None:
    case_no = registered(suite)
    suite.suite.call("intake.get_case", {"case_no": case_no, "by": "li.qiang"})
    key = {"Authorization": f"Bearer {(suite.data / 'token').read_text().strip()}"}
    intake = suite.suite.http["intake"]
    assert requests.get(f"{intake}/cases/{case_no}", headers=key, timeout=60).status_code == 200
    told = requests.get(f"{intake}/accesses", params={"case_no": case_no}, headers=key, timeout=60).json()
    assert [(each["by"], each["via"], each["what"]) for each in told["accesses"][-2:]] == [
        ("li.qiang", "rpc", "get_case"),
        ("token:first", "token:first", "get_case"),
    ]
    assert suite.told("audit", "reads", case_no)["accesses"] == told["accesses"]
    page = suite.done("audit", "reads", "--by", "li.qiang")
    assert case_no in page


def test_the_record_is_verified_while_the_suite_runs(suite: Running) -> None:
    case_no = registered(suite)
    witness = "".join(file.read_text() for file in (suite.data / "audit" / "intake" / "witness").iterdir())
    assert f"{case_no} 1 " in witness
    report = suite.told("audit", "verify")
    assert (report["clean"], report["findings"]) == (True, [])
    assert "Nothing was changed" in suite.done("audit", "verify", case_no)
    assert "未发现改动" in suite.done("audit", "verify", "--lang", "zh")
    assert suite.aftercare("audit", "verify", "100000000008").returncode == 2
    with sqlite3.connect(suite.data / "intake.db", timeout=30) as database:
        owned = "UPDATE cases SET severity = ? WHERE case_no = ?"
        database.execute(owned, ("critical", case_no))
        database.commit()
        found = suite.typed("audit", "verify", case_no)
        database.execute(owned, ("minor", case_no))
    assert found.returncode == 1
    assert "severity" in found.stdout
    assert suite.told("audit", "verify", case_no)["clean"]
