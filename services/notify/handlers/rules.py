"""What notify goes by: the policy, the templates, the people; read once, at start."""

from dataclasses import dataclass
from pathlib import Path

from services.notify.domain.policy import Policy
from services.notify.storage import policy_files
from services.notify.storage.templates import Templates
from shared.base.people import People


@dataclass(frozen=True)
class Rules:
    """Policy, templates and people."""

    policy: Policy
    templates: Templates
    people: People


def load_rules(people: People, policy: Path | None = None, templates: Path | None = None) -> Rules:
    """The operator's files, or the built-in ones; raises Misconfigured with every mistake in them."""
    read = policy_files.load_policy(policy or policy_files.BUILTIN)
    return Rules(read, Templates(templates, read.zone).check(read), people)
