"""The demo's rules of assignment: what it publishes, and which of its cases nobody needs to hand over. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.cli.demo.acts import Act
from shared.cli.demo.words import read_words
from shared.kernel.conditions import meets

FILE = "assignment.yaml"


def publish(at: datetime) -> Act:
    """The lead of the clerks publishes them."""
    request = {"rules": read_words(FILE), "by": "clerk-lead"}
    return Act(at=at, label="assignment", method="intake.publish_assignment", request=request)


def is_assigned(request: Mapping[str, Any]) -> bool:
    """Whether a rule is for a case that is registered so."""
    return any(
        all(meets(request[name], name, frozenset(values)) for name, values in rule["when"].items())
        for rule in read_words(FILE)["rules"]
    )
