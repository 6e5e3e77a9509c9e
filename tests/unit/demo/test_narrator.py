"""The time line: every event of the suite has a sentence in both languages."""

import re

import pytest

from shared.base.people import load_people
from shared.cli.demo.narrator import Narrator
from shared.cli.demo.words import read_words
from shared.events import CATALOGUE
from shared.kernel.instants import parse_instant

from .samples import DUE, NOW, heard, heard_as

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def narrator():
    return Narrator(load_people())


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_event_of_the_suite_has_a_sentence_in_both_languages(narrator, name):
    line = narrator.line(heard(name))
    assert name in read_words("phrases.yaml")["events"]
    assert line.text.en
    assert not CHINESE.search(line.text.en.replace("市场监管", ""))
    assert CHINESE.search(line.text.zh)
    assert not re.search(r"[{}]|None", line.text.en + line.text.zh)


def test_no_sentence_is_about_an_event_that_there_is_not():
    names = {name.partition("/")[0] for name in read_words("phrases.yaml")["events"]}
    assert names == set(CATALOGUE)


@pytest.mark.parametrize(
    ("name", "changes", "en", "zh"),
    [
        (
            "case.registered.v1",
            {},
            "registered: complaint, serious, by hotline, Foshan",
            "登记：佛山，热线，投诉，严重",
        ),
        ("case.handed_over.v1", {}, "handed over to south-desk", "移交给华南区域售后"),
        (
            "clock.started.v1",
            {"clock": {"clock": "first_response"}},
            "promised: the customer has an answer by Tue 13 Oct 09:10",
            "承诺：10月13日周二 09:10前答复客户",
        ),
        (
            "clock.warned.v1",
            {},
            "warned: 80% of the limit for opinion is used, due Tue 13 Oct 09:10",
            "预警：处理意见时限已用80%，期限10月13日周二 09:10",
        ),
        ("clock.stopped.v1", {"clock": {"state": "met"}}, "kept: opinion (due Tue 13 Oct 09:10)", None),
        ("clock.stopped.v1", {"clock": {"state": "late"}}, "done late: opinion (was due Tue 13 Oct 09:10)", None),
        ("escalation.raised.v1", {}, "escalation, level 3: a limit is broken (opinion)", None),
        (
            "escalation.step_reached.v1",
            {},
            "escalated to sales-vp (level 3, step 3)",
            "上报营销副总（第3级，第3步）",
        ),
        ("escalation.acknowledged.v1", {}, "acknowledged by general-manager", "总经理已确认接手"),
        ("team.formed.v1", {}, "team formed: sales-vp leads, with desk, south-desk", None),
        ("alert.raised.v1", {}, "alert to the teams of Foshan: a limit is broken", "预警通报至佛山各团队：逾期"),
        ("message.delivered.v1", {"message": {"channel": "email"}}, "told south-desk by e-mail: receipt", None),
        (
            "message.sent.v1",
            {"message": {"audience": "customer", "person": None}},
            "told the customer by SMS: receipt",
            None,
        ),
        (
            "order.overdue.v1",
            {},
            "OVERDUE: quarterly upkeep was due Tue 13 Oct",
            "超期未做：季度保养，期限10月13日周二",
        ),
        ("defect.found.v1", {}, "failed item: motors tested; a repair case is opened", None),
    ],
)
def test_a_sentence_says_what_happened(narrator, name, changes, en, zh):
    line = narrator.line(heard(name, **changes))
    assert line.text.en == en
    assert zh is None or line.text.zh == zh


def test_a_breach_happened_when_the_clock_was_due_whenever_it_was_said(narrator):
    assert narrator.line(heard("clock.breached.v1")).at == parse_instant(DUE)
    assert narrator.line(heard("clock.warned.v1")).at == NOW


def test_an_event_that_nobody_knows_yet_is_named_as_it_is(narrator):
    line = narrator.line(heard_as("case.dreamed_of.v1", {}))
    assert (line.text.en, line.aside) == ("case.dreamed_of.v1", True)


def test_words_that_nobody_wrote_down_stand_for_themselves(narrator):
    line = narrator.line(heard("clock.breached.v1", clock={"clock": "own_limit"}))
    assert line.text.en.startswith("BREACHED: own limit")
