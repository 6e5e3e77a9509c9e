"""The answer of a command as an HTTP response: status, where the thing is, its version, the next page."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from werkzeug import Request, Response

from services.intake.http.reading import JSON_TYPE
from services.intake.http.route import Route
from shared.kernel.plain_json import write_json


def respond(route: Route, request: Request, answer: Mapping[str, Any]) -> Response:
    """The response."""
    is_new = route.creates is not None and route.is_new(answer)
    body = write_json(answer)
    response = Response(body, 201 if is_new else 200, content_type=JSON_TYPE)
    if is_new and route.creates:
        response.headers["Location"] = located(route.creates, answer)
    if "next" in answer:
        response.headers["Link"] = f'<{_next_page(request, answer["next"])}>; rel="next"'
    if route.has_version:
        response.headers["ETag"] = f'"{answer["version"]}-{blake2b(body, digest_size=8).hexdigest()}"'
    if route.changes:
        return response
    response.headers["Cache-Control"] = "no-store" if "ETag" not in response.headers else "private, no-cache"
    return response.make_conditional(request)


def located(path: str, answer: Mapping[str, Any]) -> str:
    """The path with the answer's values in it."""
    return path.format_map({name: quote(str(value), safe="") for name, value in answer.items()})


def _next_page(request: Request, after: str) -> str:
    asked = [(name, value) for name, value in parse_qsl(request.query_string.decode()) if name != "after"]
    return f"{request.path}?{urlencode([*asked, ('after', after)])}"
