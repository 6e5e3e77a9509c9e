"""`POST /receipts/{provider}`: checked and understood by the provider's reader, kept raw, answered at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from services.notify.handlers import Receipt
from services.notify.handlers.providers import Reader
from shared.base.wsgi import matched, serve
from shared.kernel.errors import NotFound

Receive = Callable[[str, list[Receipt], str], None]

MAX_BODY_BYTES: Final = 262_144


class Api:
    """A WSGI application."""

    def __init__(self, receive: Receive, readers: Mapping[str, Reader]) -> None:
        self._receive = receive
        self._readers = readers
        self._map = Map([Rule("/receipts/<provider>", endpoint="receipts", methods=["POST"])])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        return serve(self._answer, environ, start_response, MAX_BODY_BYTES)

    def _answer(self, request: Request) -> Response:
        _, values = matched(self._map, request)
        self._take(values["provider"], request)
        return Response(status=204)

    def _take(self, provider: str, request: Request) -> None:
        reader = self._readers.get(provider)
        if reader is None:
            raise NotFound(f"no provider {provider!r} sends receipts here")
        raw = request.get_data()
        found = reader(dict(request.headers), raw)
        self._receive(provider, found, raw.decode("utf-8", "backslashreplace").replace("\x00", ""))
