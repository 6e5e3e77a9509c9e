"""Who gets a case: laws of the choice, and what a rules file may say (IN-19, IN-26)."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.assignment.choosing import FALLBACK, NO_RULE, NOBODY, OTHERWISE, Choice, Question, choose
from services.intake.domain.assignment.rules_file import read_rules
from services.intake.domain.assignment.telling import told
from services.intake.domain.case import Account, Case
from services.intake.handlers.rule_book import known_to
from shared.base.people import People, Person, load_people
from shared.base.yaml_file import read_yaml
from shared.base.yaml_lines import with_lines
from shared.kernel.errors import Misconfigured
from tests.support.json_schema import JsonSchema

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "services" / "intake" / "policies" / "assignment.schema.json"
EXAMPLE = ROOT / "deploy" / "assignment" / "example.yaml"
MONDAY = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
NIGHT = datetime(2026, 10, 12, 18, 0, tzinfo=UTC)
PEOPLE = load_people()


def case(**given: Any) -> Case:
    told = Account(given.pop("subject", "tiles"), given.pop("description", "they came off"))
    usual = {"kind": "complaint", "region": "south.guangdong", "severity": "minor", "channel": "phone"}
    fields: dict[str, Any] = {**usual, **given}
    return Case(
        case_no="1", mode="live", verifiable=True, state="registered", received_at=MONDAY, account=told, **fields
    )


def chosen(file: Any, about: Case | None = None, now: datetime = MONDAY, **more: Any) -> Choice:
    people: People = more.get("people", PEOPLE)
    rules = read_rules(file, "rules", known_to(people))
    question = Question(about or case(), more.get("registrar"), now)
    return choose(rules, people.everybody, question, more.get("loads", {}))


def rules(*, to: Any = None, **more: Any) -> dict[str, Any]:
    top = {name: more.pop(name) for name in ("staff", "duty", "fallback") if name in more}
    target = to or {"people": ["li.qiang", "south-desk"]}
    return {"assignment": "t", "fallback": {"people": ["desk"]}, **top, "rules": [{"name": "r", "to": target, **more}]}


def team(size: int) -> People:
    return People(
        Person(id=f"p{number}", name=f"P{number}", roles=("owner",), email="p@x.example") for number in range(size)
    )


@given(capacities=st.lists(st.integers(1, 4), min_size=1, max_size=6), cases=st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_nobody_is_ever_more_than_one_case_busier_than_another(capacities: list[int], cases: int) -> None:
    people = team(len(capacities))
    staff = {f"p{number}": {"capacity": capacity} for number, capacity in enumerate(capacities)}
    file = rules(to={"role": "owner"}, staff=staff, fallback={"role": "owner"})
    loads: Counter[str] = Counter()
    for _ in range(cases):
        choice = chosen(file, people=people, loads=loads)
        assert choice.owner
        loads[choice.owner] += 1
    for one, capacity in enumerate(capacities):
        for other, other_capacity in enumerate(capacities):
            assert loads[f"p{one}"] / capacity <= (loads[f"p{other}"] + 1) / other_capacity + 1e-9


@given(
    loads=st.dictionaries(st.sampled_from([each.id for each in PEOPLE.everybody]), st.integers(0, 9)),
    region=st.sampled_from(["south.guangdong", "north", "unassigned"]),
    category=st.sampled_from([None, "staff_attitude", "other"]),
    severity=st.sampled_from(["minor", "critical"]),
    hour=st.integers(0, 23),
)
@settings(max_examples=60, deadline=None)
def test_the_same_facts_give_the_same_person_who_may_have_it(
    loads: dict[str, int], region: str, category: str | None, severity: str, hour: int
) -> None:
    about = case(region=region, category=category, severity=severity, description="李强 was rude to me")
    now = MONDAY.replace(hour=hour)
    first = chosen(read_yaml(EXAMPLE), about, now, loads=loads, registrar="desk")
    assert first == chosen(read_yaml(EXAMPLE), about, now, loads=dict(reversed(loads.items())), registrar="desk")
    if category == "staff_attitude":
        assert first.owner not in ("li.qiang", None), "never whom it is about, and never nobody"
    assert first.way == NO_RULE or first.owner or first.way == NOBODY


def test_the_first_rule_that_is_for_a_case_decides() -> None:
    example = read_yaml(EXAMPLE)
    assert chosen(example, case(severity="critical")).owner == "aftersales-lead"
    assert chosen(example, case(region="east.shanghai")).owner == "east-desk"
    assert chosen(example, case(kind="suggestion", region="west")).rule == "questions"
    assert chosen(example, case(region="west")).way == NO_RULE


def test_models_are_patterns() -> None:
    file = rules(when={"model": ["XK-*"]})
    assert chosen(file, case(product={"model": "xk-200"})).owner == "li.qiang"
    assert chosen(file, case(product={"model": "AB"})).way == NO_RULE
    assert chosen(file, case()).way == NO_RULE


def test_the_least_busy_for_their_capacity_gets_it_and_ties_go_by_the_file() -> None:
    staff = {"south-desk": {"capacity": 3}}
    assert chosen(rules(), loads={}).owner == "li.qiang"
    assert chosen(rules(), loads={"li.qiang": 1}).owner == "south-desk"
    assert chosen(rules(staff=staff), loads={"li.qiang": 1, "south-desk": 3}).owner == "south-desk"


def test_who_is_off_duty_away_without_the_skill_or_registered_it_is_passed_over_with_the_reason() -> None:
    office = {"office": "working_hours"}
    away = {"li.qiang": {"absent": [{"from": "2026-10-12", "to": "2026-10-12"}]}}
    night = chosen(rules(on_duty="office", duty=office), now=NIGHT)
    assert (night.owner, night.way) == ("desk", FALLBACK)
    assert {each.why for each in night.passed} == {"off_duty"}
    assert chosen(rules(on_duty="office", duty=office)).owner == "li.qiang"
    absent = chosen(rules(staff=away))
    assert (absent.owner, [(each.who, each.why) for each in absent.passed]) == ("south-desk", [("li.qiang", "absent")])
    assert chosen(rules(staff=away), now=datetime(2026, 10, 12, 16, 30, tzinfo=UTC)).owner == "li.qiang", "the next day"
    skilled = chosen(rules(skills=["tiling"], staff={"south-desk": {"skills": ["tiling"]}}))
    assert (skilled.owner, skilled.passed[0].why) == ("south-desk", "skill")
    assert chosen(rules(not_registrar=True), registrar="李强").owner == "south-desk"


def test_one_of_their_own_hours_counts_instead_of_the_rules() -> None:
    windows = {"office": "working_hours", "nights": {"zone": "Asia/Shanghai", "hours": {"tue": [["00:00", "06:00"]]}}}
    file = rules(on_duty="office", duty=windows, staff={"south-desk": {"duty": "nights"}})
    assert chosen(file, now=NIGHT).owner == "south-desk"
    assert chosen(file, now=MONDAY).owner == "li.qiang"


def test_otherwise_comes_before_the_fallback_and_asks_for_no_duty() -> None:
    windows = {"never": {"zone": "Asia/Shanghai", "hours": {"sun": [["03:00", "03:01"]]}}}
    choice = chosen(rules(on_duty="never", duty=windows, otherwise={"role": "regional_desk"}))
    assert (choice.owner, choice.way) == ("south-desk", OTHERWISE)
    assert "otherwise" in told(choice, 3)["way"]
    assert told(choice, 3)["rules_version"] == 3


def test_where_nobody_may_have_it_nobody_gets_it_and_the_reason_says_who_was_passed_over() -> None:
    about = case(category="staff_attitude", description="desk and 李强 laughed at me")
    choice = chosen(rules(to={"people": ["li.qiang"]}), about)
    assert (choice.owner, choice.way) == (None, NOBODY)
    assert {each.who: each.why for each in choice.passed} == {
        "li.qiang": "complained_about",
        "desk": "complained_about",
    }
    assert told(choice, 1)["text"]["en"] == "neither rule r nor the fallback has anybody who can take it"
    assert chosen(rules(), case(category="product_quality", description="李强 was kind")).owner == "li.qiang"


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    file = {
        "assignment": "Bad Name",
        "staff": {"nobody": {"capacity": 0}, "desk": {"absent": [{"from": "2026-10-02", "to": "2026-10-01"}]}},
        "duty": {"d": {"zone": "Mars", "hours": {"mon": [["9", "8"]]}}},
        "rules": [
            {"name": "a", "when": {"kind": "xx", "foo": 1}, "to": {"role": "zz", "people": ["q"]}, "on_duty": "n"},
            {"name": "a"},
        ],
        "other": 1,
    }
    with pytest.raises(Misconfigured) as refused:
        read_rules(file, "f.yaml", known_to(PEOPLE))
    told = "\n".join(refused.value.problems)
    places = ("assignment", "staff.nobody", "staff.nobody.capacity", "staff.desk.absent[0]", "duty.d.zone")
    places += ("rules[0].when", "rules[0].when.kind[0]", "rules[0].to", "rules[0].to.people[0]", "rules[0].on_duty[0]")
    for place in (*places, "rules[1].to", "rules[1].name", "fallback"):
        assert f"f.yaml: {place}: " in told, place
    assert "'other' is not known here" in told


def test_the_schema_for_editors_takes_the_example_and_refuses_slips() -> None:
    schema = JsonSchema(json.loads(SCHEMA.read_text(encoding="utf-8")))
    example = json.loads(json.dumps(read_yaml(EXAMPLE), default=str))
    assert schema.problems(example) == []
    for slip in ({"rule": []}, {"rules": [{"name": "a"}]}, {"rules": [{"name": "a", "to": {"rol": "x"}}]}):
        assert schema.problems({**example, **slip}), slip


def test_a_mistake_is_told_with_its_line() -> None:
    text = "assignment: x\nrules:\n  - name: a\n    to: {role: boss}\n    when:\n      kind: [repair, zz]\n"
    problems = ["f.yaml: rules[0].to.role: no", "f.yaml: rules[0].when.kind[1]: no", "f.yaml: rules[0].skills[0]: no"]
    assert with_lines([*problems, "f.yaml: fallback: is missing", "no place"], text) == [
        "f.yaml:4: rules[0].to.role: no",
        "f.yaml:6: rules[0].when.kind[1]: no",
        "f.yaml:3: rules[0].skills[0]: no",
        "f.yaml: fallback: is missing",
        "no place",
    ]
    assert with_lines(["f.yaml: a: no"], "a: [") == ["f.yaml: a: no"]


def test_a_file_without_rules_switches_assignment_off() -> None:
    assert read_rules({"assignment": "off", "rules": []}, "f", known_to(PEOPLE)).rules == ()
