"""A policy is data: a clock more needs no code; every mistake is told with file, clock, field and remedy."""

import copy

import pytest
import yaml

from services.sla.domain.calendars import Calendars
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.policy_file import read_policy
from services.sla.storage.policy_files import BUILTIN, load_policy
from shared.kernel.errors import Misconfigured
from tests.unit.sla.cases import CN, a_case, at, wall

DATA = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
SMALL = {
    "policy": "ours",
    "version": 3,
    "warn": [0.9],
    "promise": {"reply_by": "callback", "handed_over_by": "callback", "opinion_by": []},
    "waits": {},
    "clocks": {
        "callback": {
            "title": {"zh": "回电", "en": "call back"},
            "source": "ours",
            "for": [{"channel": "phone", "region": "south"}, {"severity": ["major"]}],
            "start": "received",
            "stop": "replied",
            "limit": {"working_hours": 0.5},
        },
        "resolution": {
            "title": {"zh": "办结", "en": "resolution"},
            "source": "ours",
            "start": ["received", "reopened"],
            "stop": "resolved",
            "cancel": ["withdrawn", "closed"],
            "limit": {"working_days": 10},
        },
    },
}


def changed(path, value):
    data = copy.deepcopy(SMALL)
    place = data
    *above, last = path.split(".")
    for name in above:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


def problems(data):
    with pytest.raises(Misconfigured) as caught:
        read_policy(data, "ours.yaml")
    return caught.value.problems


def test_the_builtin_policy_has_its_sources():
    policy = load_policy()
    assert policy.label == "builtin-1"
    assert all(rule.source and rule.title.zh for rule in policy.clocks.values())
    assert {name for name, rule in policy.clocks.items() if rule.waits} == {
        "opinion",
        "opinion_unverified",
        "warning_notice",
        "progress",
        "resolution",
    }
    ours = {"progress", "major_report", "team_formed", "team_report", "authority_reply", "resolution", "revisit"}
    assert {name for name, rule in policy.clocks.items() if rule.ours} == ours


