"""A major case at night through the whole suite: who is told, what they do, what comes back to the case (ES-4)."""

from tests.e2e.conftest import Running
from tests.support.waiting import wait_for

ACCIDENT = (
    "case register --kind accident --channel phone --phone 13812345678 --name 王芳 --region south.guangdong "
    "--severity major --subject Collapse --description Nobody_was_hurt."
).split()


def facts(suite: Running, number: str) -> list[str]:
    return [fact["fact"] for fact in suite.told("case", "show", number)["case"]["facts"]]


def story(suite: Running, number: str) -> list[str]:
    answered = suite.aftercare("escalation", "story", number)
    return answered.stdout.splitlines() if answered.returncode == 0 else []


def test_a_major_case_is_told_acknowledged_and_gets_its_team(suite: Running) -> None:
    number = suite.told(*ACCIDENT)["case_no"]
    wait_for(lambda: any("told 营销副总, 总经理" in line for line in story(suite, number)), "the step")
    suite.done("escalation", "ack", number, "--by", "sales-vp")
    suite.done("escalation", "ack", number, "--by", "general-manager")
    suite.done(
        *("escalation", "team", number, "--leader", "sales-vp", "--members", "desk,li.qiang", "--by", "sales-vp"),
        *("--visit-at", "2026-12-01T09:00:00+08:00"),
    )
    wait_for(lambda: {"head_acknowledged", "team_formed"} <= set(facts(suite, number)), "the facts")
    assert facts(suite, number).count("head_acknowledged") == 1
    suite.done("clock", "forward", "1s")
    clocks = {clock["clock"]: clock["state"] for clock in suite.told("case", "show", number)["clocks"]}
    assert (clocks["major_report"], clocks["team_formed"], clocks["team_report"]) == ("met", "met", "running")
    told = suite.told("escalation", "story", number)
    assert told["team"]["members"] == ["desk", "li.qiang"]
    assert [each["ladder"] for each in told["escalations"]] == ["major"]
    assert "重大情况升级" in suite.done("escalation", "story", number, "--lang", "zh")
