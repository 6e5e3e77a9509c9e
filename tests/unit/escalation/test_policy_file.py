"""A policy is data: every mistake is told at once, with file, field and remedy."""

import copy

import pytest
import yaml

from services.escalation.domain.policy_file import read_policy
from services.escalation.handlers import rules_of
from services.escalation.storage.policy_files import BUILTIN, KNOWN, load_policy
from shared.base.people import People, Person
from shared.kernel.errors import Misconfigured

DATA = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))


def changed(path, value):
    data = copy.deepcopy(DATA)
    *above, last = path
    place = data
    for name in above:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


def problems(data):
    with pytest.raises(Misconfigured) as caught:
        read_policy(data, "ours.yaml", KNOWN)
    return caught.value.problems


def test_the_builtin_policy_has_the_four_levels_and_its_sources():
    policy = load_policy()
    assert [step.level for step in policy.ladders["complaint"].steps] == [1, 2, 3, 4]
    assert policy.ladders["complaint"].entry == {"minor": 1, "serious": 2, "major": 3, "critical": 4}
    assert policy.trigger("no_progress").level == 4
    assert all(step.urgent for step in policy.ladders["major"].steps)
    assert all(each.get("source") for each in DATA["triggers"].values())


def test_it_names_every_clock_of_the_sla_policy():
    sla = yaml.safe_load((BUILTIN.parents[2] / "sla" / "policies" / "builtin.yaml").read_text(encoding="utf-8"))
    assert set(DATA["clocks"]) == set(sla["clocks"])


def test_a_ladder_that_goes_on_along_another_has_its_higher_steps():
    steps = load_policy().ladders["maintenance"].steps
    assert [(step.number, step.level, step.rule) for step in steps] == [
        (1, 1, "maintenance.steps[0]"),
        (2, 2, "complaint.steps[1]"),
        (3, 3, "complaint.steps[2]"),
        (4, 4, "complaint.steps[3]"),
    ]


