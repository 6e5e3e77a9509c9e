"""The one route: `GET /calendars/{kind}/{key}.ics` (contracts 7)."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from shared.base.wsgi import matched, serve

Feed = Callable[[str, str], bytes]
"""The calendar of a kind and key; raises NotFound."""
ROUTES: Final = Map([Rule("/calendars/<kind>/<path:key>.ics", methods=["GET"])])


class Api:
    """A WSGI application."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        return serve(self._answer, environ, start_response)

    def _answer(self, request: Request) -> Response:
        _, values = matched(ROUTES, request)
        body = self._feed(values["kind"], values["key"])
        response = Response(body, content_type="text/calendar; charset=utf-8")
        response.add_etag()
        return response.make_conditional(request)
