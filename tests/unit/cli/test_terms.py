"""Every word that a page may show has its Chinese name."""

from dataclasses import replace

import yaml

from services.intake.domain import vocabulary
from services.intake.domain.handling.calling_back import reopen_for
from services.intake.domain.steps import TABLE
from services.intake.storage.policy_files import load_handbook
from services.sla.domain.stop_words import HAPPENINGS
from services.sla.storage.policy_files import BUILTIN
from shared.cli import terms
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, KINDS, SEVERITIES
from tests.unit.intake.builders import a_case


def test_states_facts_clocks_and_values_have_names():
    assert set(vocabulary.STATES) == set(terms.STATES)
    assert {step.fact for step in TABLE.values()} <= set(terms.FACTS)
    assert set(HAPPENINGS) <= set(terms.FACTS)
    values = terms.VALUES.keys()
    assert values >= {*KINDS, *CHANNELS, *CATEGORIES}
    assert values >= {*vocabulary.CAUSES, *SEVERITIES}


def test_why_a_call_back_reopens_a_case_has_a_name():
    discontent = {"satisfied": False, "score": 0, "demand_met": False}
    case = replace(a_case(), state=vocabulary.RESOLVED)
    for draft in reopen_for(case, discontent, load_handbook()):
        assert draft.detail.keys() <= terms.LABELS.keys()
        assert {*draft.detail["because"]} <= terms.VALUES.keys()


def test_clocks_are_named_as_the_built_in_policy_names_them():
    policy = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
    assert {name: clock["title"]["zh"] for name, clock in policy["clocks"].items()} == terms.CLOCKS


def test_english_shows_the_names_themselves():
    assert terms.term("opinion_given", "en", terms.STATES) == "opinion_given"
    assert terms.term("opinion_given", "zh", terms.STATES) == "已有处理意见"
    assert terms.term("no_such_word", "zh") == "no_such_word"
