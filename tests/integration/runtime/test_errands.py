"""The loop of errands, in a process whose threads are eventlet's: one bad job keeps no other back, and ends nothing."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_one_bad_job_keeps_no_other_back_and_ends_nothing(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.integration.runtime.green_errands", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told
    assert all(told.values()), (told, ended.stderr[-2000:])