STEPS = ("ladders", "complaint", "steps")


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("ladders", "complaint", "then"), "maintenance", "ladders.maintenance.then: leads back to complaint"),
        ((*STEPS, 1, "level"), 1, None),
        ((*STEPS, 2, "level"), 1, "complaint.steps: level 1 comes after level 2, which leads down again"),
        ((*STEPS, 1, "to"), ["king"], "complaint.steps[1].to[0]: 'king' is no role"),
        ((*STEPS, 1, "to"), [], "complaint.steps[1].to: reaches nobody"),
        ((*STEPS, 1, "wait"), "0 minutes", "complaint.steps[1].wait: must be a span above nothing"),
        ((*STEPS, 1, "wait"), "soon", "complaint.steps[1].wait: must be a span above nothing"),
        ((*STEPS, 1, "wait"), None, "complaint.steps: step 2 has no `wait`"),
        ((*STEPS, 3, "wait"), "1 hour", "complaint.steps: the last step waits, but nothing comes after it"),
        ((*STEPS, 3, "when"), {"severity": "major"}, "complaint.steps: the last step is not for every case"),
        ((*STEPS, 0, "when"), {}, "complaint.steps[0].when: asks for nothing"),
        ((*STEPS, 0, "when"), {"region": "South!"}, "complaint.steps[0].when.region: write a dotted path"),
        ((*STEPS, 3, "repeat"), {"every": "1 hour"}, "complaint.steps[3].repeat.times: must be a whole number"),
        (STEPS, [], "complaint.steps: there is none"),
        (("ladders", "complaint", "entry"), {"minor": 1}, "complaint.entry: does not say where serious begins"),
        (("ladders", "complaint", "stalls_after"), None, "complaint.stalls_after: must be a span"),
        (("ladders", "complaint", "title"), "x", "complaint.title: must be a mapping with en, zh"),
        (("ladders", "complaint", "colour"), "red", "ladders.complaint: 'colour' is not known here"),
        (("triggers", "no_progress", "clock_breached"), "tea", "no_progress.clock_breached[0]: 'tea' is no clock"),
        (("triggers", "no_progress", "ladder"), "tall", "triggers.no_progress.ladder: 'tall' is no ladder"),
        (("triggers", "no_progress", "when_it_rains"), True, "no_progress: 'when_it_rains' is not known here"),
        (("triggers", "no_progress", "clock_breached"), None, "triggers.no_progress: never happens"),
        (("triggers", "no_progress", "facts"), "resolved", "triggers.no_progress: never happens"),
        (("triggers", "no_progress", "level"), 5, "triggers.no_progress.level: must be a whole number from 1 to 4"),
        (("triggers", "no_progress", "up"), 1, "triggers.no_progress: has a level and leads up"),
        (("triggers", "no_progress", "until"), ["tired"], "no_progress.until[0]: 'tired' is no fact"),
        (("triggers", "authority_warned", "mark"), 2, "authority_warned.mark: must be the fraction"),
        (("triggers", "objected", "facts"), ["cried"], "objected.facts[0]: 'cried' is no fact"),
        (("triggers", "objected", "what"), "tears", "objected.what: 'tears' is no thing that a fact can mean"),
        (("triggers", "no_progress", "what"), "objected", "no_progress.what: goes with facts only"),
        (("triggers", "help_asked", "asked"), "yes", "help_asked.asked: must be true"),
        (("triggers",), {}, "triggers: there is none"),
        (("alerts", "fire"), {"facts": "resolved"}, "alerts.fire: 'fire' is no kind of alert"),
        (("recurrence", "week", "threshold"), 1, "recurrence.week.threshold: must be a whole number from 2"),
        (("recurrence", "week", "window"), "3 working days", "recurrence.week.window: counts working time"),
        (("recurrence", "week", "severity"), None, "recurrence.week.severity: None is no severity"),
        (("fallback",), [], "fallback: is missing"),
        (("progress",), [], "progress: names no fact of a case"),
        (("version",), None, "version: is missing"),
        (("policy",), "Our Own", "policy: 'Our Own' is no name"),
    ],
)
def test_each_mistake_is_told_with_its_place(path, value, problem):
    data = changed(path, value)
    if problem is None:
        assert read_policy(data, "ours.yaml", KNOWN)
        return
    told = problems(data)
    assert any(f"{problem}" in each for each in told), told
    assert all(each.startswith("ours.yaml: ") for each in told)


def test_all_mistakes_come_at_once():
    data = changed((*STEPS, 1, "to"), ["king"])
    data["triggers"]["no_progress"]["ladder"] = "tall"
    data["fallback"] = ["queen"]
    assert len(problems(data)) == 3


@pytest.mark.parametrize(
    "data", [None, [], "x", 5, {"ladders": [1]}, {"triggers": {1: 2}, "ladders": {"a": {"steps": 3}}}]
)
def test_what_is_no_policy_at_all_is_refused(data):
    assert problems(data)


def test_a_file_is_refused_by_name(tmp_path):
    for content, why in ((b"\xff", "is not UTF-8"), (b"[", "is not YAML"), (b"a: 1\na: 2", "'a' is written twice")):
        path = tmp_path / "p.yaml"
        path.write_bytes(content)
        with pytest.raises(Misconfigured, match=why):
            load_policy(path)
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_policy(tmp_path / "none.yaml")


def test_an_organisation_in_which_nobody_could_be_reached_is_refused():
    clerk = Person(id="ann", name="Ann", roles=("clerk",), email="ann@firm.example")
    with pytest.raises(Misconfigured, match="nobody has any of the roles head, ops, supervisor"):
        rules_of(load_policy(), People([clerk]))


def test_a_person_whom_a_step_names_has_to_be_there():
    data = changed((*STEPS, 1, "to"), [{"person": "ann"}, {"person": "bob"}])
    ann = Person(id="ann", name="Ann", roles=("head",), email="ann@firm.example")
    with pytest.raises(Misconfigured) as caught:
        rules_of(read_policy(data, "ours.yaml", KNOWN), People([ann]))
    assert caught.value.problems == ["complaint.steps[1].to: no person of the people file has the id bob; name one"]
