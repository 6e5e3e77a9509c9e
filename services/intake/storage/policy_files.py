"""Policy files: YAML on disk to a checked policy."""

from pathlib import Path
from typing import Final

from services.intake.domain.repeats.policy import RepeatPolicy, read_policy
from shared.base.yaml_file import read_yaml

BUILTIN: Final = Path(__file__).parents[1] / "policies" / "repeats.yaml"


def load_repeats(path: Path | None = None) -> RepeatPolicy:
    """What counts as the same matter again, the operator's file or the built-in one; raises Misconfigured."""
    return read_policy(read_yaml(path or BUILTIN), str(path or BUILTIN.name))
