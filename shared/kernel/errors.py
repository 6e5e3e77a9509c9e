"""Every error of the suite, drawn by what must happen next.

    AftercareError
    ├── Refused            the caller must change something; told to the caller, nothing was done
    │   ├── Invalid        a field is wrong            detail: {field path: [why, …]}
    │   ├── NotFound       the thing named is not here
    │   ├── Conflict       not in this state           detail: the state and the legal alternatives
    │   └── Forbidden      not by this person
    ├── Unavailable        something we need is away; the caller may try again
    ├── Rejected           a message that can never be handled: park it at once with its reason
    ├── Retryable          a message that may succeed later: keep it and try again with backoff
    ├── Undecodable        bytes that are no message: to the broker's dead-letter queue
    └── Misconfigured      the operator must change a setting or a file; the process does not start

A `slug` is stable and goes on the wire; the text is one sentence and ends in the remedy where there is one.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class AftercareError(Exception):
    """Something went wrong in the suite."""

    slug = "Internal"


class Refused(AftercareError):
    """The request was refused; nothing was done."""

    slug = "Refused"

    def __init__(self, message: str, detail: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Invalid(Refused, ValueError):
    """A value is not acceptable; `detail` names each field path with its reasons."""

    slug = "Invalid"

    def __init__(self, message: str, detail: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message, {field: list(why) for field, why in (detail or {}).items()})

    @classmethod
    def field(cls, path: str, why: str) -> "Invalid":
        """One field, one reason."""
        return cls(f"{path}: {why}", {path: [why]})


class NotFound(Refused):
    """The thing named does not exist here."""

    slug = "NotFound"


class Conflict(Refused):
    """Not possible in the present state; `detail` names the state and what is legal."""

    slug = "Conflict"


class Forbidden(Refused):
    """This person or system may not do that."""

    slug = "Forbidden"


class Unavailable(AftercareError):
    """Something this needs does not answer; try again later."""

    slug = "Unavailable"


class Rejected(AftercareError):
    """This message can never be handled as it is; it is parked with this reason."""

    slug = "Rejected"


class Retryable(AftercareError):
    """This message cannot be handled now; it is kept and tried again."""

    slug = "Retryable"


class Undecodable(AftercareError):
    """These bytes are not a message of the suite."""

    slug = "Undecodable"


class Misconfigured(AftercareError):
    """A setting or a file is wrong; every problem is listed, each with its remedy."""

    slug = "Misconfigured"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)
