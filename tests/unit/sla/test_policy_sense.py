"""A policy whose parts are right may be wrong as a whole: told with the clock, the field and the case that shows it."""

import copy

import pytest
import yaml

from services.sla.domain.policy_file import read_policy
from services.sla.storage.policy_files import BUILTIN
from shared.kernel.errors import Misconfigured

DATA = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
TITLE = {"title": {"zh": "钟", "en": "a clock"}, "source": "ours"}


def problems(data):
    with pytest.raises(Misconfigured) as caught:
        read_policy(data, "ours.yaml")
    return caught.value.problems


def with_clock(name, **clock):
    data = copy.deepcopy(DATA)
    data["clocks"][name] = TITLE | {"start": "received", "stop": "resolved", "limit": {"working_days": 3}} | clock
    return data


def changed(name, **fields):
    data = copy.deepcopy(DATA)
    data["clocks"][name].update(fields)
    return data


def without(*names):
    data = copy.deepcopy(DATA)
    for name in names:
        del data["clocks"][name]
    return data


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            with_clock("fast", start=["received", "reopened"], **{"for": {"kind": "dispute"}}),
            "clocks.fast: overlaps with resolution: both count from the same start to the same stop for kind dispute",
        ),
        (
            with_clock("fast", start=["received", "reopened"], valid={"from": "2026-01-01"}),
            "overlaps with resolution: both count from the same start to the same stop for received on 2026-01-01",
        ),
        (
            changed("opinion_unverified", **{"for": {"kind": "complaint", "repeat": False}}),
            "promise.opinion_by: opinion and opinion_unverified overlap for kind complaint, repeat false",
        ),
        (
            with_clock("x", start={"became": {"severity": "major"}}, **{"for": {"severity": "minor"}}),
            "clocks.x.start.became: no case of this clock is ever like this, so the clock never starts",
        ),
        (
            with_clock("x", start={"became": {"kind": list(DATA["clocks"]["revisit"]["for"]["kind"])}}, stop="replied"),
            None,
        ),
        (
            with_clock("x", start={"became": {"verifiable": [True, False]}}),
            "clocks.x.start.became: every case is like this from the beginning",
        ),
        (
            with_clock("x", start="handed_over", stop="received"),
            "clocks.x.stop: the clock never ends: a case is received",
        ),
        (
            with_clock("x", restart=["replied"], stop=["replied"]),
            "clocks.x.stop: the clock never ends: each of these facts also starts it anew",
        ),
        (
            with_clock(
                "x",
                stop="replied",
                limit=[{"when": {"kind": "repair"}, "working_days": 1}, {"working_days": 2}],
                **{"for": {"kind": "complaint"}},
            ),
            "clocks.x.limit[0]: no case of this clock comes to it",
        ),
        (
            with_clock(
                "x",
                stop="replied",
                limit=[
                    {"when": {"kind": ["repair", "dispute"]}, "working_days": 1},
                    {"when": {"kind": "repair"}, "working_days": 1},
                    {"working_days": 2},
                ],
            ),
            "clocks.x.limit[1]: no case of this clock comes to it",
        ),
    ],
)
def test_what_makes_no_sense(data, told):
    if told is None:
        read_policy(data, "ours.yaml")
    else:
        assert any(told in problem for problem in problems(data)), problems(data)


def test_two_clocks_for_two_times_do_not_overlap():
    data = with_clock("later", start=["received", "reopened"], valid={"from": "2027-01-01"})
    data["clocks"]["resolution"]["valid"] = {"until": "2026-12-31"}
    read_policy(data, "ours.yaml")


def test_an_open_state_without_a_clock():
    """Repairs have no clock but resolution and first_response; the first reply stops the latter."""
    assert problems(without("resolution")) == [
        "ours.yaml: clocks: no clock runs in the open state registered after received, replied (for example kind "
        "repair, repeat false, severity minor, verifiable true); let one start there, or go on until the case is "
        "resolved"
    ]


def test_nobody_looks_after_a_case_that_was_reopened():
    told = problems(changed("resolution", start=["received"]))
    assert "no clock runs in the open state investigating after received, withdrawn, reopened" in told[0]


def test_a_relay_of_clocks_covers_as_well_as_a_single_one():
    """What one clock ends another begins: no clock runs all the time, and yet one always runs."""
    data = without("resolution", "progress")
    relay = {"restart": [], "cancel": ["withdrawn", "closed"], "limit": {"working_days": 5}}
    until = {"start": ["received", "reopened"], "stop": ["opinion_given", "resolved"]}
    data["clocks"]["until_opinion"] = TITLE | relay | until
    data["clocks"]["from_opinion"] = TITLE | relay | {"start": ["opinion_given"], "stop": ["resolved"]}
    read_policy(data, "ours.yaml")
    data["clocks"]["from_opinion"]["for"] = {"severity": ["serious", "major", "critical"]}
    assert any("opinion_given" in each and "severity minor" in each for each in problems(data))


def test_a_clock_that_may_not_start_is_not_counted_on():
    data = changed("resolution", limit={"given": True})
    assert any("no clock runs in the open state" in each for each in problems(data))
    assert any("no clock runs" in each for each in problems(changed("resolution", keyed=True)))


def test_a_clock_valid_from_a_day_on_leaves_the_days_before():
    told = problems(changed("resolution", valid={"from": "2026-01-01"}))
    assert "registered after received, replied" in told[0]
    told = problems(changed("resolution", valid={"until": "2026-12-31"}))
    assert "received on 2027-01-01" in told[0]


@pytest.mark.parametrize("ends", [["waiting_started"], ["received"], ["reaction_recorded"]])
def test_a_pause_that_never_ends(ends):
    data = copy.deepcopy(DATA)
    data["waits"]["customer"]["ends"] = ends
    assert any("waits.customer.ends: the pause never ends" in each for each in problems(data))


def test_everything_is_told_at_once():
    data = with_clock("x", start="handed_over", stop="received")
    data["clocks"]["opinion"]["limit"] = {"working_days": 0}
    data["clocks"]["progress"]["stop"] = ["resolve"]
    data["clocks"]["fast"] = TITLE | {
        "start": ["received", "reopened"],
        "stop": "resolved",
        "limit": {"same_day": True},
    }
    assert len(problems(data)) == 4 + 1  # the notice is as `opinion`: its limit is told once for each
