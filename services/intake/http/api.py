"""The routes: who may use them, which command they run, how the answer looks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema
from werkzeug import Request, Response
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import Map, Rule

from services.intake.http.tokens import Tokens
from services.intake.schemas import GetCase, RegisterCase, TakeStep
from shared.base.fields import NAME, Text
from shared.base.schema import load
from shared.base.wsgi import Malformed, Unauthenticated, serve
from shared.kernel.errors import Forbidden
from shared.kernel.plain_json import parse_json, write_json

Answer = dict[str, Any]
Commands = Mapping[str, Callable[[Answer, str | None], Answer]]
"""Each command by its RPC name: takes the validated request and the request id."""


@dataclass(frozen=True, slots=True)
class Route:
    """What stands behind a path."""

    method: str
    path: str
    command: str
    schema: Schema
    scopes: frozenset[str]


ROUTES: Final = (
    Route("POST", "/cases", "register_case", RegisterCase(), frozenset({"clerk", "phone", "admin"})),
    Route("GET", "/cases/<case_no>", "get_case", GetCase(), frozenset({"clerk", "owner", "auditor", "admin"})),
    Route("POST", "/cases/<case_no>/steps", "take_step", TakeStep(), frozenset({"clerk", "owner", "admin"})),
)


class RequestId(Schema):
    """Under which the first answer is kept."""

    request_id = Text(NAME, required=True)


_REQUEST_ID: Final = RequestId()


class Api:
    """A WSGI application."""

    def __init__(self, commands: Commands, tokens: Tokens) -> None:
        self._commands = commands
        self._tokens = tokens
        self._map = Map([Rule(route.path, endpoint=route, methods=[route.method]) for route in ROUTES])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        return serve(self._answer, environ, start_response)

    def _answer(self, request: Request) -> Response:
        route, values = self._map.bind_to_environ(request.environ).match()
        self._authorize(request, route)
        body = _body(request) if route.method == "POST" else {}
        request_id = _request_id(request, body)
        answer = self._commands[route.command](load(route.schema, {**body, **values}), request_id)
        return _json(answer, _status(route, answer))

    def _authorize(self, request: Request, route: Route) -> None:
        """Raise unless the request carries a token with one of the route's scopes."""
        given = request.authorization
        scopes = self._tokens.scopes_of(given.token) if given and given.type == "bearer" and given.token else None
        if not scopes:
            raise Unauthenticated("send a valid token: `Authorization: Bearer …`")
        if not scopes & route.scopes:
            raise Forbidden(f"this token may not; a scope of {', '.join(sorted(route.scopes))} is needed")


def _body(request: Request) -> Answer:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        body = parse_json(request.get_data())
    except ValueError:
        raise Malformed("the body is not JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise Malformed("the body must be a JSON object")
    return body


def _request_id(request: Request, body: Answer) -> str | None:
    """The body's `request_id`, taken out of it, or the Idempotency-Key header."""
    given = {"request_id": body.pop("request_id", None) or request.headers.get("Idempotency-Key")}
    return None if given["request_id"] is None else str(load(_REQUEST_ID, given)["request_id"])


def _status(route: Route, answer: Answer) -> int:
    return 201 if route.command == "register_case" and not answer["duplicate"] else 200


def _json(answer: Answer, status: int) -> Response:
    response = Response(write_json(answer), status, content_type="application/json")
    if status == 201:
        response.headers["Location"] = f"/cases/{answer['case_no']}"
    return response
