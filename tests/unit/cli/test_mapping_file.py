"""Mapping files: what ships with the suite is right, and what is wrong is named with its place."""

from pathlib import Path

import pytest

from shared.cli.importing.mapping import HISTORY, LIVE, KeyOf, plan
from shared.cli.importing.mapping_file import read_mapping
from shared.kernel.errors import Invalid, Misconfigured

SHIPPED = Path(__file__).parents[3] / "deploy" / "mappings"
SMALL = """
zone: Asia/Shanghai
dates: "%Y-%m-%d %H:%M"
register:
  kind: inquiry
  channel: {column: How, table: {call: phone}}
  external_ref: "{No}"
  occurred_at: {instant: When}
  subject: "{What}"
  description: "{What}"
  product: {model: "{Model}"}
steps:
  - step: promise
    when: [Due]
    at: {instant: When}
    fields: {what: an answer, due_at: {instant: Due}}
  - step: keep_promise
    when: [Due, {State: [done, over]}]
    at: {instant: Done}
    fields: {promise_id: {key_of: promise}}
"""
ROW = {
    "How": "call",
    "No": "1",
    "When": "2026-10-09 22:00",
    "What": "a leak",
    "Model": "",
    "Due": "2026-10-12 18:00",
    "Done": "2026-10-12 09:00",
    "State": "done",
}


@pytest.fixture
def mapping_of(tmp_path):
    def read(text: str):
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path)

    return read


def test_a_row_becomes_a_registration_and_its_steps(mapping_of):
    planned = plan(mapping_of(SMALL), ROW, HISTORY)
    assert planned.registration == {
        "kind": "inquiry",
        "channel": "phone",
        "external_ref": "1",
        "occurred_at": "2026-10-09T14:00:00+00:00",
        "subject": "a leak",
        "description": "a leak",
        "customer": {},
        "mode": "history",
    }
    assert [step.step for step in planned.steps] == ["promise", "keep_promise"]
    assert planned.steps[0].fields["due_at"] == "2026-10-12T10:00:00+00:00"
    assert planned.steps[1].fields == {"promise_id": KeyOf("promise"), "at": "2026-10-12T01:00:00+00:00"}


def test_a_step_is_taken_only_when_its_columns_say_so(mapping_of):
    mapping = mapping_of(SMALL)
    assert plan(mapping, ROW | {"Due": ""}, HISTORY).steps == []
    assert [step.step for step in plan(mapping, ROW | {"State": "open"}, HISTORY).steps] == ["promise"]


def test_live_registers_as_of_now_and_takes_no_step(mapping_of):
    planned = plan(mapping_of(SMALL), ROW, LIVE)
    assert planned.steps == []
    assert planned.registration["mode"] == "live"
    assert "occurred_at" not in planned.registration


def test_everything_wrong_with_a_row_is_named_at_once(mapping_of):
    with pytest.raises(Invalid) as refused:
        plan(mapping_of(SMALL), ROW | {"How": "pigeon", "When": "soon", "Due": "later"}, HISTORY)
    assert set(refused.value.detail) == {"How", "When", "Due"}


@pytest.mark.parametrize(("column", "named"), [("No", "external_ref"), ("How", "channel"), ("Done", "keep_promise.at")])
def test_what_a_row_must_have_is_missed_by_name(mapping_of, column, named):
    with pytest.raises(Invalid) as refused:
        plan(mapping_of(SMALL), ROW | {column: ""}, HISTORY)
    assert refused.value.detail == {named: ["is empty in this row"]}


def test_yes_and_no_and_dates_are_text_in_a_mapping(mapping_of):
    mapping = mapping_of(SMALL.replace("{call: phone}", "{Yes: phone, No: online, 2014-01-01: other}"))
    assert plan(mapping, ROW | {"How": "No"}, HISTORY).registration["channel"] == "online"
    assert plan(mapping, ROW | {"How": "2014-01-01"}, HISTORY).registration["channel"] == "other"


WRONG = {
    "zone: Asia/Shanghai": ("zone: Asia/Nowhere", "zone: 'Asia/Nowhere' is no IANA time zone"),
    "kind: inquiry": ("kind: enquiry", "register.kind: 'enquiry' must be one of: complaint"),
    "{call: phone}": ("{call: fone}", "register.channel.table.call: 'fone' must be one of"),
    '  subject: "{What}"\n': ("", "register.subject: is missing"),
    "product: {model:": ("product: {modell:", "register.product.modell: no such field; there are model"),
    "step: promise\n": ("step: promiss\n", "steps[0].step: 'promiss' is no step; there are correct, hand_over"),
    "{key_of: promise}": ("{key_of: pledge}", "steps[1].fields.promise_id: no earlier step is named 'pledge'"),
    "fields: {what: an answer, ": ("fields: {", "steps[0].fields.what: is missing; promise needs it"),
    "at: {instant: Done}": ("at: {instant: Done, day: Done}", "steps[1].at: must be a text or have exactly one of"),
    "when: [Due]": ("when: Due", "steps[0].when: must be a list of columns"),
    '"%Y-%m-%d %H:%M"': ('"%Q"', "dates: '%Q' is no date format"),
    "steps:\n": ("stages: []\nsteps:\n", "stages: no such key; there are mapping, encoding"),
}


@pytest.mark.parametrize("right", WRONG)
def test_a_wrong_mapping_is_refused_with_the_place(mapping_of, right):
    wrong, said = WRONG[right]
    assert right in SMALL
    with pytest.raises(Misconfigured) as refused:
        mapping_of(SMALL.replace(right, wrong))
    assert any(problem.startswith(f"mapping.yaml: {said}") for problem in refused.value.problems), str(refused.value)


def test_all_that_is_wrong_is_said_at_once(mapping_of):
    broken = SMALL
    for right in ("kind: inquiry", "{call: phone}", "product: {model:", "zone: Asia/Shanghai"):
        broken = broken.replace(right, WRONG[right][0])
    with pytest.raises(Misconfigured) as refused:
        mapping_of(broken)
    assert len(refused.value.problems) == 4


@pytest.mark.parametrize("text", ["a: [", "- a\n- b", "", "a: b: c"])
def test_what_is_no_mapping_at_all_is_refused_in_one_line(mapping_of, text):
    with pytest.raises(Misconfigured) as refused:
        mapping_of(text)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Misconfigured, match=r"cannot read .*none\.yaml: No such file"):
        read_mapping(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["baltimore311", "cfpb"])
def test_the_mappings_that_ship_are_right(name):
    assert read_mapping(SHIPPED / f"{name}.yaml").name == name
