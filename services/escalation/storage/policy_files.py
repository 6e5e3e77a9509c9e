"""Policy files: YAML on disk to a checked policy."""

from pathlib import Path
from typing import Final

from services.escalation.domain.policy import Policy
from services.escalation.domain.policy_file import Known, read_policy
from shared.base.people import ROLES
from shared.base.yaml_file import read_yaml
from shared.kernel.vocabulary import FACTS

BUILTIN: Final = Path(__file__).parents[1] / "policies" / "builtin.yaml"
KNOWN: Final = Known(ROLES, frozenset(FACTS))


def load_policy(path: Path | None = None) -> Policy:
    """The policy of a file, or the built-in one; raises Misconfigured with every mistake: file, field, remedy."""
    source = path or BUILTIN
    return read_policy(read_yaml(source), source.name, KNOWN)
