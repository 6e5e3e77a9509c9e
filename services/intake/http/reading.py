"""An HTTP request as the request of a command: path, query, form or body, and the headers that mean something."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from marshmallow import Schema, fields
from werkzeug import Request

from services.intake.http.route import BODY, FORM, Route
from shared.base.fields import NAME, Flag, Text, Whole
from shared.base.schema import load
from shared.base.wsgi import Malformed, UnsupportedBody
from shared.kernel.errors import Invalid
from shared.kernel.plain_json import parse_json

Asked = dict[str, Any]
Pairs = list[tuple[str, str]]

JSON_TYPE: Final = "application/json"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 200
VERSION_FIELD: Final = "expected_version"
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_TAG: Final = re.compile(r'"([0-9]{1,9})(-[0-9a-f]+)?"')
_FLAGS: Final = {"true": True, "false": False}


class RequestId(Schema):
    """Under which the first answer is kept."""

    request_id = Text(NAME, required=True)


_REQUEST_ID: Final = RequestId()


def read(route: Route, request: Request, path: Mapping[str, Any], schema: Schema) -> tuple[Asked, str | None]:
    """The command's request, not validated yet, and the request id; raises Refused."""
    given = _given(route, request, schema)
    request_id = _request_id(request, given) if route.changes else None
    if differing := [name for name, value in path.items() if given.get(name, value) != value]:
        raise Invalid("the path says something else", {name: ["is not what the path says"] for name in differing})
    return given | dict(path) | _expected(route, request, given), request_id


def _given(route: Route, request: Request, schema: Schema) -> Asked:
    """The fields that are not in the path."""
    query = request.query_string
    if route.takes not in (BODY, FORM):
        return _typed(_pairs(query, "query"), schema)
    if query:
        raise Malformed("this route takes no query; what is asked belongs into the body")
    _refuse_encodings(request)
    if route.takes == FORM and request.mimetype == FORM_TYPE:
        pairs = _pairs(request.get_data(), "form")
        return _typed(route.spelled(pairs) if route.spelled else pairs, schema)
    if request.mimetype != JSON_TYPE:
        raise UnsupportedBody(f"send {JSON_TYPE}" + (f" or {FORM_TYPE}" if route.takes == FORM else ""))
    return _json(request.get_data())


def _refuse_encodings(request: Request) -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedBody("send the body as it is, without a Content-Encoding")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedBody("send the body in UTF-8")


def _json(raw: bytes) -> Asked:
    try:
        body = parse_json(raw)
    except ValueError:
        raise Malformed("the body is not JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise Malformed("the body must be a JSON object")
    return body


def _pairs(raw: bytes, what: str) -> Pairs:
    """What a query or a form says, in order."""
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed(f"the {what} is not in UTF-8, or has more than {MOST_FIELDS} fields") from None


def _typed(pairs: Pairs, schema: Schema) -> Asked:
    """Texts as the types of their fields; what does not look like its type is left for the schema to refuse."""
    found: Asked = {}
    twice: dict[str, list[str]] = {}
    for name, text in pairs:
        field = schema.fields.get(name)
        if isinstance(field, fields.List):
            found.setdefault(name, []).append(_value(text, field.inner))
        elif name in found:
            twice[name] = ["is given more than once"]
        else:
            found[name] = _value(text, field)
    if twice:
        raise Invalid("fields are given more than once", twice)
    return found


def _value(text: str, field: Any) -> Any:
    if isinstance(field, Flag):
        return _FLAGS.get(text, text)
    if isinstance(field, Whole) and _WHOLE.fullmatch(text):
        return int(text)
    return text


def _request_id(request: Request, given: Asked) -> str | None:
    """The body's `request_id`, taken out of it, or the Idempotency-Key header."""
    own = given.pop("request_id", None)
    asked = request.headers.get("Idempotency-Key") if own is None else own
    return None if asked is None else str(load(_REQUEST_ID, {"request_id": asked})["request_id"])


def _expected(route: Route, request: Request, given: Asked) -> Asked:
    """The version that If-Match asks for."""
    tag = request.headers.get("If-Match")
    if tag is None or tag.strip() == "*" or not (route.changes and route.has_version):
        return {}
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        raise Invalid.field("If-Match", "must be one ETag of an earlier answer")
    version = int(found[1])
    if given.get(VERSION_FIELD, version) != version:
        raise Invalid.field(VERSION_FIELD, "is not what If-Match says")
    return {VERSION_FIELD: version}
