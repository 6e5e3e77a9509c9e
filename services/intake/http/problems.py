"""The refusals of the interface, as its description tells of them."""

from collections.abc import Mapping
from typing import Any, Final

PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "RFC 9457; `title` is stable, `errors` names wrong fields, or the state and what is legal in it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "example": "urn:aftercare:error:Invalid"},
        "title": {"type": "string", "example": "Invalid"},
        "status": {"type": "integer", "example": 422},
        "detail": {"type": "string", "example": "not acceptable: customer.phone"},
        "errors": {"type": "object", "example": {"customer.phone": ["is no phone number"]}},
    },
}
REFUSALS: Final[Mapping[int, str]] = {
    400: "The body is no JSON object in UTF-8, or the query is no text",
    401: "No token, or one that nobody gave, or that ran out",
    403: "The token has none of the scopes needed or stands for somebody else, or its person may not",
    404: "The thing named is not here",
    405: "Not with this method; `Allow` names those that there are",
    409: "Not possible in the present state; `errors` names the state and what is legal",
    412: "The case is not at the version that If-Match names",
    413: "The body is larger than is taken",
    414: "The address is longer than is read; the answer has no body",
    415: "The body is in a form that is not read here",
    422: "Fields are wrong: `errors` names every one",
    429: "Too many requests; try again after `Retry-After` seconds",
    503: "Something this needs is away; try again after `Retry-After` seconds",
}
BODILESS: Final = 414
_RETRY: Final = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
_HEADERS: Final[Mapping[int, Mapping[str, Any]]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    405: {"Allow": {"schema": {"type": "string"}}},
    429: _RETRY,
    503: _RETRY,
}


def response_of(status: int) -> dict[str, Any]:
    """The description of a refusal."""
    if status == BODILESS:
        return {"description": REFUSALS[status]}
    content = {"application/problem+json": {"schema": "Problem"}}
    return {"description": REFUSALS[status], "content": content, "headers": dict(_HEADERS.get(status, {}))}
