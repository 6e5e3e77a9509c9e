"""`python -m tests.faults.struck SERVICE [CRASH TIMES]`: run a service; with a crash, until it kills itself there."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - the patch must come before everything else

eventlet.monkey_patch()

import sys  # noqa: E402


def main(service: str, *crash: str) -> int:
    """What `shared.runtime` does, with the point armed."""
    from shared.runtime.package import Package
    from shared.runtime.runner import Runner

    if crash:
        from tests.faults.crashes import arm

        arm(crash[0], int(crash[1]))
    return Runner(Package.of(service)).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
