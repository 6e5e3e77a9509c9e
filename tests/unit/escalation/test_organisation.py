"""Whom a step reaches is found when it fires: by role and region, through the owner, the team, by name (ES-1, ES-7)."""

import copy
from dataclasses import replace

import pytest
import yaml

from services.escalation.domain.about import About
from services.escalation.domain.organisation import Target, last_resort, targets
from services.escalation.domain.policy import Step, Who
from services.escalation.domain.policy_file import read_policy
from services.escalation.storage.policy_files import BUILTIN, KNOWN
from shared.base.people import load_people

STAFF = load_people()
IN_FOSHAN = About(subject="1", region="south.guangdong.foshan", owner="李强")


def reached(*who: Who, about: About = IN_FOSHAN, team: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    step = Step(number=1, level=1, to=who)
    return [(target.person, target.role) for target in targets(STAFF, step, about, team)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Who("regional_desk"), [("south-desk", "regional_desk")]),
        (Who("owner"), [("li.qiang", "owner")]),
        (Who("owner_manager"), [("aftersales-lead", "owner_manager")]),
        (Who("team"), [("desk", "team"), ("sales-vp", "team")]),
        (Who("person", "general-manager"), [("general-manager", "person")]),
        (Who("person", "nobody"), []),
    ],
)
def test_each_way_to_name_somebody(who, expected):
    assert reached(who, team=("desk", "nobody", "sales-vp")) == expected


def test_everybody_is_asked_once_in_the_role_named_first():
    assert reached(Who("complaints_desk"), Who("supervisor"), Who("owner_manager"))[:3] == [
        ("desk", "complaints_desk"),
        ("aftersales-lead", "complaints_desk"),
        ("clerk-lead", "supervisor"),
    ]


def test_a_case_without_an_owner_has_no_owners_manager_either():
    nobody = About(subject="1", region="north")
    assert reached(Who("owner"), Who("owner_manager"), Who("team"), about=nobody) == []


def test_the_last_resort_is_asked_for_the_region_first_and_then_anywhere():
    assert last_resort(STAFF, ("technician", "head"), IN_FOSHAN) == (Target("technician-south", "technician"),)
    elsewhere = About(subject="1", region="north")
    assert last_resort(STAFF, ("technician",), elsewhere) == (Target("technician-south", "technician"),)
    assert last_resort(STAFF, (), elsewhere) == ()


def test_whoever_is_complained_about_is_asked_by_no_step():
    about = replace(IN_FOSHAN, complained_about=("li.qiang", "south-desk", "desk"))
    assert reached(Who("owner"), Who("regional_desk"), Who("person", "desk"), about=about) == []
    assert reached(Who("complaints_desk"), about=about) == [("aftersales-lead", "complaints_desk")]
    assert reached(Who("owner_manager"), Who("team"), about=about, team=("desk", "ops")) == [
        ("aftersales-lead", "owner_manager"),
        ("ops", "team"),
    ]
    about = replace(IN_FOSHAN, complained_about=("technician-south",))
    assert last_resort(STAFF, ("technician", "head"), about) == (Target("general-manager", "head"),)


def test_a_step_may_be_for_some_cases_only():
    data = copy.deepcopy(yaml.safe_load(BUILTIN.read_text(encoding="utf-8")))
    only = {"region": "south", "category": ["workmanship", "misuse"], "severity": "minor"}
    data["ladders"]["complaint"]["steps"][0]["when"] = only
    ladder = read_policy(data, "ours.yaml", KNOWN).ladders["complaint"]

    def steps(**about: str) -> list[int]:
        return [step.number for step in ladder.from_number(1, About(subject="1", **about))]

    assert steps(region="south.guangdong", category="misuse") == [1, 2, 3, 4]
    assert steps(region="southern", category="misuse") == [2, 3, 4]
    assert steps(region="south", category="other") == [2, 3, 4]
    assert steps(region="south", category="misuse", severity="serious") == [2, 3, 4]
    assert [step.number for step in ladder.from_number(9, IN_FOSHAN)] == [4], "another policy may have been longer"
