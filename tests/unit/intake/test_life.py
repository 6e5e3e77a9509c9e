"""The life of a case as a state machine: whatever is done, its facts alone give the same case again (IN-2, IN-7)."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.intake.domain.facts import Entry
from services.intake.domain.handling.form import ORDERS
from services.intake.domain.handling.gate import missing_to_close
from services.intake.domain.registration import Authority, register
from services.intake.domain.replay import replay
from services.intake.domain.steps import TABLE, legal_steps
from services.intake.domain.take import Taken, take
from services.intake.domain.threads import APPOINTMENT, IMPROVEMENT, PROMISE
from services.intake.domain.vocabulary import STATES
from services.intake.domain.wire import CN, fact_as_wire, fact_from_wire, plain
from services.intake.storage.policy_files import load_handbook
from services.intake.storage.rows import case_of, case_row
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.vocabulary import KINDS, SEVERITIES
from tests.unit.intake.builders import FIELDS, LATER, NOW, NUMBER, a_registration, asked

BOOK = load_handbook()
DEPARTMENTS = ("quality", "production")
NAMED = {"keep_promise": (PROMISE, "promise_id"), "check_effect": (IMPROVEMENT, "improvement_id")}
NAMED["follow_up"] = NAMED["check_effect"]


class LifeOfACase(RuleBasedStateMachine):
    """Takes any step at any time."""

    @initialize(kind=st.sampled_from(KINDS), severity=st.sampled_from(SEVERITIES), authority=st.booleans())
    def register(self, kind: str, severity: str, authority: bool) -> None:
        notice = Authority("consumer association", None, LATER) if authority else None
        taken = register(NUMBER, a_registration(kind=kind, severity=severity, authority=notice), NOW)
        self.entries: list[Entry] = []
        self.stored: list[Entry] = []
        self.keep(taken)

    @rule(pick=st.integers(0, 60), passed=st.booleans(), minutes=st.integers(0, 20))
    def do_what_is_legal(self, pick: int, passed: bool, minutes: int) -> None:
        legal = legal_steps(self.case, BOOK)
        self.do(legal[pick % len(legal)], pick % 4, passed, minutes)

    @rule(step=st.sampled_from(sorted(TABLE)), pick=st.integers(0, 3), passed=st.booleans())
    def do_anything(self, step: str, pick: int, passed: bool) -> None:
        if step in legal_steps(self.case, BOOK):
            self.do(step, pick, passed, 0)
            return
        with pytest.raises((Conflict, NotFound)) as refused:
            self.attempt(step, pick, passed, 0)
        if isinstance(refused.value, Conflict):
            assert refused.value.detail["state"] == self.case.state

    def do(self, step: str, pick: int, passed: bool, minutes: int) -> None:
        """Take the step; only what its own fields say may still be refused."""
        try:
            taken = self.attempt(step, pick, passed, minutes)
        except (Conflict, NotFound):
            return
        except Invalid as error:
            wrong = list(error.detail)
        else:
            self.keep(taken)
            return
        assert wrong == ["at"]
        assert minutes, "now is never too early"

    def keep(self, taken: Taken) -> None:
        self.case = taken.case
        self.entries += taken.entries
        self.stored += map(from_store, taken.entries)

    def attempt(self, step: str, pick: int, passed: bool, minutes: int) -> Taken:
        now = NOW + timedelta(minutes=len(self.entries))
        fields = self.fields(step, pick, passed)
        return take(self.case, asked(step, fields=fields, at=now - timedelta(minutes=minutes)), now, BOOK)

    def fields(self, step: str, pick: int, passed: bool) -> dict[str, Any]:
        """The fields that depend on the case, or that are worth varying."""
        if step in NAMED:
            kind, field = NAMED[step]
            return self.one_of(field, self.case.threads.open(kind), pick)
        if step in ("make_appointment", "arrive"):
            field = "replaces" if step == "make_appointment" else "appointment_id"
            return self.one_of(field, self.case.threads.open(APPOINTMENT) if passed else [], pick)
        if step.endswith("_compensation") and step != "propose_compensation":
            return self.one_of("compensation_id", list(self.case.handling.compensation.all), pick)
        varied: dict[str, dict[str, Any]] = {
            "check": {"passed": passed},
            "revisit": {"satisfied": passed, "demand_met": pick != 0},
            "approve": {"department": DEPARTMENTS[pick % 2]},
            "reject": {"department": DEPARTMENTS[pick % 2]},
            "name_approvers": {"order": ORDERS[pick % 2]},
            "agree_plan": {"subject_to_approval": passed},
            "raise_severity": {"severity": SEVERITIES[pick]},
            "involve_authority": {"reference": f"R-{pick}"},
            "reply_to_authority": {"reference": f"R-{pick}"},
            "improve": {"due_at": NOW + timedelta(days=100)},
            "promise": {"due_at": NOW + timedelta(days=100)},
            "give_finding": {"department": DEPARTMENTS[pick % 2]},
            "excuse_department": {"department": DEPARTMENTS[pick % 2]},
        }
        return varied.get(step, FIELDS[step])

    def one_of(self, field: str, keys: list[str], pick: int) -> dict[str, Any]:
        return {field: keys[pick % len(keys)]} if keys else {}

    @invariant()
    def nothing_serious_closes_before_its_time(self) -> None:
        if self.case.state == "closed" and self.entries[-1].fact.name == "closed":
            assert missing_to_close(self.case, BOOK) == []

    @invariant()
    def no_illegal_state(self) -> None:
        assert self.case.state in STATES
        assert not self.case.waiting or self.case.is_open

    @invariant()
    def waiting_is_what_the_instants_say(self) -> None:
        spoken = [each.fact for each in self.entries if each.fact.name.startswith("waiting_")]
        last = max(spoken, key=lambda fact: (fact.at, fact.seq), default=None)
        assert self.case.waiting == (last is not None and last.name == "waiting_started")

    @invariant()
    def seqs_count_up(self) -> None:
        assert [entry.fact.seq for entry in self.entries] == list(range(1, len(self.entries) + 1))

    @invariant()
    def replay_gives_the_same_case(self) -> None:
        assert replace(replay(NUMBER, self.entries), version=self.case.version) == self.case

    @invariant()
    def so_does_replay_of_what_is_stored(self) -> None:
        assert replace(replay(NUMBER, self.stored), version=self.case.version) == self.case
        assert case_of(case_row(self.case)) == self.case


def from_store(entry: Entry) -> Entry:
    """The entry after a way through the database."""
    wire = json.loads(json.dumps(fact_as_wire(entry.fact, CN)))
    return Entry(fact_from_wire(wire), json.loads(json.dumps(plain(entry.detail, CN))))


LifeOfACase.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLifeOfACase = LifeOfACase.TestCase
