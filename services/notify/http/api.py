"""`POST /receipts/{provider}`: checked and understood by the provider's reader, kept raw, answered at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from services.notify.handlers import Receipt
from services.notify.handlers.providers import Reader
from shared.base.logs import logger
from shared.base.traces import current_trace, new_trace
from shared.kernel.errors import Forbidden, Invalid, NotFound, Refused, Unavailable
from shared.kernel.plain_json import write_json

Receive = Callable[[str, list[Receipt], str], None]

MAX_BODY_BYTES: Final = 262_144
_STATUS: Final[tuple[tuple[type[Refused], int], ...]] = ((NotFound, 404), (Forbidden, 403), (Invalid, 422))

log = logger(__name__)


class Api:
    """A WSGI application."""

    def __init__(self, receive: Receive, readers: Mapping[str, Reader]) -> None:
        self._receive = receive
        self._readers = readers
        self._map = Map([Rule("/receipts/<provider>", endpoint="receipts", methods=["POST"])])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        request = Request(environ)
        request.max_content_length = MAX_BODY_BYTES
        current_trace.set(new_trace())
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            _, values = self._map.bind_to_environ(request.environ).match()
            provider = values["provider"]
            self._take(provider, request)
        except HTTPException as error:
            return _problem(error.code or 500, error.name)
        except Refused as error:
            status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
            return _problem(status, error.message)
        except Unavailable:
            return _problem(503, "try again later")
        return Response(status=204)

    def _take(self, provider: str, request: Request) -> None:
        reader = self._readers.get(provider)
        if reader is None:
            raise NotFound(f"no provider {provider!r} sends receipts here")
        raw = request.get_data()
        found = reader(dict(request.headers), raw)
        self._receive(provider, found, raw.decode("utf-8", "backslashreplace").replace("\x00", ""))


def _problem(status: int, title: str) -> Response:
    body = write_json({"type": "about:blank", "status": status, "title": title})
    return Response(body, status, content_type="application/problem+json")
