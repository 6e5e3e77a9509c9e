"""Child processes that die with their parent, and the leftovers of a parent that could not say goodbye."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.kernel.errors import Unavailable

OWNER = "AFTERCARE_OWNER"
"""The variable by which a process is known as the child of one folder, whoever started it."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_STEP_SECONDS = 0.02


@dataclass(frozen=True)
class Identity:
    """The user as which a child runs."""

    uid: int
    gid: int


def start_child(
    arguments: Sequence[str | Path],
    *,
    owner: Path,
    log: Path,
    environment: Mapping[str, str],
    identity: Identity | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that dies when the calling thread does; its output goes to `log`.

    It gets a session of its own: Ctrl-C in the terminal reaches the supervisor only, which stops it in good order.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**environment, OWNER: str(owner)},
            start_new_session=True,
            umask=0o077,
            preexec_fn=_die_with(os.getpid()),
            user=identity.uid if identity else None,
            group=identity.gid if identity else None,
            extra_groups=[] if identity else None,
        )


def _die_with(parent: int) -> Callable[[], None]:
    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def stop_child(child: subprocess.Popen[bytes], limit: float, how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the child to end; after `limit` seconds end it and what it started."""
    if child.poll() is None:
        child.send_signal(how)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(limit)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def stop_children(children: Sequence[subprocess.Popen[bytes]], limit: float) -> None:
    """Ask all of them at once to end; after `limit` seconds end those that are left."""
    end = time.monotonic() + limit
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        stop_child(child, max(0.0, end - time.monotonic()))


def end_leftovers(owner: Path, limit: float = 10.0) -> list[int]:
    """End every process that an earlier owner of this folder left behind; their pids."""
    found = list(_owned_by(owner))
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(_is_alive(pid) for pid in found), limit, f"processes {found} do not end; end them")
    return found


def wait_until(condition: Callable[[], bool], limit: float, complaint: str) -> None:
    """Wait until it is so; after `limit` seconds raise Unavailable with the complaint."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise Unavailable(complaint)
        time.sleep(_STEP_SECONDS)


def _owned_by(owner: Path) -> Iterator[int]:
    mark = f"{OWNER}={owner}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        # A process of another user, or one that has just ended, is none of ours.
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in ("Z", "X")
