"""A row of the table of routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema

from services.intake.http.spellings import Pairs

Answer = Mapping[str, Any]

ADMIN: Final = "admin"
PHONE: Final = "phone"
BODY: Final = "body"
QUERY: Final = "query"
FORM: Final = "form"


def scopes(*names: str) -> frozenset[str]:
    """These, and `admin`, which may do everything."""
    return frozenset({*names, ADMIN})


def _is_new(answer: Answer) -> bool:
    return not answer.get("duplicate")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """What stands behind a method and a path; names in braces are fields of the request."""

    method: str
    path: str
    command: str
    """The RPC method; its schema is the request's."""
    scopes: frozenset[str]
    summary: str
    answers: type[Schema] | None = None
    """What the answer looks like, for the interface's description."""
    takes: str = QUERY
    """Where the other fields come from: `body` (JSON), `form` (JSON or a form), or `query`."""
    creates: str | None = None
    """Of a command that makes something: its path, filled from the answer; such an answer has status 201."""
    is_new: Callable[[Answer], bool] = _is_new
    """Of a command that makes something: whether this answer tells of something new."""
    by: str | None = None
    """The field that says who acts."""
    spelled: Callable[[Pairs], Pairs] | None = None
    """Of a form that others have invented: the same in our names."""
    for_admin: Mapping[str, str] = field(default_factory=dict)
    """Values of fields that need the scope `admin`."""
    has_version: bool = False
    """Whether the answer has a `version`, which goes out as ETag and may come back as If-Match."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"
