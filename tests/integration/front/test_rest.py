"""Intake over HTTP, as a program of another house uses it: the same commands as by RPC."""

import base64
import io
import json
import secrets
from contextlib import redirect_stdout, suppress

from shared.cli.main import run
from shared.runtime.web import PLACES
from tests.integration.front.door import CALL, Door, Response
from tests.support.client import Client


def test_a_case_from_registration_to_its_step(door: Door, outside: Client) -> None:
    made = door.register(request_id="r-1", subject="瓷砖 colour")
    assert (made.status, made.json["state"]) == (201, "registered")
    again = door.register(request_id="r-1", subject="another")
    assert again.json == made.json
    place = made.headers["Location"]
    shown = door.ask("GET", place)
    assert (shown.status, shown.headers["ETag"][:3]) == (200, '"1-')
    assert door.ask("GET", place, If_None_Match=shown.headers["ETag"]).status == 304
    step = {"step": "hand_over", "by": "desk", "owner": "desk"}
    taken = door.ask("POST", f"{place}/steps", step, If_Match=shown.headers["ETag"], Idempotency_Key="s-1")
    assert (taken.status, taken.json["version"]) == (200, 2)
    late = door.ask("POST", f"{place}/steps", {"step": "close", "by": "desk"}, If_Match=shown.headers["ETag"])
    assert (late.status, late.json["errors"]["version"]) == (412, 2)
    body = json.dumps({"args": [{"case_no": made.json["case_no"]}], "kwargs": {}}).encode()
    assert outside.ask_raw("intake.get_case", body)["result"] == door.ask("GET", place).json


def test_what_is_missing_before_the_end_comes_over_http_too(door: Door) -> None:
    place = door.register(severity="serious").headers["Location"]

    def step(step: str, by: str = "desk", **fields: object) -> Response:
        return door.ask("POST", f"{place}/steps", {"step": step, "by": by, **fields})

    asked = step("propose_compensation", kind="refund", amount=12345.5, reason="返工").json["handling"]["compensation"]
    assert asked[0]["amount"] == "12345.50"
    beyond = step("approve_compensation", by="clerk-lead", compensation_id=asked[0]["compensation_id"])
    assert (beyond.status, beyond.json["errors"]["may"]) == (403, ["sales-vp", "general-manager"])
    wrong = step("propose_compensation", kind="refund", amount="12,50", reason="返工")
    assert (wrong.status, list(wrong.json["errors"])) == (422, ["amount"])
    assert step("resolve", result="done", accountable="desk").json["handling"]["closing"]["missing"]
    refused = step("close")
    assert refused.status == 409
    assert [each["what"] for each in refused.json["errors"]["missing"]] == ["reaction", "decision on compensation c2"]
    assert "close" not in refused.json["errors"]["legal"]
    assert step("revisit", satisfied=True, demand_met=False).json["severity"] == "major"


def test_a_photo_is_kept_by_either_way_in_and_named_by_a_step(door: Door, outside: Client) -> None:
    """A photo is larger than any other request may be."""
    made = door.register()
    place, case_no = made.headers["Location"], made.json["case_no"]
    photo = secrets.token_bytes(2_000_000)
    file = {"by": "desk", "name": "wall.jpg", "kind": "photo", "content": base64.b64encode(photo).decode()}
    kept = door.ask("POST", f"{place}/evidence", file)
    assert (kept.status, kept.json["size"]) == (200, len(photo))
    body = json.dumps({"args": [{**file, "case_no": case_no}], "kwargs": {}}).encode()
    assert outside.ask_raw("intake.put_evidence", body)["result"] == kept.json
    step = {"step": "inspect", "by": "desk", "findings": "hollow", "evidence": [{"ref": kept.json["ref"]}]}
    assert door.ask("POST", f"{place}/steps", step).status == 200
    path = f"{place}/evidence/{kept.json['digest']}"
    assert base64.b64decode(door.ask("GET", f"{path}?by=desk").json["content"]) == photo
    assert (door.ask("GET", path).status, door.ask("GET", f"{place}/evidence/nothing?by=desk").status) == (422, 422)
    too_much = door.ask("POST", f"{place}/evidence", {**file, "content": "A" * 8_000_000})
    assert (too_much.status, "at most 5000000" in str(too_much.json["errors"])) == (422, True)
    assert door.register(description="x" * 1_100_000).status == 413
    assert door.ask("GET", "/tasks?overdue=true").json == {"tasks": []}


