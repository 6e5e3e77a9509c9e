"""The JSON schema that editors use: the shipped policies fit it, it knows the words of the code, it sees mistakes."""

import copy
import json
from datetime import date

import pytest

from services.sla.domain.conditions import DEFAULTS, VALUES
from services.sla.domain.limits import Counting
from services.sla.domain.policy_file import CLOCK, FILE
from services.sla.domain.reading import FACT_PARTS, LONGEST
from services.sla.storage.policy_files import BUILTIN, load_policy
from shared.base.yaml_file import read_yaml
from shared.kernel.vocabulary import FACTS
from tests.support.json_schema import JsonSchema

FOLDER = BUILTIN.parent
EXAMPLE = FOLDER / "example.yaml"
SCHEMA = json.loads((FOLDER / "policy.schema.json").read_text(encoding="utf-8"))
DEFS = SCHEMA["$defs"]


def as_json(data):
    """What an editor sees: a date of YAML is text to JSON Schema."""
    if isinstance(data, dict):
        return {name: as_json(value) for name, value in data.items()}
    if isinstance(data, list):
        return [as_json(each) for each in data]
    return str(data) if isinstance(data, date) else data


@pytest.mark.parametrize("file", [BUILTIN, EXAMPLE], ids=lambda file: file.stem)
def test_the_shipped_policies_are_right_and_fit_the_schema(file):
    assert load_policy(file).clocks
    assert JsonSchema(SCHEMA).problems(as_json(read_yaml(file))) == []
    assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=policy.schema.json\n")


def test_the_schema_knows_the_words_of_the_code():
    assert DEFS["fact"]["enum"] == list(FACTS)
    assert set(DEFS["carried"]["enum"]) == FACT_PARTS
    assert {name: tuple(DEFS[name]["enum"]) for name in VALUES} == VALUES
    assert DEFS["attributes"]["properties"].keys() == DEFAULTS.keys()
    assert DEFS["limit"]["properties"].keys() == {"when", "otherwise"} | {str(each) for each in Counting}
    assert {each: DEFS["limit"]["properties"][str(each)]["maximum"] for each in LONGEST} == LONGEST
    assert SCHEMA["properties"].keys() == FILE
    assert DEFS["clock"]["properties"].keys() == CLOCK


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("start", ["recieved"], "$.clocks.callback.start: fits none of the alternatives"),
        ("stop", None, "$.clocks.callback.stop: fits none"),
        ("limit", {"working_days": 0}, "$.clocks.callback.limit: fits none"),
        ("limits", {}, "$.clocks.callback.limits: is not known"),
        ("for", {"kind": "complaints"}, "$.clocks.callback.for: fits none"),
        ("warn", [1.5], "$.clocks.callback.warn: fits none"),
        ("warn", [{"left": "2 days"}], "$.clocks.callback.warn: fits none"),
        ("valid", {"from": "soon"}, "$.clocks.callback.valid.from: 'soon' does not fit"),
        ("title", {"zh": "回电"}, "$.clocks.callback.title.en: is missing"),
    ],
)
def test_the_schema_sees_mistakes(field, value, told):
    data = as_json(copy.deepcopy(read_yaml(EXAMPLE)))
    data["clocks"]["callback"] = data["clocks"].pop("call_back") | {field: value}
    assert any(each.startswith(told) for each in JsonSchema(SCHEMA).problems(data))
