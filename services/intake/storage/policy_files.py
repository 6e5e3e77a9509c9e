"""Policy files: YAML on disk to a checked policy."""

from pathlib import Path
from typing import Final

from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.closing_rules import read_closing
from services.intake.domain.handling.limits import read_limits
from services.intake.domain.repeats.policy import RepeatPolicy, read_policy
from shared.base.people import ROLES
from shared.base.yaml_file import read_yaml

_HOUSE: Final = Path(__file__).parents[1] / "policies"
BUILTIN: Final = _HOUSE / "repeats.yaml"
CLOSING: Final = _HOUSE / "closing.yaml"
COMPENSATION: Final = _HOUSE / "compensation.yaml"


def load_repeats(path: Path | None = None) -> RepeatPolicy:
    """What counts as the same matter again, the operator's file or the built-in one; raises Misconfigured."""
    return read_policy(read_yaml(path or BUILTIN), str(path or BUILTIN.name))


def load_handbook(closing: Path | None = None, compensation: Path | None = None) -> Handbook:
    """What is decided about handling, the operator's files or the built-in ones; raises Misconfigured."""
    return Handbook(
        closing=read_closing(read_yaml(closing or CLOSING), str(closing or CLOSING.name)),
        limits=read_limits(read_yaml(compensation or COMPENSATION), str(compensation or COMPENSATION.name), ROLES),
    )
