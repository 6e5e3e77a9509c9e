"""JSON Lines as registrations: what a line asks for, and what is wrong with it."""

import json

import pytest

from shared.cli.importing.lines import LONGEST_LINE, LinesFile, plan_of
from shared.cli.importing.mapping import HISTORY, LIVE, KeyOf
from shared.cli.importing.refused import RefusedLines
from shared.cli.importing.rows import Row
from shared.kernel.errors import Invalid, NotFound

TOLD = {
    "kind": "inquiry",
    "channel": "mail",
    "external_ref": "A-1",
    "subject": "s",
    "description": "d",
    "occurred_at": "2026-10-01T09:00:00+08:00",
}
PROMISE = {"step": "promise", "what": "a call", "due_at": "2026-10-12T18:00:00+08:00"}
KEPT = {"step": "keep_promise", "promise_id": {"key_of": "promise"}}


def rows(path, content: bytes) -> list[Row]:
    path.write_bytes(content)
    with LinesFile(path) as file:
        return list(file.rows())


def test_a_line_is_a_registration_and_its_steps():
    planned = plan_of({**TOLD, "steps": [PROMISE, KEPT]}, HISTORY)
    assert planned.registration == {"customer": {}, **TOLD, "mode": "history"}
    assert planned.identity == ("mail", "", "A-1")
    assert [step.step for step in planned.steps] == ["promise", "keep_promise"]
    assert planned.steps[1].fields == {"promise_id": KeyOf("promise")}


def test_live_is_now_and_without_steps():
    planned = plan_of({**TOLD, "steps": [PROMISE]}, LIVE)
    assert "occurred_at" not in planned.registration
    assert planned.steps == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"kind": None}, "kind"),
        ({"external_ref": 7}, "external_ref"),
        ({"mode": "live"}, "mode"),
        ({"source": []}, "source"),
        ({"steps": {}}, "steps"),
        ({"steps": [7]}, "steps[0].step"),
        ({"steps": [{"step": "dance"}]}, "steps[0].step"),
        ({"steps": [PROMISE, PROMISE]}, "steps[1].name"),
        ({"steps": [KEPT]}, "steps[0].promise_id"),
    ],
)
def test_what_is_wrong_is_named(wrong, where):
    with pytest.raises(Invalid) as refused:
        plan_of({**TOLD, **wrong}, HISTORY)
    assert list(refused.value.detail) == [where]


def test_everything_wrong_at_once():
    with pytest.raises(Invalid) as refused:
        plan_of({"mode": 1, "steps": [{"step": "dance"}]}, HISTORY)
    assert set(refused.value.detail) == {"kind", "channel", "external_ref", "mode", "steps[0].step"}


def test_a_broken_line_refuses_itself_only(tmp_path):
    long = b'{"a": "' + b"x" * (2 * LONGEST_LINE) + b'"}\n'
    found = rows(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"a": 1}\n\n{"b": \n\xff\n[1]\n' + long + b'{"c": 2}')
    assert [(row.line, row.wrong) for row in found] == [
        (1, ""),
        (3, "is not JSON"),
        (4, "is not utf-8"),
        (5, "is not a JSON object"),
        (6, f"is longer than {LONGEST_LINE:,} bytes"),
        (7, ""),
    ]


def test_no_file(tmp_path):
    with pytest.raises(NotFound, match="there is no file"):
        LinesFile(tmp_path / "none.jsonl").__enter__()


def test_a_refused_line_comes_back_as_it_was(tmp_path):
    with RefusedLines(tmp_path / "rows") as report:
        report.add(Row(3, [json.dumps(TOLD)], {}), "subject: is wrong")
        report.add(Row(4, ["{"], {}), "is not JSON")
    first, second = (json.loads(line) for line in report.path.read_text().splitlines())
    assert first["refused"] == {"line": 3, "reason": "subject: is wrong"}
    assert plan_of(first, HISTORY) == plan_of(TOLD, HISTORY)
    assert second == {"refused": {"line": 4, "reason": "is not JSON", "text": "{"}}
