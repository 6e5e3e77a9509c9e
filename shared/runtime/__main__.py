"""`python -m shared.runtime SERVICE`: run one service in the foreground."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - the patch must come before everything else

eventlet.monkey_patch()

import sys  # noqa: E402

from shared.base.broker import SERVICES  # noqa: E402
from shared.kernel.errors import AftercareError  # noqa: E402


def main(arguments: list[str]) -> int:
    """Run the service named; 2 when it cannot start, with one line that says why."""
    if len(arguments) != 1 or arguments[0] not in SERVICES:
        sys.stderr.write(f"usage: python -m shared.runtime {'|'.join(SERVICES)}\n")
        return 2
    from shared.runtime.package import Package
    from shared.runtime.runner import Runner

    try:
        return Runner(Package.of(arguments[0])).run()
    except AftercareError as error:
        sys.stderr.write(f"aftercare {arguments[0]}: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
