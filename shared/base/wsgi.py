"""A service's own pages: what fails is answered as problem+json (RFC 9457), by one mapping for the whole tree."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import Map, Rule

from shared.base.logs import logger
from shared.base.traces import current_token, current_trace, new_trace
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable
from shared.kernel.plain_json import write_json

log = logger(__name__)

RETRY_SECONDS: Final = 5
MAX_BODY_BYTES: Final = 1_048_576
ROUTE: Final = "aftercare.route"
"""Where an application says in the WSGI environment which of its routes was taken; metrics go by it."""
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Answer = Callable[[Request], Response]
Start = Callable[..., Any]


class Unauthenticated(Refused):
    """No token, or one that nobody gave."""

    slug = "Unauthenticated"


class TooMany(Refused):
    """More requests than are taken; `seconds` is how long to wait."""

    slug = "TooManyRequests"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Malformed(Refused):
    """The body is not a JSON object."""

    slug = "Malformed"


class UnsupportedBody(Refused):
    """The body is in a form that is not read here."""

    slug = "UnsupportedMediaType"


class Outdated(Conflict):
    """The thing is not at the version that If-Match names."""

    slug = "PreconditionFailed"


STATUS: Final[tuple[tuple[type[AftercareError], int], ...]] = (
    (Outdated, 412),
    (UnsupportedBody, 415),
    (Invalid, 422),
    (NotFound, 404),
    (Conflict, 409),
    (Forbidden, 403),
    (Refused, 400),
    (Unavailable, 503),
)


def serve(
    answer: Answer, environ: dict[str, Any], start_response: Start, longest: int = MAX_BODY_BYTES
) -> Iterable[bytes]:
    """WSGI: the request with its trace and a limit to its body, answered, or refused in the one way."""
    request = Request(environ)
    request.max_content_length = longest
    current_trace.set(_trace(request))
    current_token.set("")
    try:
        response = answer(request)
    except RequestEntityTooLarge as error:
        response = _problem(
            413, error.name.replace(" ", ""), f"the body is larger than {request.max_content_length} bytes; send less"
        )
    except Exception as error:  # noqa: BLE001 - the border: every error becomes an answer, unknown ones are logged
        response = problem_of(error)
    return response(environ, start_response)


def matched(routes: Map, request: Request) -> tuple[Rule, dict[str, Any]]:
    """The route of a request and what its path names, noted for the metrics; raises what werkzeug refuses."""
    rule, named = routes.bind_to_environ(request.environ).match(return_rule=True)
    request.environ[ROUTE] = rule.rule
    return rule, dict(named)


def _trace(request: Request) -> str:
    """The caller's W3C traceparent, so that its trace goes on in our events; else a new one."""
    given = request.headers.get("traceparent", "")
    return given if _TRACEPARENT.fullmatch(given) else new_trace()


def problem_of(error: Exception) -> Response:
    """What the caller is told of an error; nothing of the inside."""
    if isinstance(error, HTTPException):
        return _routed(error)
    if isinstance(error, Unauthenticated):
        return _problem(401, error.slug, error.message, headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, TooMany):
        return _problem(429, error.slug, error.message, headers={"Retry-After": str(error.seconds)})
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
