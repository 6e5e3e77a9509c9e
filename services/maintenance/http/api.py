"""The one route: `GET /calendars/{kind}/{key}.ics` (contracts 7)."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from shared.base.logs import logger
from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.plain_json import write_json

log = logger(__name__)

Feed = Callable[[str, str], bytes]
"""The calendar of a kind and key; raises NotFound."""
ROUTES: Final = Map([Rule("/calendars/<kind>/<path:key>.ics", methods=["GET"])])
RETRY_SECONDS: Final = "5"


class Api:
    """A WSGI application."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        request = Request(environ)
        try:
            response = self._answer(request)
        except Exception as error:  # noqa: BLE001 - the border: every error becomes an answer, unknown ones are logged
            response = _problem_of(error)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        _, values = ROUTES.bind_to_environ(request.environ).match()
        body = self._feed(values["kind"], values["key"])
        response = Response(body, content_type="text/calendar; charset=utf-8")
        response.add_etag()
        return response.make_conditional(request)


def _problem_of(error: Exception) -> Response:
    """What the client is told of an error (RFC 9457); nothing of the inside."""
    if isinstance(error, HTTPException):
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        return _problem(error.code or 500, error.name.replace(" ", ""), error.name, headers)
    if isinstance(error, NotFound):
        return _problem(404, error.slug, error.message)
    if isinstance(error, Unavailable):
        return _problem(503, error.slug, "something this needs does not answer", {"Retry-After": RETRY_SECONDS})
    log.error("a request failed", exc_info=error)
    return _problem(500, "Internal", "the service made a mistake; it is logged")


def _problem(status: int, slug: str, sentence: str, headers: dict[str, str] | None = None) -> Response:
    body = {"type": f"urn:aftercare:error:{slug}", "title": slug, "status": status, "detail": sentence}
    return Response(write_json(body), status, headers=headers, content_type="application/problem+json")
