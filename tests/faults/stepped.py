"""`python -m tests.faults.stepped SERVICE FILE`: run a service on a machine whose wall time is stepped.

The seconds in the file are added to what the machine's own clock says, wherever the real code asks it.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - the patch must come before everything else

eventlet.monkey_patch()

import sys  # noqa: E402
from datetime import datetime, timedelta, tzinfo  # noqa: E402
from pathlib import Path  # noqa: E402

from shared.base import clock  # noqa: E402


def step_by(file: Path) -> None:
    """Have `wall_now` read a clock that is off by what the file says."""

    class Stepped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=float(file.read_text()))  # noqa: TID251 - the machine's own

    clock.datetime = Stepped  # type: ignore[misc]


def main(service: str, file: str) -> int:
    """What `shared.runtime` does."""
    step_by(Path(file))
    from shared.runtime.package import Package
    from shared.runtime.runner import Runner

    return Runner(Package.of(service)).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
