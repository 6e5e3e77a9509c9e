"""Equipment: what is maintained, where it stands, and who looks after it at the customer's (MA-1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

IN_USE: Final = "in_use"
STATES: Final = (IN_USE, "standby", "out_of_use")
DESCRIBED: Final = (
    "serial_no",
    "model",
    "customer",
    "site",
    "region",
    "installed_on",
    "warranty_until",
    "state",
    "administrator",
)
"""What a registration says of a piece of equipment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """A piece of equipment as it is on file."""

    id: int
    serial_no: str
    model: str
    region: str
    state: str
    registered_at: datetime
    customer: str | None = None
    site: str | None = None
    installed_on: date | None = None
    warranty_until: date | None = None
    administrator: Mapping[str, Any] = field(default_factory=dict)


def serial_key(serial_no: str) -> str:
    """One key for every way of writing a serial number."""
    return "".join(serial_no.split()).casefold()


def differences(kept: Equipment, asked: Mapping[str, Any]) -> list[str]:
    """The fields in which a second registration differs from what is on file; what it leaves out says nothing."""
    return sorted(name for name in DESCRIBED if name in asked and asked[name] != getattr(kept, name))