def test_pages_follow_their_links(door: Door) -> None:
    numbers = {door.register(region="north.page").json["case_no"] for _ in range(3)}
    found: list[str] = []
    path = "/cases?region=north.page&limit=2"
    while path:
        page = door.ask("GET", path)
        found += [case["case_no"] for case in page.json["cases"]]
        path = page.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert (len(found), set(found)) == (3, numbers)


def test_who_calls_and_how_it_stands(door: Door) -> None:
    case_no = door.register(customer={"phone": "13800138000"}).json["case_no"]
    assert door.ask("GET", "/callers/13800138000").json["open_cases"][0]["case_no"] == case_no
    assert door.ask("GET", f"/case-status?case_no={case_no}").json["cases"][0]["state"] == "registered"
    assert door.ask("GET", "/callers/12").status == 422


def test_the_region_tree(door: Door) -> None:
    assert door.ask("PUT", "/regions", {"tree": {"north": {"page": None}}}).status == 200
    assert door.ask("GET", "/regions").json == {"regions": ["north", "north.page"]}
    assert door.register(region="nowhere").json["errors"].keys() == {"region"}


def test_a_token_is_good_until_it_is_revoked_without_a_restart(door: Door) -> None:
    with redirect_stdout(io.StringIO()) as said, suppress(SystemExit):
        run(["token", "create", "wang", "--scope", "clerk", "--person", "desk", "--data", str(door.process.folder)])
    bearer = f"Bearer {said.getvalue().strip()}"
    assert door.ask("GET", "/cases?limit=1", Authorization=bearer).status == 200
    assert door.ask("PUT", "/regions", {"tree": {"x": None}}, Authorization=bearer).status == 403
    with redirect_stdout(io.StringIO()), suppress(SystemExit):
        run(["token", "revoke", "wang", "--data", str(door.process.folder)])
    assert door.ask("GET", "/cases?limit=1", Authorization=bearer).status == 401
    assert '"token": "wang"' in door.process.said()


def test_who_somebody_protected_is_the_owner_may_not_ask(door: Door) -> None:
    hidden = {"name": "欧阳娜娜", "phone": "13911112222", "protected": True}
    case_no = door.register(customer=hidden).json["case_no"]
    assert door.ask("GET", f"/cases/{case_no}").json["customer"] == {"anonymous": False, "protected": True}
    assert door.ask("GET", f"/cases/{case_no}?identity=true").json["customer"]["name"] == "欧阳娜娜"
    with redirect_stdout(io.StringIO()) as said, suppress(SystemExit):
        run(["token", "create", "lin", "--scope", "owner", "--data", str(door.process.folder)])
    bearer = f"Bearer {said.getvalue().strip()}"
    assert door.ask("GET", f"/cases/{case_no}", Authorization=bearer).status == 200
    assert door.ask("GET", f"/cases/{case_no}?identity=true", Authorization=bearer).status == 403


def test_bodies_on_the_wire(door: Door) -> None:
    large = door.ask("POST", "/cases", b" " * 1_048_577)
    assert (large.status, "1048576 bytes" in large.json["detail"]) == (413, True)
    with door.wire() as line:
        body = json.dumps({**CALL, "subject": "in chunks"}).encode()
        line.sendall(f"POST /cases HTTP/1.1\r\nAuthorization: Bearer {door.token}\r\n".encode())
        line.sendall(b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        line.sendall(b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 201")


def test_health_is_heard_over_silent_clients(door: Door) -> None:
    silent = [door.wire() for _ in range(PLACES + 20)]
    assert door.ask("GET", "/healthz").status == 200
    assert door.ask("HEAD", "/healthz").text == ""
    for line in silent:
        line.close()
