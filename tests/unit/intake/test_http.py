"""The HTTP border: tokens, bodies, and one status for each kind of error."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import Schema
from werkzeug.test import Client, TestResponse

from services.intake.http import Api
from services.intake.http.route import Route
from services.intake.http.routes import ROUTES
from services.intake.schemas.steps import StepRequest
from shared.base.tokens import SCOPES, Token
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from tests.support.methods import rpc_methods
from tests.unit.intake.gates import gate_for

METHODS = rpc_methods("intake")
GATE = gate_for(*(Token(name=scope, scopes=frozenset({scope})) for scope in SCOPES))
ANSWER = {"case_no": "100000000008", "state": "registered", "version": 1, "duplicate": False, "promise": None}
CALL = {"kind": "inquiry", "channel": "online", "customer": {}, "subject": "colour", "description": "which?"}
CASE = "/cases/100000000008"


@dataclass
class Command:
    """A command that does as its desk is told."""

    schema: Schema
    run: Callable[[dict[str, Any], str | None], dict[str, Any]]


class Commands(dict[str, Command]):
    """The commands of the service, which remember what they were asked and answer, or fail, as told."""

    def __init__(self, answer: dict[str, Any] | Exception = ANSWER) -> None:
        self.answer = answer
        self.asked: list[tuple[dict[str, Any], str | None]] = []
        super().__init__({name: Command(each.schema, self.run) for name, each in METHODS.items()})

    def run(self, request: dict[str, Any], request_id: str | None) -> dict[str, Any]:
        self.asked.append((request, request_id))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def call(commands: Commands, method: str, path: str, token: str | None = "admin", **more: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(Api(commands, more.pop("gate", GATE))).open(
        path, method=method, headers=headers | more.pop("head", {}), **more
    )


def problem(response: TestResponse) -> dict[str, Any]:
    assert response.mimetype == "application/problem+json"
    body: dict[str, Any] = json.loads(response.data)
    assert body["status"] == response.status_code
    return body


def test_a_case_is_registered() -> None:
    commands = Commands()
    response = call(commands, "POST", "/cases", json={**CALL, "request_id": "r-1"})
    assert (response.status_code, response.headers["Location"], response.json) == (201, CASE, ANSWER)
    [(request, request_id)] = commands.asked
    assert (request["subject"], request["region"], request_id) == ("colour", "unassigned", "r-1")


def test_a_case_that_was_here_before_is_not_created() -> None:
    response = call(Commands({**ANSWER, "duplicate": True}), "POST", "/cases", json=CALL)
    assert response.status_code == 200
    assert "Location" not in response.headers


def test_a_case_is_shown_and_takes_a_step() -> None:
    commands = Commands()
    assert call(commands, "GET", CASE).status_code == 200
    step = {"step": "hand_over", "by": "desk", "owner": "desk"}
    assert call(commands, "POST", f"{CASE}/steps", json=step, head={"Idempotency-Key": "r-2"}).status_code == 200
    assert commands.asked == [
        ({"case_no": "100000000008"}, None),
        ({"case_no": "100000000008", **step}, "r-2"),
    ]


def test_chinese_stays_readable() -> None:
    response = call(Commands({**ANSWER, "subject": "瓷砖"}), "GET", CASE)
    assert "瓷砖".encode() in response.data


@pytest.mark.parametrize("token", [None, "guess", ""])
def test_without_a_token_nothing_is_done(token: str | None) -> None:
    commands = Commands()
    response = call(commands, "GET", CASE, token)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert commands.asked == []


def test_another_scheme_is_no_token() -> None:
    response = call(Commands(), "GET", CASE, None, head={"Authorization": "Basic YWRtaW46YWRtaW4="})
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("scope", "may"),
    [("clerk", "RGS"), ("owner", "GS"), ("phone", "R"), ("auditor", "G"), ("admin", "RGS")],
)
def test_each_scope_opens_its_routes(scope: str, may: str) -> None:
    step = {"step": "close", "by": "desk"}
    tried = {
        "R": call(Commands(), "POST", "/cases", scope, json=CALL),
        "G": call(Commands(), "GET", CASE, scope),
        "S": call(Commands(), "POST", f"{CASE}/steps", scope, json=step),
    }
    assert "".join(name for name, response in tried.items() if response.status_code < 300) == may
    assert {response.status_code for name, response in tried.items() if name not in may} <= {403}


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (Invalid.field("x", "why"), 422, "Invalid"),
        (NotFound("no such case", {"case_no": "1"}), 404, "NotFound"),
        (Conflict("not now", {"state": "closed", "legal": ["reopen"]}), 409, "Conflict"),
        (Forbidden("not you"), 403, "Forbidden"),
        (Unavailable("inside story"), 503, "Unavailable"),
        (AftercareError("inside story"), 500, "Internal"),
        (ValueError("inside story"), 500, "Internal"),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int, title: str) -> None:
    response = call(Commands(error), "GET", CASE)
    told = problem(response)
    assert (told["status"], told["title"]) == (status, title)
    assert told.get("errors") == getattr(error, "detail", None)
    assert b"inside story" not in response.data
    assert ("Retry-After" in response.headers) == (status == 503)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"7", 400),
        (b'{"subject": NaN}', 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe{}", 400),
        (b'{"kind": "inquiry"}', 422),
        (b'{"request_id": "\\ud800"}', 422),
        (b'{"request_id": 7}', 422),
        (b'{"request_id": ""}', 422),
        (b'{"\\ud800": 7}', 422),
        (b" " * 1_048_577, 413),
    ],
)
def test_bodies_that_are_no_request(body: bytes, status: int) -> None:
    commands = Commands()
    response = call(commands, "POST", "/cases", data=body, content_type="application/json")
    assert (response.status_code, commands.asked) == (status, [])
    problem(response)


def test_other_kinds_of_bodies_are_refused() -> None:
    assert call(Commands(), "POST", "/cases", data="a=b", content_type="text/plain").status_code == 415


def test_other_pages_and_methods_are_refused() -> None:
    assert problem(call(Commands(), "GET", "/nothing"))["status"] == 404
    response = call(Commands(), "DELETE", CASE)
    assert (response.status_code, "GET" in response.headers["Allow"]) == (405, True)


def test_every_route_runs_a_method_that_is_there() -> None:
    assert {route.command for route in ROUTES} <= METHODS.keys()
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_names_fields_that_its_request_has(route: Route) -> None:
    schema = METHODS[route.command].schema
    has = schema.fields if route.command != "take_step" else StepRequest().fields
    assert set(re.findall("{(.*?)}", route.path)) <= has.keys()
    assert route.by is None or route.by in has


# --- queries, versions, pages ---


def test_a_query_is_read_by_the_types_of_its_fields() -> None:
    commands = Commands({"cases": []})
    response = call(commands, "GET", "/cases?limit=7&newest=true&owner=7&region=south&from=2026-10-09T08:00:00%2B08:00")
    assert response.status_code == 200
    [(request, _)] = commands.asked
    since = datetime(2026, 10, 9, tzinfo=UTC)
    assert request == {"limit": 7, "newest": True, "owner": "7", "region": "south", "from": since}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=7.5", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("newest=yes", "newest"),
        ("limit=1&limit=2", "limit"),
        ("colour=red", "colour"),
        ("owner=%00", "owner"),
    ],
)
def test_a_wrong_query_is_refused_by_field(query: str, field: str) -> None:
    told = problem(call(Commands({"cases": []}), "GET", f"/cases?{query}"))
    assert (told["status"], list(told["errors"])) == (422, [field])


@pytest.mark.parametrize("query", ["text=%ff", "text=%ed%a0%80", "&".join(["a=1"] * 300)])
def test_a_query_that_is_no_text_is_refused(query: str) -> None:
    assert problem(call(Commands({"cases": []}), "GET", f"/cases?{query}"))["title"] == "Malformed"


def test_where_a_body_is_taken_no_query_is() -> None:
    assert call(Commands(), "POST", "/cases?kind=inquiry", json=CALL).status_code == 400


def test_the_next_page_is_a_link() -> None:
    response = call(Commands({"cases": [], "next": "a b&c"}), "GET", "/cases?limit=7&after=old")
    assert response.headers["Link"] == '</cases?limit=7&after=a+b%26c>; rel="next"'


def test_an_answer_that_did_not_change_is_not_sent_again() -> None:
    first = call(Commands(), "GET", CASE)
    again = call(Commands(), "GET", CASE, head={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["ETag"][:3], again.status_code, again.data) == ('"1-', 304, b"")
    other = call(Commands({**ANSWER, "state": "closed"}), "GET", CASE, head={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def step(commands: Commands, tag: str, **more: Any) -> TestResponse:
    asked = {"step": "close", "by": "desk", **more}
    return call(commands, "POST", f"{CASE}/steps", json=asked, head={"If-Match": tag})


@pytest.mark.parametrize(("tag", "version"), [('"3-00ff"', 3), ('"3"', 3), ("*", None)])
def test_a_step_may_name_the_version_it_is_meant_for(tag: str, version: int | None) -> None:
    commands = Commands()
    assert step(commands, tag).status_code == 200
    assert commands.asked[0][0].get("expected_version") == version


def test_a_step_for_an_older_version_is_outdated() -> None:
    told = problem(step(Commands(Conflict("changed", {"version": 4, "legal": []})), '"3"'))
    assert (told["status"], told["errors"]["version"]) == (412, 4)
    assert step(Commands(Conflict("not now", {"version": 3, "legal": []})), '"3"').status_code == 409


@pytest.mark.parametrize(("tag", "more"), [("3", {}), ('W/"3"', {}), ('"x"', {}), ('"3"', {"expected_version": 4})])
def test_a_tag_that_is_none_of_ours_is_refused(tag: str, more: dict[str, Any]) -> None:
    assert step(Commands(), tag, **more).status_code == 422


def test_a_body_that_contradicts_the_path_is_refused() -> None:
    asked = {"step": "close", "by": "desk", "case_no": "1"}
    told = problem(call(Commands(), "POST", f"{CASE}/steps", json=asked))
    assert (told["status"], list(told["errors"])) == (422, ["case_no"])


def test_head_answers_without_a_body() -> None:
    response = call(Commands(), "HEAD", CASE)
    assert (response.status_code, response.data, "ETag" in response.headers) == (200, b"", True)


@pytest.mark.parametrize(
    "head", [{"Content-Encoding": "gzip"}, {"Content-Type": "application/json; charset=gbk"}, {"Content-Type": ""}]
)
def test_bodies_in_other_encodings_are_refused(head: dict[str, str]) -> None:
    response = call(Commands(), "POST", "/cases", data=b"{}", head={"Content-Type": "application/json", **head})
    assert problem(response)["title"] == "UnsupportedMediaType"


def test_a_callers_number_is_in_the_path() -> None:
    commands = Commands({"open_cases": []})
    assert call(commands, "GET", "/callers/+86%20138-0013-8000", "phone").status_code == 200
    assert commands.asked == [({"phone": "+8613800138000"}, None)]
