"""Every route of intake against requests made from its own description: no 500, and answers are as described.

The routes are those of the table. Longer: `make fuzz COUNT=1000`.
"""

import os
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.intake.http.route import Route
from services.intake.http.routes import ROUTES
from tests.integration.front.door import Door

COUNT = int(os.environ.get("AFTERCARE_FUZZ_COUNT", "6"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
INSIDE = re.compile(r"Traceback|sqlalchemy|sqlite3|psycopg|SELECT |INSERT |\.py\b")
LONG = settings(
    max_examples=COUNT,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[Phase.generate],
)


@pytest.fixture(scope="module")
def described(door: Door) -> Any:
    return schemathesis.openapi.from_dict(door.ask("GET", "/openapi.json").json)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_answers_as_it_is_described(door: Door, described: Any, route: Route, mode: GenerationMode) -> None:
    operation = described[route.path][route.method]

    @LONG
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(
            base_url=f"http://127.0.0.1:{door.process.port}", headers={"Authorization": f"Bearer {door.token}"}
        )
        case.validate_response(answer, checks=CHECKS)
        assert not INSIDE.search(answer.text)

    ask()


def test_nothing_has_failed_inside(door: Door) -> None:
    """Runs last."""
    assert door.ask("GET", "/healthz").status == 200
    assert not re.search(r'"event": "[^"]*\bfailed\b', door.process.said())
