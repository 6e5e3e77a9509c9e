"""`python -m tests.support.probe [CRASH TIMES]`: run the probe; with a crash, until it kills itself there."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - the patch must come before everything else

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402

from shared.kernel.errors import AftercareError  # noqa: E402


def main(*crash: str) -> int:
    """What `shared.runtime` does, with the probe's package."""
    from shared.runtime.package import Package
    from shared.runtime.runner import Runner
    from shared.runtime.wall_time import Reading, read_clocks
    from tests.support.probe import NAME, WALL_STEP

    def stepped() -> Reading:
        told = Path(os.environ["AFTERCARE_DATA"]) / WALL_STEP
        now = read_clocks()
        return replace(now, wall=now.wall + float(told.read_text())) if told.exists() else now

    if crash:
        from tests.faults.crashes import arm

        arm(crash[0], int(crash[1]))
    try:
        return Runner(Package.of(NAME, "tests.support.probe"), stepped).run()
    except AftercareError as error:
        sys.stderr.write(f"aftercare {NAME}: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
