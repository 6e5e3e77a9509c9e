"""Two people on one case, in turn and at the same moment: the life of a case on real databases (IN-7, IN-2).

The contract's table says what may come of a step; who looked too long ago is told so; the facts on file always give the
same case again.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.intake.domain.replay import replay
from services.intake.domain.threads import IMPROVEMENT, PROMISE
from services.intake.storage.repository import CaseFile, Kept
from shared.kernel.errors import Conflict, NotFound, Refused
from shared.kernel.instants import format_instant
from shared.kernel.vocabulary import KINDS, SEVERITIES
from tests.integration.intake.office import Office
from tests.unit.intake.builders import FIELDS
from tests.unit.intake.test_step_table import CONTRACT, goal

Answer = dict[str, Any]
Outcome = Answer | Refused

PEOPLE = ("li.qiang", "zhang.min")
NAMED = {"keep_promise": (PROMISE, "promise_id"), "check_effect": (IMPROVEMENT, "improvement_id")}
BACK_TO_WORK = "investigating"
person = st.sampled_from(PEOPLE)
step = st.sampled_from(sorted(CONTRACT))
pick = st.integers(0, 3)


class TwoPeople(RuleBasedStateMachine):
    """Each acts on what they saw last."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office

        self.first = office.case_no()

    @initialize(kind=st.sampled_from(KINDS), severity=st.sampled_from(SEVERITIES))
    def register(self, kind: str, severity: str) -> None:
        self.kind = kind
        self.case_no = self.office.case_no(kind=kind, severity=severity)
        self.seen = dict.fromkeys(PEOPLE, 1)

    @rule(who=person)
    def look(self, who: str) -> None:
        self.seen[who] = self.kept().case.version

    @rule(who=person, step=step, pick=pick)
    def act(self, who: str, step: str, pick: int) -> None:
        before = self.kept()
        expected = self.seen[who]
        outcome = self.attempt(who, step, pick, before)
        if expected != before.case.version:
            assert isinstance(outcome, Conflict)
            assert outcome.detail["version"] == before.case.version
        self.judge(step, before, outcome)
        if not isinstance(outcome, Refused):
            self.seen[who] = outcome["version"]

    @rule(pick=st.integers(0, 60))
    def go_on(self, pick: int) -> None:
        """Take a step that the case names as legal, so that cases come to their end too."""
        legal = self.legal()
        self.look(PEOPLE[0])
        self.act(PEOPLE[0], legal[pick % len(legal)], pick)

    @rule(steps=st.tuples(step, step), picks=st.tuples(pick, pick))
    def act_at_once(self, steps: tuple[str, str], picks: tuple[int, int]) -> None:
        for who in PEOPLE:
            self.look(who)
        before = self.kept()
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(self.attempt, PEOPLE, steps, picks, [before, before]))
        done = [each for each in outcomes if not isinstance(each, Refused)]
        assert len(done) <= 1, "both saw the same version; one of them acts on an old one"
        assert self.kept().case.version == before.case.version + len(done)
        if not done:
            for taken, outcome in zip(steps, outcomes, strict=True):
                self.judge(taken, before, outcome)

    def attempt(self, who: str, step: str, pick: int, before: Kept) -> Outcome:
        """The answer, or the refusal."""
        fields = {**FIELDS[step], **self.fields(step, pick, before)}
        try:
            return self.office.step(self.case_no, step, by=who, expected_version=self.seen[who], **written(fields))
        except Refused as refusal:
            return refusal

    def judge(self, step: str, before: Kept, outcome: Outcome) -> None:
        """Compare what came of a step with the contract's table."""
        to = goal(step, self.kind, before.case.state)
        if isinstance(outcome, Refused):
            assert self.kept().case == before.case, "nothing half done"
            if isinstance(outcome, Conflict) and "legal" in outcome.detail and step != "raise_severity":
                assert outcome.detail["legal"] == self.legal()
            if to is None:
                assert isinstance(outcome, Conflict | NotFound)
            return
        assert to is not None, f"{step} is illegal while a case is {before.case.state}"
        assert outcome["state"] in self.ends(step, before, to)
        assert outcome["version"] == before.case.version + 1

    def ends(self, step: str, before: Kept, to: str) -> Sequence[str]:
        """Where a step may lead: a check that fails stays, a revisit of somebody who is not content reopens."""
        return (to, before.case.state) if step == "check" else (to, BACK_TO_WORK) if step == "revisit" else (to,)

    def legal(self) -> list[str]:
        """The legal steps, as a refusal names them."""
        try:
            self.office.step(self.case_no, "record_progress", text="…", expected_version=0)
        except Conflict as refusal:
            named: list[str] = refusal.detail["legal"]
            return named
        raise AssertionError("version 0 was never seen")

    def fields(self, step: str, pick: int, before: Kept) -> Answer:
        """The fields that depend on the case, or that are worth varying."""
        later = self.office.clock.now() + timedelta(days=30)
        if step in NAMED:
            kind, name = NAMED[step]
            keys = before.case.threads.open(kind)
            return {name: keys[pick % len(keys)]} if keys else {}
        paid = list(before.case.handling.compensation.all) or ["c1"]
        varied: dict[str, Answer] = {
            "approve": {"department": ("quality", "production")[pick % 2]},
            "agree_plan": {"subject_to_approval": pick % 2 == 0},
            "approve_compensation": {"compensation_id": paid[pick % len(paid)]},
            "refuse_compensation": {"compensation_id": paid[pick % len(paid)]},
            "pay_compensation": {"compensation_id": paid[pick % len(paid)]},
            "link_repeat": {"repeat_of": self.first},
            "check": {"passed": pick % 2 == 0},
            "revisit": {"satisfied": pick % 2 == 0},
            "raise_severity": {"severity": SEVERITIES[pick % 4]},
            "involve_authority": {"reference": f"R-{pick % 4}"},
            "reply_to_authority": {"reference": f"R-{pick % 4}"},
            "make_appointment": {"visit_at": later},
            "improve": {"due_at": later},
            "promise": {"due_at": later},
        }
        return varied.get(step, {})

    def kept(self) -> Kept:
        with self.office.database.read() as connection:
            kept = CaseFile(connection).find(self.case_no)
        assert kept is not None
        return kept

    @invariant()
    def what_is_on_file_gives_the_same_case(self) -> None:
        with self.office.database.read() as connection:
            file = CaseFile(connection)
            kept = file.find(self.case_no)
            assert kept is not None
            entries = [entry for entry, _version in file.history(kept)]
        again = replay(self.case_no, entries)
        assert replace(again, version=kept.case.version, customer_id=kept.case.customer_id) == kept.case
        assert [entry.fact.seq for entry in entries] == list(range(1, kept.case.last_seq + 1))


def written(fields: Answer) -> Answer:
    """The fields as a caller sends them."""
    return {name: format_instant(value) if hasattr(value, "tzinfo") else value for name, value in fields.items()}


def test_two_people_on_one_case(office: Office) -> None:
    class Here(TwoPeople):
        def __init__(self) -> None:
            super().__init__(office)

    run_state_machine_as_test(Here, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
