"""Child processes: they die with their parent, and end within a limit."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from shared.nodes.output import last_line
from shared.nodes.process import end_leftovers, start_child, stop_child, stop_children, wait_until

SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)",
]
PARENT = """
import sys, os, pathlib, time
from shared.nodes.process import start_child
folder = pathlib.Path(sys.argv[1])
child = start_child(sys.argv[2:], owner=folder, log=folder / "log", environment=dict(os.environ))
print(child.pid, flush=True)
time.sleep(600)
"""


def child(folder: Path, command: list[str]) -> "subprocess.Popen[bytes]":
    return start_child(command, owner=folder, log=folder / "log", environment=dict(os.environ))


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), *SLEEPER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        orphan = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    wait_until(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, 60, "the child lives on")


def test_a_stubborn_child_is_killed_after_its_limit(tmp_path: Path) -> None:
    stubborn = child(tmp_path, STUBBORN)
    wait_until(lambda: last_line(tmp_path / "log") == "ready", 60, "it does not start")
    stop_child(stubborn, 0.2)
    assert stubborn.returncode == -9


def test_children_share_one_limit(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    children = [child(folder, STUBBORN) for folder in folders]
    wait_until(lambda: all(last_line(folder / "log") == "ready" for folder in folders), 60, "they do not start")
    begun = time.monotonic()
    stop_children(children, 1)
    assert time.monotonic() - begun < 4 * 1
    assert {each.returncode for each in children} == {-9}


def test_leftovers_are_those_of_this_folder_and_no_other(tmp_path: Path) -> None:
    ours, others = child(tmp_path / "one", SLEEPER), child(tmp_path / "one-more", SLEEPER)
    try:
        assert end_leftovers(tmp_path / "one") == [ours.pid]
        assert others.poll() is None
    finally:
        stop_children([ours, others], 5)
