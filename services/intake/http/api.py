"""The interface as a WSGI application: who may use a route, which command it runs."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final, Protocol

from marshmallow import Schema
from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from services.intake.http.reading import JSON_TYPE, read
from services.intake.http.routes import ROUTES, Route
from services.intake.http.tokens import Tokens
from services.intake.http.writing import respond
from shared.base.schema import load
from shared.base.wsgi import Outdated, Unauthenticated, serve
from shared.kernel.errors import Conflict, Forbidden
from shared.kernel.plain_json import write_json

Answer = dict[str, Any]


class Command(Protocol):
    """An RPC method."""

    @property
    def schema(self) -> Schema:
        """What it takes."""

    @property
    def run(self) -> Callable[[Answer, str | None], Answer]:
        """Takes the validated request and the request id."""


OPENAPI: Final = "/openapi.json"


class Api:
    """A WSGI application."""

    def __init__(self, commands: Mapping[str, Command], tokens: Tokens) -> None:
        self._commands = commands
        self._tokens = tokens
        described = Rule(OPENAPI, endpoint=None, methods=["GET"])
        self._map = Map([described, *(_rule(route) for route in ROUTES)], merge_slashes=False)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        return serve(self._answer, environ, start_response)

    def _answer(self, request: Request) -> Response:
        route, path = self._map.bind_to_environ(request.environ).match()
        if route is None:
            return Response(self._description, content_type=JSON_TYPE)
        self._authorize(request, route)
        command = self._commands[route.command]
        asked, request_id = read(route, request, path, command.schema)
        try:
            answer = command.run(load(command.schema, asked), request_id)
        except Conflict as refused:
            raise _outdated(request, asked, refused) from None
        return respond(route, request, answer)

    @cached_property
    def _description(self) -> bytes:
        """apispec is heavy, and few ask."""
        from services.intake.http.openapi import describe

        schemas = {name: command.schema for name, command in self._commands.items()}
        return write_json(describe(ROUTES, schemas, version("aftercare")))

    def _authorize(self, request: Request, route: Route) -> None:
        """Raise unless the request carries a token with one of the route's scopes."""
        token = _token(request, route)
        scopes = self._tokens.scopes_of(token) if token else None
        if not scopes:
            raise Unauthenticated("send a valid token: `Authorization: Bearer …`")
        if not scopes & route.scopes:
            raise Forbidden(f"this token may not; a scope of {', '.join(sorted(route.scopes))} is needed")


def _token(request: Request, route: Route) -> str | None:
    """The bearer token; an exchange that can only be given an address has it as the password in there (RFC 7617)."""
    given = request.authorization
    if given is None:
        return None
    if route.spelled and given.type == "basic":
        return given.password
    return given.token if given.type == "bearer" else None


def _rule(route: Route) -> Rule:
    return Rule(route.path.replace("{", "<").replace("}", ">"), endpoint=route, methods=[route.method])


def _outdated(request: Request, asked: Answer, refused: Conflict) -> Conflict:
    """A conflict is an outdated one where If-Match asked for another version than there is."""
    detail = refused.detail if isinstance(refused.detail, dict) else {}
    expected = asked.get("expected_version")
    if "If-Match" in request.headers and expected is not None and detail.get("version", expected) != expected:
        return Outdated(refused.message, refused.detail)
    return refused
