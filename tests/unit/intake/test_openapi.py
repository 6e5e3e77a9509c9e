"""The interface's description: valid, complete, and its examples are what it says."""

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from services.intake.http.examples import ANSWERS, REQUESTS
from services.intake.http.openapi import describe
from services.intake.http.route import Route
from services.intake.http.routes import ROUTES
from shared.base.schema import load
from tests.support.methods import rpc_methods

METHODS = rpc_methods("intake")
DESCRIBED: dict[str, Any] = describe(ROUTES, {name: each.schema for name, each in METHODS.items()}, "1.0")


def operation(command: str) -> dict[str, Any]:
    route = next(route for route in ROUTES if route.command == command)
    found: dict[str, Any] = DESCRIBED["paths"][route.path][route.method.lower()]
    return found


def test_it_is_openapi_and_has_every_route() -> None:
    validate(DESCRIBED)
    said = {(method.upper(), path) for path, methods in DESCRIBED["paths"].items() for method in methods}
    assert said == {(route.method, route.path) for route in ROUTES}
    json.dumps(DESCRIBED)


def test_limits_are_said_where_programs_read_them() -> None:
    body = operation("register_case")["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["subject"] == {"type": "string", "minLength": 1, "maxLength": 500}
    assert "accident" in body["properties"]["kind"]["enum"]
    asked = {each["name"]: each for each in operation("find_cases")["parameters"]}
    assert asked["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert "default" not in body["properties"]["source"]


def test_each_step_has_a_form_of_its_own() -> None:
    body = operation("take_step")["requestBody"]["content"]["application/json"]["schema"]
    step = DESCRIBED["components"]["schemas"]["take_step.hand_over"]
    assert body["discriminator"]["mapping"]["hand_over"] == "#/components/schemas/take_step.hand_over"
    assert (step["properties"]["step"]["enum"], "case_no" in step["properties"]) == (["hand_over"], False)


def test_a_correction_may_take_a_value_away() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    assert schemas["ChangedCustomer"]["properties"]["name"]["nullable"] is True
    assert "nullable" not in schemas["Customer"]["properties"]["name"]


_OF_CASE = {"case_no": "954770952750"}
IN_PATH = {
    "take_step": _OF_CASE,
    "confirm_repeat": _OF_CASE,
    "reject_repeat": _OF_CASE,
    "put_article": {"article_id": "tiles-hollow"},
}


@pytest.mark.parametrize("command", REQUESTS)
def test_a_request_that_is_shown_is_taken(command: str) -> None:
    load(METHODS[command].schema, {**REQUESTS[command], **IN_PATH.get(command, {})})


SHOWN = [each for each in ROUTES if each.answers and each.command in ANSWERS]


@pytest.mark.parametrize("route", SHOWN, ids=lambda route: route.command)
def test_an_answer_that_is_shown_is_one(route: Route) -> None:
    assert route.answers
    load(route.answers(), ANSWERS[route.command])
