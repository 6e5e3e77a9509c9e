"""Who gets in over HTTP, how often, and in whose name."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from services.intake.http import Api, Gate, Keys, behind
from shared.base.tokens import Token
from tests.unit.intake.gates import gate_for, text
from tests.unit.intake.test_http import CALL, CASE, Commands, call

NOW = datetime(2026, 10, 9, 14, tzinfo=UTC)
STEP = {"step": "close"}


def token(name: str = "some", *scopes: str, **more: Any) -> Token:
    return Token(name=name, scopes=frozenset(scopes or ("clerk",)), **more)


# --- the file ---


def test_a_token_ends_when_it_expires_or_is_revoked(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    now = [NOW]
    file.write_text(text(token("good"), token("ends", expires_at=NOW), token("gone", revoked_at=NOW - timedelta(1))))
    keys = Keys(file, lambda: now[0])
    assert [bool(keys.find(name)) for name in ("good", "ends", "gone", "nobody")] == [True, False, False, False]
    now[0] -= timedelta(seconds=1)
    assert keys.find("ends")


def test_a_changed_file_is_read_again_without_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(text(token("first")))
    keys = Keys(file)
    file.write_text(text(token("first", revoked_at=NOW), token("second")))
    assert (keys.find("first"), bool(keys.find("second"))) == (None, True)


@pytest.mark.parametrize("wrong", ["", "{", '{"tokens": [{}]}', None])
def test_a_file_that_went_wrong_locks_nobody_out(tmp_path: Path, wrong: str | None) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(text(token("first")))
    keys = Keys(file)
    file.unlink()
    if wrong is not None:
        file.write_text(wrong)
    assert keys.find("first")


def test_without_a_file_nobody_gets_in() -> None:
    assert Keys(None).find("anything") is None


# --- how often ---


def test_a_token_that_asks_too_often_waits() -> None:
    gate = gate_for(token("busy"), token("other"), rate=1)
    statuses = [call(Commands(), "GET", CASE, "busy", gate=gate).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    late = call(Commands(), "GET", CASE, "busy", gate=gate)
    assert (late.headers["Retry-After"], json.loads(late.data)["title"]) == ("1", "TooManyRequests")
    assert call(Commands(), "GET", CASE, "other", gate=gate).status_code == 200


def test_guessing_tokens_is_slowed_down_and_hinders_nobody_else() -> None:
    gate = gate_for(token("good"), stranger_rate=100)
    statuses = [call(Commands(), "GET", CASE, f"guess {n}", gate=gate).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert call(Commands(), "GET", CASE, "good", gate=gate).status_code == 200
    assert _from(gate, "192.0.2.7").status_code == 401


def test_strangers_may_not_ask_without_end() -> None:
    gate = gate_for(stranger_rate=1)
    statuses = [call(Commands(), "GET", "/openapi.json", None, gate=gate).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_an_ipv6_network_is_one_address() -> None:
    gate = gate_for(stranger_rate=1)
    statuses = [_from(gate, f"2001:db8::{n}").status_code for n in range(3)]
    assert statuses == [401, 401, 429]
    assert _from(gate, "2001:db8:0:1::1").status_code == 401


def _from(gate: Gate, address: str) -> TestResponse:
    return Client(Api(Commands(), gate)).get(CASE, environ_overrides={"REMOTE_ADDR": address})


@pytest.mark.parametrize(
    ("proxies", "forwarded", "statuses"),
    [
        (0, ["192.0.2.1", "192.0.2.2", "192.0.2.3"], [401, 401, 429]),
        (1, ["192.0.2.1", "192.0.2.2", "192.0.2.3"], [401, 401, 401]),
        (1, ["192.0.2.1, 192.0.2.9", "192.0.2.2, 192.0.2.9", "192.0.2.3, 192.0.2.9"], [401, 401, 429]),
    ],
)
def test_a_caller_is_told_apart_by_what_our_own_proxies_say(
    proxies: int, forwarded: list[str], statuses: list[int]
) -> None:
    client = Client(behind(proxies, Api(Commands(), gate_for(stranger_rate=1))))
    asked = [client.get(CASE, headers={"X-Forwarded-For": each}).status_code for each in forwarded]
    assert asked == statuses


# --- in whose name ---


@pytest.mark.parametrize(
    ("holder", "by", "status", "asked"),
    [
        (token(person="desk"), None, 200, "desk"),
        (token(person="desk"), "desk", 200, "desk"),
        (token(person="desk"), "sales-vp", 403, None),
        (token(person="desk"), "system:phone", 403, None),
        (token("some", "clerk", "admin", person="desk"), "sales-vp", 403, None),
        (token(), None, 422, None),
        (token(), "sales-vp", 200, "sales-vp"),
        (token(), "system:import", 403, None),
        (token(), " system:import", 403, None),
        (token("robot", "owner", "phone"), "system:phone", 200, "system:phone"),
        (token("robot", "owner", "phone"), "system:robot", 200, "system:robot"),
        (token("robot", "owner", "phone"), "system:import", 403, None),
        (token("robot", "admin"), "system:import", 200, "system:import"),
    ],
)
def test_a_token_speaks_in_its_own_name(holder: Token, by: str | None, status: int, asked: str | None) -> None:
    commands = Commands()
    body = STEP if by is None else {**STEP, "by": by}
    response = call(commands, "POST", f"{CASE}/steps", holder.name, json=body, gate=gate_for(holder))
    assert response.status_code == status
    assert [request["by"] for request, _ in commands.asked] == ([asked] if asked else [])


def test_a_person_is_named_by_id_or_by_name() -> None:
    commands = Commands()
    gate = gate_for(token(person="sales-vp"))
    name = next(each for each in gate.people.names_of("sales-vp") if each != "sales-vp")
    assert call(commands, "POST", f"{CASE}/steps", "some", json={**STEP, "by": name}, gate=gate).status_code == 200


@pytest.mark.parametrize(("scope", "status"), [("clerk", 403), ("admin", 201)])
def test_only_an_administrator_takes_in_history(scope: str, status: int) -> None:
    response = call(Commands(), "POST", "/cases", scope, json={**CALL, "mode": "history"})
    assert response.status_code == status
