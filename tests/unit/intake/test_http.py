"""The HTTP border: tokens, bodies, and one status for each kind of error."""

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from services.intake.http import Api, Tokens
from services.intake.http.tokens import FIRST_TOKEN_FILE, digest, make_first
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, Misconfigured, NotFound, Unavailable

ANSWER = {"case_no": "100000000008", "state": "registered", "version": 1, "duplicate": False, "promise": None}
CALL = {"kind": "inquiry", "channel": "online", "customer": {}, "subject": "colour", "description": "which?"}
CASE = "/cases/100000000008"


class Commands(dict[str, Any]):
    """Commands that remember what they were asked and answer, or fail, as told."""

    def __init__(self, answer: dict[str, Any] | Exception = ANSWER) -> None:
        self.answer = answer
        self.asked: list[tuple[dict[str, Any], str | None]] = []
        super().__init__(dict.fromkeys(("register_case", "get_case", "take_step"), self.run))

    def run(self, request: dict[str, Any], request_id: str | None) -> dict[str, Any]:
        self.asked.append((request, request_id))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def call(commands: Commands, method: str, path: str, token: str | None = "admin", **more: Any) -> TestResponse:
    scopes = {digest(scope): frozenset({scope}) for scope in ("clerk", "owner", "phone", "auditor", "admin")}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(Api(commands, Tokens(scopes))).open(
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


# --- the file of tokens ---


def test_a_first_token_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = make_first(tmp_path / "suite")
    plain = file.with_name(FIRST_TOKEN_FILE)
    assert {path.stat().st_mode & 0o777 for path in (file, plain)} == {0o600}
    token = plain.read_text().strip()
    assert token not in file.read_text()
    assert Tokens.read(file).scopes_of(token) == {"admin"}
    assert make_first(tmp_path / "suite") == file
    assert plain.read_text().strip() == token


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tokens": [{"name": "x", "scopes": ["king"], "sha256": "0"}]}'])
def test_a_wrong_file_of_tokens_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(Misconfigured, match=r"tokens\.json"):
        Tokens.read(file)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="make the folder writable"):
        make_first(tmp_path / "file" / "below")
