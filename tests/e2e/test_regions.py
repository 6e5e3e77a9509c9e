"""An operator's region tree, on a suite of its own: there is no way back to any well-formed path (contracts 3)."""

from pathlib import Path

from tests.e2e.conftest import StartSuite
from tests.e2e.test_desk import CALL, WORDS, register


def test_with_a_region_tree_other_regions_are_refused(start_suite: StartSuite, tmp_path: Path):
    suite = start_suite("--clock-start", "2026-10-09T22:00:00+08:00")
    assert "any well-formed path" in suite.done("regions", "show")
    file = tmp_path / "regions.yaml"
    file.write_text("south:\n  Guangdong:\nno:\n")
    wrong = suite.aftercare("regions", "load", str(file))
    assert wrong.returncode == 2
    assert [line.split(": ")[1] for line in wrong.stderr.splitlines()] == [
        "regions.yaml.south.Guangdong",
        "regions.yaml.False",
    ]
    tree = "south:\n  guangdong:\n    foshan:\nnorth:\n"
    file.write_text(tree)
    assert "There are 4 regions: 4 new, 0 gone." in suite.done("regions", "load", str(file))
    assert suite.done("regions", "show") == "north:\nsouth:\n  guangdong:\n    foshan:\n"
    refused = suite.aftercare(*CALL, *WORDS, "--region", "south.guangdong.fosan")
    assert refused.returncode == 2
    assert "--region: there is no region south.guangdong.fosan; nearest: south.guangdong.foshan" in refused.stderr
    register(suite)
