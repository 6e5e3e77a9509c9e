"""How xdist's workers share a run: what starts something stays together, so that it is started once.

A module goes to one worker as a whole, with the broker, the service or the databases that its tests share; so do all
modules that share the running suite. The folders lie in a good order as they are: whole suites and faults come first,
and what takes no time fills up the end.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SUITE = "tests/e2e/"
OWN = ("test_demo", "test_each_service_stops", "test_passing_time", "test_regions", "test_versions")
ALONE = {f"{SUITE}{name}.py" for name in OWN}
"""These start a suite of their own."""


class Shares(LoadScopeScheduling):
    """Deals out modules."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return SUITE if module.startswith(SUITE) and module not in ALONE else module


def deal(config: pytest.Config, log: Any) -> Shares | None:
    """Who deals out the tests; whoever asks for another way with --dist gets it."""
    if config.getvalue("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return Shares(config, log)
