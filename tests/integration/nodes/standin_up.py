"""`aftercare up` with stand-ins for the services: `python -m …standin_up DIR [START [SPEED]]`."""

import os
import signal
import sys
from pathlib import Path

from shared.kernel.errors import AftercareError
from shared.kernel.instants import parse_instant
from shared.nodes.supervisor import Plan, Supervisor

STANDIN = str(Path(__file__).with_name("standin.py"))


def main(data: str, start: str = "", speed: str = "") -> int:
    """Run until SIGTERM."""
    plan = Plan(
        Path(data),
        ("intake", "sla"),
        dict(os.environ),
        parse_instant(start) if start else None,
        float(speed) if speed else None,
        lambda service: [sys.executable, "-S", "-E", STANDIN, service],
    )
    supervisor = Supervisor(plan, print)
    signal.signal(signal.SIGTERM, lambda *_: supervisor.stop())
    try:
        supervisor.run()
    except AftercareError as error:
        sys.stderr.write(f"aftercare: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
