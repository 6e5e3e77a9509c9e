"""Policy files: YAML on disk to a checked policy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.closing_rules import read_closing
from services.intake.domain.handling.duties_file import Known, read_duties
from services.intake.domain.handling.limits import read_limits
from services.intake.domain.repeats.policy import RepeatPolicy, read_policy
from shared.base.people import ROLES, People, load_people
from shared.base.yaml_file import read_yaml

_HOUSE: Final = Path(__file__).parents[1] / "policies"
BUILTIN: Final = _HOUSE / "repeats.yaml"
CLOSING: Final = _HOUSE / "closing.yaml"
COMPENSATION: Final = _HOUSE / "compensation.yaml"
DUTIES: Final = _HOUSE / "duties.yaml"


def load_repeats(path: Path | None = None) -> RepeatPolicy:
    """What counts as the same matter again, the operator's file or the built-in one; raises Misconfigured."""
    return read_policy(read_yaml(path or BUILTIN), str(path or BUILTIN.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingFiles:
    """The operator's own files about handling; None is the built-in one."""

    closing: Path | None = None
    compensation: Path | None = None
    duties: Path | None = None


def load_handbook(files: HandlingFiles | None = None, people: People | None = None) -> Handbook:
    """What is decided about handling, the operator's files or the built-in ones; raises Misconfigured."""
    own = files or HandlingFiles()
    closing, compensation, duties = own.closing or CLOSING, own.compensation or COMPENSATION, own.duties or DUTIES
    known = Known((people or load_people()).knows, ROLES)
    return Handbook(
        closing=read_closing(read_yaml(closing), _named(closing)),
        limits=read_limits(read_yaml(compensation), _named(compensation), ROLES),
        duties=read_duties(read_yaml(duties), _named(duties), known),
    )


def _named(file: Path) -> str:
    """How a file is called where something is wrong with it; one of ours by its name alone."""
    return file.name if file.parent == _HOUSE else str(file)
