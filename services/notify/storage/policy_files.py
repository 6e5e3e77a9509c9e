"""Policy files: YAML on disk to a checked policy."""

from pathlib import Path

from services.notify.domain.policy import Policy
from services.notify.domain.policy_file import read_policy
from shared.base.people import ROLES
from shared.base.yaml_file import read_yaml

BUILTIN = Path(__file__).parents[1] / "policies" / "builtin.yaml"


def load_policy(path: Path = BUILTIN) -> Policy:
    """The policy in a file; raises Misconfigured with every mistake, each with file, place and remedy."""
    return read_policy(read_yaml(path), path.name, ROLES)
