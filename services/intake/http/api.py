"""The interface as a WSGI application: who may use a route, which command it runs."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final, Protocol

from marshmallow import Schema
from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from services.intake.http.gate import Gate
from services.intake.http.reading import JSON_TYPE, read
from services.intake.http.route import Route
from services.intake.http.routes import ROUTES
from services.intake.http.writing import respond
from shared.base.schema import load
from shared.base.traces import current_token
from shared.base.wsgi import MAX_BODY_BYTES, Outdated, matched, serve
from shared.kernel.errors import Conflict
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

    def __init__(self, commands: Mapping[str, Command], gate: Gate) -> None:
        self._commands = commands
        self._gate = gate
        described = Rule(OPENAPI, endpoint=None, methods=["GET"])
        self._map = Map([described, *(_rule(route) for route in ROUTES)], merge_slashes=False)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        return serve(self._answer, environ, start_response)

    def _answer(self, request: Request) -> Response:
        rule, path = matched(self._map, request)
        route: Route | None = rule.endpoint
        if route is None:
            self._gate.let_stranger_in(request)
            return Response(self._description, content_type=JSON_TYPE)
        token = self._gate.let_in(request, route)
        current_token.set(token.name)
        command = self._commands[route.command]
        request.max_content_length = getattr(command.schema, "longest_body", MAX_BODY_BYTES)
        given, request_id = read(route, request, path, command.schema)
        asked = self._gate.in_name_of(token, route, given)
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


def _rule(route: Route) -> Rule:
    return Rule(route.path.replace("{", "<").replace("}", ">"), endpoint=route, methods=[route.method])


def _outdated(request: Request, asked: Answer, refused: Conflict) -> Conflict:
    """A conflict is an outdated one where If-Match asked for another version than there is."""
    detail = refused.detail if isinstance(refused.detail, dict) else {}
    expected = asked.get("expected_version")
    if "If-Match" in request.headers and expected is not None and detail.get("version", expected) != expected:
        return Outdated(refused.message, refused.detail)
    return refused
