"""Whether anything of a customer came where it must not: logs, metrics, alerts (AL-4)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from shared.cli.demo.journal import Journal
from shared.cli.demo.people import Person
from shared.cli.pages import ask

COUNTRY: Final = "+86"
_TELLING: Final = re.compile(r"[0-9]{8,}|[\u4e00-\u9fff]{2,}|(?:\\u[0-9a-f]{4}){2,}|[\w.]+@[\w.]+")
"""All that could be a number, a name or an address: logs are long, and say the same again and again."""


def secrets_of(people: Iterable[Person]) -> set[str]:
    """What nobody may read there: names, also as JSON may write them, addresses of mail, numbers without country."""
    found: set[str] = set()
    for person in people:
        found |= {person.name, json.dumps(person.name)[1:-1], person.email, person.phone.removeprefix(COUNTRY)}
    return found


def metrics(http: Mapping[str, str]) -> dict[str, str]:
    """The metrics page of each service that runs."""
    return {f"metrics of {name}": str(ask(base, "GET", "/metrics")[1]) for name, base in http.items()}


def logs(data: Path) -> dict[str, str]:
    """Everything that was logged below the folder."""
    return {str(path): path.read_text(encoding="utf-8", errors="replace") for path in sorted(data.rglob("*.log"))}


def alerts(journal: Journal) -> dict[str, str]:
    """Every alert as it travelled."""
    return {f"alert {each.routing_key}": each.envelope.to_bytes().decode() for each in journal.alerts()}


def leaks(places: Mapping[str, str], secrets: Iterable[str]) -> Iterator[str]:
    """The places that hold a secret; the secret itself is not repeated."""
    wanted = list(secrets)
    for name, text in places.items():
        told = "\n".join(set(_TELLING.findall(text)))
        if any(secret in told for secret in wanted):
            yield f"{name} holds personal data of a customer"