def test_a_clock_of_ones_own():
    rules = [Publication(read_policy(SMALL, "ours.yaml"), Calendars(CN))]
    now = at("2026-10-12 10:00")

    def callbacks(case):
        return [clock for clock in clocks(case.facts, rules, now) if clock.name == "callback"]

    (clock,) = callbacks(a_case("2026-10-12 10:00", region="south.foshan"))
    assert (clock.name, wall(clock.due_at), clock.policy_version) == ("callback", "2026-10-12 10:30", "ours-3")
    assert callbacks(a_case("2026-10-12 10:00", region="southern")) == []
    assert callbacks(a_case("2026-10-12 10:00", region="north", severity="major")) != []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("clocks.callback.start", None, "clocks.callback.start: must be a mapping with became, facts, once"),
        ("clocks.callback.start", [], "clocks.callback.start: the clock never starts; name at least one fact"),
        (
            "clocks.callback.start",
            ["recieved"],
            "clocks.callback.start[0]: 'recieved' is no fact of a case; use one of",
        ),
        ("clocks.callback.start", {"facts": "received", "became": {"kind": "repair"}}, "give either facts or `became`"),
        ("clocks.callback.start", {"once": True, "became": {"kind": "repair"}}, "`once` goes with `facts` only"),
        ("clocks.callback.stop", None, "clocks.callback.stop: the clock can never be met"),
        ("clocks.callback.stop", {"fact": "replied", "has": "text"}, "'text' is nothing that a fact carries"),
        ("clocks.callback.limit", None, "clocks.callback.limit[0]: the clock never ends"),
        ("clocks.callback.limit", [], "some cases have no limit; give a last one without `when`"),
        ("clocks.callback.limit", {}, "clocks.callback.limit[0]: the clock never ends; give exactly one of"),
        ("clocks.callback.limit", {"working_days": 1, "elapsed_hours": 2}, "give exactly one of elapsed_hours"),
        (
            "clocks.callback.limit",
            {"working_days": 1.5},
            "at most 25000 (a hundred years), of whole",
        ),
        ("clocks.callback.limit", {"elapsed_hours": -1}, "must be a number above 0"),
        (
            "clocks.callback.limit",
            {"elapsed_hours": 0},
            ".limit[0].elapsed_hours: must be a number above",
        ),
        ("clocks.callback.limit", {"elapsed_hours": 876_601}, "at most 876600 (a hundred years)"),
        ("clocks.callback.limit", {"working_hours": 200_001}, "at most 200000 (a hundred years)"),
        ("clocks.callback.limit", {"same_day": 1.5}, "clocks.callback.limit[0].same_day: must be true"),
        ("clocks.callback.limit", {"given": True, "otherwise": {"given": True}}, "must be a limit of its own"),
        ("clocks.callback.limit", {"working_days": 1, "otherwise": {"given": True}}, "goes with `given` only"),
        ("clocks.callback.limit", [{"when": {"kind": "repair"}, "working_days": 1}], "some cases have no limit"),
        ("clocks.callback.limit", [{"working_days": 1}, {"working_days": 2}], "is never reached"),
        ("clocks.callback.for", {"sevirity": "major"}, "'sevirity' is not known here; use category, channel, kind"),
        ("clocks.callback.for", {}, "clocks.callback.for[0]: asks for nothing"),
        ("clocks.callback.for", {"region": "South China"}, "write a dotted path"),
        ("clocks.callback.for", {"kind": 3}, "must be a value or a list of values"),
        ("clocks.callback.pauses", ["customer"], "'customer' is no wait of this file"),
        ("clocks.callback.warn", [0.8, 0.5], "clocks.callback.warn: the fractions must ascend"),
        ("clocks.callback.warn", [0.5, 0.5], "the fractions must ascend, each once"),
        ("clocks.callback.warn", [1], "clocks.callback.warn[0]: 1 is not before the end of the limit"),
        ("clocks.callback.warn", [0.5, 1.5], "clocks.callback.warn[1]: 1.5 is not before the end of the limit"),
        ("clocks.callback.warn", [-0.1], "is not after the start of the limit"),
        ("clocks.callback.warn", ["half"], "'half' is no warning; write a fraction like 0.8, or {left: 2h}"),
        ("clocks.callback.warn", [0.33333], "is finer than thousandths; round it to 0.333"),
        ("clocks.callback.warn", [n / 20 for n in range(1, 12)], "warns 11 times; at most 10"),
        ("clocks.callback.warn", [{"left": "1 day"}], "clocks.callback.warn[0].left: must be whole minutes or hours"),
        ("clocks.callback.warn", [{"left": "90s"}], "must be whole minutes or hours"),
        ("clocks.callback.warn", [{"left": 2}], "must be whole minutes or hours"),
        ("clocks.callback.warn", [{"before": "2h"}], "'before' is not known here; use left"),
        ("clocks.callback.warn", [{"left": "10m"}, {"left": "10m"}], "warns twice at the same time left"),
        ("clocks.callback.warn", [{"left": "30m"}], "30 minutes left is not after the start of the limit"),
        ("clocks.callback.valid", {}, "clocks.callback.valid: says no day"),
        ("clocks.callback.valid", {"from": "soon"}, "clocks.callback.valid.from: 'soon' is no date; write 2026-10-01"),
        ("clocks.callback.valid", {"till": "2026-10-01"}, "'till' is not known here; use from, until"),
        ("clocks.callback.valid", {"from": "2026-10-02", "until": "2026-10-01"}, "before it begins on 2026-10-02"),
        ("clocks.callback.for", {"kind": "complaints"}, "'complaints' is no kind; use accident, complaint"),
        ("clocks.callback.for", {"severity": "worst"}, "'worst' is no severity; use critical, major"),
        ("clocks.callback.for", {"channel": "fax"}, "'fax' is no channel"),
        ("clocks.callback.for", {"category": "noise"}, "'noise' is no category"),
        ("clocks.callback.for", {"verifiable": "yes"}, "'yes' is no verifiable; use false, true"),
        ("clocks.Call Back", {"title": {"zh": "a", "en": "b"}}, "'Call Back' is no name"),
        ("policy", "x" * 41, "is no name; write at most 40"),
        ("clocks.callback.keyed", "yes", "clocks.callback.keyed: must be true or false"),
        ("clocks.callback.title", {"zh": "回电"}, "clocks.callback.title.en: must be text"),
        ("clocks.callback.source", None, "clocks.callback.source: must be text"),
        ("clocks.callback.limits", {}, "'limits' is not known here"),
        ("clocks.callback.variants", [{"same_as": "nobody"}], "must name a clock of this file"),
        ("clocks", {}, "clocks: there is none; write at least one"),
        ("clocks", [], "clocks: there is none; write at least one"),
        ("version", None, "version: is missing"),
        ("promise.reply_by", "nobody", "'nobody' is no clock of this file"),
        ("waits", {"x": {"title": {"zh": "a", "en": "b"}, "begins": [], "ends": []}}, "a wait must begin and end"),
        ("polic", "x", "'polic' is not known here; use clocks, policy"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(path, value, told):
    assert any(problem.startswith("ours.yaml: ") and told in problem for problem in problems(changed(path, value)))


def test_all_mistakes_are_told_at_once():
    data = changed("clocks.callback.start", ["x"])
    data["clocks"]["callback"]["stop"] = ["y"]
    data["version"] = ""
    assert len(problems(data)) == 3


@pytest.mark.parametrize("data", [None, [], "text", 3, {}])
def test_what_is_no_policy_at_all(data):
    assert problems(data)


def test_a_file_that_is_missing_or_no_yaml(tmp_path):
    file = tmp_path / "mine.yaml"
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_policy(file)
    file.write_text("clocks: [")
    with pytest.raises(Misconfigured, match="is not YAML"):
        load_policy(file)
    file.write_text("policy: a\npolicy: b\n")
    with pytest.raises(Misconfigured, match="'policy' is written twice; keep one"):
        load_policy(file)
    file.write_bytes(b"policy: \xff")
    with pytest.raises(Misconfigured, match="is not UTF-8"):
        load_policy(file)
