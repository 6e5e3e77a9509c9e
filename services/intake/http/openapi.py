"""OpenAPI, made from the table of routes and the schemas of the RPC methods: it cannot say what is not so.

apispec is imported by whoever imports this: at the first request for the description, not at every start.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from services.intake.http.examples import ANSWERS, REQUESTS
from services.intake.http.field_kinds import kind_of
from services.intake.http.problems import PROBLEM, REFUSALS, response_of
from services.intake.http.route import BODY, FORM, Route

Described = dict[str, Any]

OPENAPI: Final = "3.0.3"
ABOUT: Final = (
    "Intake of Aftercare: what a customer brings becomes a case. Every route is a command that AMQP clients call too, "
    "with the same fields, answers and refusals."
)
TOKENS: Final = "`aftercare token create NAME --scope SCOPE` makes one; the scopes of a route are in its description"
ACTOR: Final = "Who acts: filled in where the token belongs to a person, needed where it does not"
_NAMES: Final = re.compile("{(.*?)}")
_HEADER: Final = {"in": "header", "required": False, "schema": {"type": "string", "maxLength": 200}}
KEY_HEADER: Final = {**_HEADER, "name": "Idempotency-Key", "description": "The same key again gives the first answer"}
MATCH_HEADER: Final = {**_HEADER, "name": "If-Match", "description": "The ETag of the version this is meant for"}
REQUEST_ID: Final = {"type": "string", "minLength": 1, "maxLength": 200, "description": "As Idempotency-Key"}


def describe(routes: Iterable[Route], schemas: Mapping[str, Schema], version: str) -> Described:
    """The whole description; `schemas` are those of the commands by name."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
    spec = APISpec("Aftercare intake", version, OPENAPI, plugins=[plugin], info={"description": ABOUT})
    converter: Any = plugin.converter
    converter.add_attribute_function(kind_of)
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "description": TOKENS})
    spec.components.schema("Problem", dict(PROBLEM))
    for status in REFUSALS:
        spec.components.response(str(status), response_of(status))
    book = _Book(spec, converter)
    for route in routes:
        operation = book.operation(route, schemas[route.command])
        spec.path(route.path, operations={route.method.lower(): operation})
    described: Described = spec.to_dict()
    return described


def _name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__).removesuffix("Schema")


class _Book:
    """Describes routes; what several of them use goes into the components."""

    def __init__(self, spec: APISpec, converter: Any) -> None:
        self._spec = spec
        self._converter = converter
        self._runs = Counter[str]()

    def operation(self, route: Route, schema: Schema) -> Described:
        """One route."""
        in_path = _NAMES.findall(route.path)
        parameters = [self._parameter("path", name, schema) for name in in_path]
        operation: Described = {
            "operationId": self._id_of(route),
            "summary": route.summary,
            "description": f"Scopes: {', '.join(sorted(route.scopes))}",
            "security": [{"bearer": []}],
            "responses": self._responses(route),
        }
        if route.takes in (BODY, FORM):
            operation["requestBody"] = {"required": True, "content": self._content(route, schema, in_path)}
        else:
            others = [name for name in schema.fields if name not in in_path]
            parameters += [self._parameter("query", name, schema) for name in others]
        parameters += [KEY_HEADER] if route.changes else []
        parameters += [MATCH_HEADER] if route.changes and route.has_version else []
        return {**operation, "parameters": parameters}

    def _id_of(self, route: Route) -> str:
        """The command, with a number where several routes run it."""
        self._runs[route.command] += 1
        number = self._runs[route.command]
        return route.command if number == 1 else f"{route.command}_{number}"

    def _parameter(self, place: str, name: str, schema: Schema) -> Described:
        field = _fields_of(schema)[name]
        described = self._converter.field2property(field)
        if described.get("default") == "":  # nothing said, which may not be said
            del described["default"]
        found = {"name": name, "in": place, "required": place == "path" or field.required, "schema": described}
        example = described.pop("example", None)
        return found | ({"example": example} if example is not None else {})

    def _content(self, route: Route, schema: Schema, in_path: list[str]) -> Described:
        body: Described = {"schema": self._body(route, schema, in_path)}
        if route.command in REQUESTS:
            body["example"] = REQUESTS[route.command]
        kinds = ["application/json"] + (["application/x-www-form-urlencoded"] if route.takes == FORM else [])
        return dict.fromkeys(kinds, body)

    def _body(self, route: Route, schema: Schema, in_path: list[str]) -> Any:
        """The body's schema, or one for each kind of request where the method tells them apart by a field."""
        variants: Mapping[str, Schema] | None = getattr(schema, "variants", None)
        if variants is None:
            return self._object(route, schema, in_path)
        told_by = str(getattr(schema, "told_by", ""))
        names = {each: self._variant(route, each, variants[each], told_by, in_path) for each in variants}
        mapping = {each: f"#/components/schemas/{name}" for each, name in names.items()}
        found = [{"$ref": ref} for ref in mapping.values()]
        return {"oneOf": found, "discriminator": {"propertyName": told_by, "mapping": mapping}}

    def _variant(self, route: Route, value: str, schema: Schema, told_by: str, in_path: list[str]) -> str:
        described = self._object(route, schema, in_path)
        described["properties"][told_by] = {"type": "string", "enum": [value]}
        name = f"{route.command}.{value}"
        self._spec.components.schema(name, described)
        return name

    def _object(self, route: Route, schema: Schema, in_path: list[str]) -> Described:
        """The request without what the path says; a token may stand for whoever acts."""
        fields = {name: field for name, field in schema.fields.items() if name not in in_path}
        described: Described = self._converter.fields2jsonschema(fields)
        for each in described["properties"].values():
            if each.get("default") == "":  # nothing said, which may not be said
                del each["default"]
        described["properties"]["request_id"] = REQUEST_ID
        if route.by is not None and schema.fields[route.by].required:
            described["properties"][route.by]["description"] = ACTOR
        required = [name for name in described.pop("required", []) if name != route.by]
        return {**described, **({"required": required} if required else {}), "additionalProperties": False}

    def _responses(self, route: Route) -> Described:
        answer: Described = {"schema": route.answers or {"type": "object"}}
        if route.command in ANSWERS:
            answer["example"] = ANSWERS[route.command]
        good: Described = {"description": "As asked", "content": {"application/json": answer}}
        if route.has_version:
            good["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "its version"}}
        found: Described = {"200": good, **{str(status): str(status) for status in _refused(route)}}
        if route.creates:
            located = {"Location": {"schema": {"type": "string"}, "description": "where it is"}}
            found["200"] = {**good, "description": "It was here before"}
            found["201"] = {**good, "description": "Made", "headers": located}
        if route.has_version and not route.changes:
            found["304"] = {"description": "It is as it was when the ETag in If-None-Match was given"}
        return found


def _refused(route: Route) -> list[int]:
    """Which refusals a route may answer with."""
    body_only, versions = {413, 415, 409}, {412}
    without = (set() if route.changes else body_only | versions) | (set() if route.has_version else versions)
    return [status for status in REFUSALS if status not in without]


def _fields_of(schema: Schema) -> Mapping[str, Any]:
    """The fields; of a request of several kinds those of the first, where all have what a path says."""
    variants: Mapping[str, Schema] = getattr(schema, "variants", {})
    return next(iter(variants.values())).fields if variants else schema.fields
