"""Errors as HTTP says them: problem+json (RFC 9457), one mapping for the whole tree."""

from typing import Any, Final

from werkzeug import Response
from werkzeug.exceptions import HTTPException

from shared.base.logs import logger
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable
from shared.kernel.plain_json import write_json

log = logger(__name__)

STATUS: Final[tuple[tuple[type[AftercareError], int], ...]] = (
    (Invalid, 422),
    (NotFound, 404),
    (Conflict, 409),
    (Forbidden, 403),
    (Refused, 400),
    (Unavailable, 503),
)
RETRY_SECONDS: Final = 5


class Unauthenticated(Refused):
    """No token, or one that nobody gave."""

    slug = "Unauthenticated"


class Malformed(Refused):
    """The body is not a JSON object."""

    slug = "Malformed"


def problem_of(error: Exception) -> Response:
    """What the caller is told of an error; nothing of the inside."""
    if isinstance(error, HTTPException):
        return _routed(error)
    if isinstance(error, Unauthenticated):
        return _problem(401, error.slug, error.message, headers={"WWW-Authenticate": "Bearer"})
    for kind, status in STATUS:
        if isinstance(error, kind):
            return _known(error, status)
    log.error("a request failed", exc_info=error)
    return _problem(500, "Internal", "the service made a mistake; it is logged")


def _known(error: AftercareError, status: int) -> Response:
    if isinstance(error, Refused):
        return _problem(status, error.slug, error.message, error.detail)
    later = {"Retry-After": str(RETRY_SECONDS)}
    return _problem(status, error.slug, "something this needs does not answer; try again", headers=later)


def _routed(error: HTTPException) -> Response:
    """What werkzeug itself refuses: no such page, not that method, too large."""
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return _problem(error.code or 500, error.name.replace(" ", ""), error.name, headers=headers)


def _problem(
    status: int, slug: str, sentence: str, detail: Any = None, headers: dict[str, str] | None = None
) -> Response:
    body = {"type": f"urn:aftercare:error:{slug}", "title": slug, "status": status, "detail": sentence}
    if detail:
        body["errors"] = detail
    return Response(write_json(body), status, headers=headers, content_type="application/problem+json")
