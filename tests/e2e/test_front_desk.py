"""What happens behind the caller's back, through the whole suite: assignment and repeats (IN-19, IN-20)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Running

REGION = "harbour.quay"
RULES = """
assignment: harbour
staff:
  li.qiang: {capacity: 2}
rules:
  - name: harbour
    when: {region: harbour}
    to: {people: [li.qiang, north-desk]}
fallback: {people: [desk]}
"""


def registered(suite: Running, *more: str, subject: str = "Pump_leaks") -> str:
    words = f"case register --kind complaint --channel phone --subject {subject} --description It_drips."
    number: str = suite.told(*words.split(), "--region", REGION, *more)["case_no"]
    suite.done("clock", "forward", "1s")  # which waits until nothing is left to do
    return number


def shown(suite: Running, number: str) -> Any:
    return suite.told("case", "show", number)


@pytest.fixture(scope="module")
def rules(suite: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Rules for one region, in force while these tests run."""
    folder = tmp_path_factory.mktemp("rules")
    file, off = folder / "harbour.yaml", folder / "off.yaml"
    file.write_text(RULES)
    off.write_text("assignment: harbour-off\nrules: []\n")
    assert "No rules are loaded" in suite.done("assignment", "show")
    loaded = suite.done("assignment", "load", str(file), "--by", "clerk-lead")
    assert "harbour is in force as version 1: 1 rule." in loaded
    yield file
    assert "nothing is assigned" in suite.done("assignment", "load", str(off), "--by", "clerk-lead")


def test_a_case_is_assigned_with_its_reason_and_a_person_overrules(suite: Running, rules: Path) -> None:
    assert "version 1:" in suite.done("assignment", "load", str(rules), "--by", "clerk-lead"), "the same again"
    first, second = (registered(suite, "--phone", f"1390013900{digit}", subject=f"matter_{digit}") for digit in "12")
    told = shown(suite, first)
    assert (told["case"]["state"], told["case"]["owner"]) == ("handed_over", "li.qiang")
    clocks = {clock["clock"]: clock["state"] for clock in told["clocks"]}
    assert (clocks["handover"], clocks["opinion"]) == ("met", "running"), "clocks follow as if a person had done it"
    assert "by rule harbour: li.qiang has the fewest open cases" in suite.done("case", "show", first)
    assert shown(suite, second)["case"]["owner"] == "li.qiang", "who has capacity for two has the second too"
    suite.done("case", "step", second, "hand_over", "owner=east-desk", "--by", "aftersales-lead")
    suite.done("clock", "forward", "1m")
    suite.done("assignment", "run")
    assert shown(suite, second)["case"]["owner"] == "east-desk"
    explained = suite.done("assignment", "explain", second)
    assert "aftersales-lead: by hand" in explained
    assert "li.qiang    1 / 2" in explained


def test_a_second_call_about_the_same_machine_is_proposed_confirmed_and_escalates(suite: Running, rules: Path) -> None:
    assert rules.exists()
    first = registered(suite, "--phone", "13700137001", "--serial-no", "HL-77", subject="Pump_leaks")
    again = registered(suite, "--phone", "13700137002", "--serial-no", "hl 77", subject="Nobody_came")
    (found,) = suite.told("case", "repeats", "--case", again)["repeats"]
    assert (found["first_case"], found["state"]) == (first, "proposed")
    assert "serial_no" in suite.done("case", "repeats", "--region", "harbour")
    assert "seems to repeat" in suite.done("case", "show", again)
    suite.done("case", "confirm-repeat", again, "--by", "desk")
    suite.done("clock", "forward", "1s")
    told = shown(suite, again)
    assert told["case"]["repeat_of"] == first
    clocks = {clock["clock"]: clock["state"] for clock in told["clocks"]}
    assert {clocks[name] for name in ("opinion", "warning_notice")} == {"cancelled"}, "no limits of its own"
    assert "repeat_linked" in str(suite.told("escalation", "story", again)), "and it goes one step up"
    assert suite.told("case", "repeats", "--region", "harbour")["repeats"] == []
