"""One row of the table through one case: which runs there are, fact by fact and edition by edition."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tests.oracle.editions import FROM_NOW, KEEP, RECOMPUTE, Edition
from tests.oracle.minutes import Minutes, instant_of
from tests.oracle.run import Run
from tests.oracle.table import GIVEN, GRAVE, HANDLING, REPLY_WITH_PLAN, START, Happened, Limit, Row

Case = Mapping[str, Any]


class Course:
    """One row of the table; `edition` is the newest, each run has the one that it lives by."""

    def __init__(self, row: Row, edition: Edition, facts: Sequence[Happened], known: Sequence[Case]) -> None:
        self.row, self.edition, self.facts, self.known = row, edition, facts, known
        self.runs: list[Run] = []
        self.waiting = False

    def take(self, index: int) -> None:
        """What a fact does: the case is another one, then waits, ends, starts."""
        fact, case, before = self.facts[index], self.known[index], self.known[index - 1] if index else START
        for edition in {
            id(run.edition): run.edition for run in self.open() if run.edition is not self.edition
        }.values():
            self._change(edition, index, case, before)
        self._change(self.edition, index, case, before)
        self.waiting = _waits(self.waiting, fact)
        self._wait(fact)
        self._end(fact)
        stopped = self._stop(fact)
        begins = stopped if fact.name in self.row.restarts else self._starts(index, case, before)
        if begins and self._wanted(self.edition, case):
            self._begin(index, case)

    def publish(self, edition: Edition, index: int, *, is_open: bool) -> None:
        """Other rules, before the fact of this index."""
        old, self.edition = self.edition, edition
        if edition.running == KEEP or not is_open:
            return
        case = self.known[index - 1]
        own = {id(run.edition): edition for run in self.open()}
        if edition.rules is old.rules:  # calendars alone: what is kept lives on by its own rules
            for run in self.open():
                if run.edition.rules is not edition.rules:
                    own[id(run.edition)] = replace(edition, rules=run.edition.rules)
        for run in self.open():
            self._go_by(run, own[id(run.edition)], index, case)
        if edition.running == RECOMPUTE and self._wanted(edition, case) and not self._wanted(old, case):
            self._begin_as_if_always(index, case)

    def _go_by(self, run: Run, edition: Edition, index: int, case: Case) -> None:
        if not self._wanted(edition, case):
            run.let_go(edition.at)
            return
        limit, calendar = self._limit(edition, case, run.start.due), self._calendar(edition, case)
        if limit is None or run.overrun_by(edition.at):
            return
        if edition.running == FROM_NOW:
            run.go_on_by(limit, calendar, edition)
            self._wait_one(run, edition.at, waiting=self.waiting)
        else:
            run.count_anew(limit, calendar, edition)
            self._judge_anew(run, index)

    def open(self) -> list[Run]:
        return [run for run in self.runs if run.end is None]

    def _judge_anew(self, run: Run, index: int) -> None:
        """The waits since its start, as these rules take them."""
        run.pauses, run.paused_since = [], None
        begun = self.facts.index(run.start)
        waiting = False
        for number, fact in enumerate(self.facts[:index]):
            waiting = _waits(waiting, fact)
            if number == begun and waiting and self.row.name in run.edition.rules.waiting:
                run.wait(fact.at)
            elif number > begun:
                self._wait_one(run, fact.at, waiting=waiting)

    def _begin_as_if_always(self, index: int, case: Case) -> None:
        """What would have begun had these rules always been there, and is open still."""
        known = self.known[:index] if "became grave" in self.row.starts else [case] * index
        other = Course(self.row, self.edition, self.facts[:index], known)
        for step in range(index):
            other.take(step)
        verdicts = {(run.key, run.start.seq) for run in self.runs if run.state != "cancelled"}
        self.runs += [run for run in other.open() if (run.key, run.start.seq) not in verdicts]

    def _wanted(self, edition: Edition, case: Case) -> bool:
        row = self.row
        return (
            row.name not in edition.rules.gone
            and self._is_valid(edition, case)
            and (row.kinds is None or case["kind"] in row.kinds)
            and (not row.grave or case["severity"] in GRAVE)
            and not (row.firsts_only and case["repeat"])
            and row.verifiable in (None, case["verifiable"])
        )

    def _is_valid(self, edition: Edition, case: Case) -> bool:
        """By the day that the wall of its calendar showed when it was received."""
        first, last = edition.rules.valid.get(self.row.name, (date.min, date.max))
        received = instant_of(self.facts[0].at).astimezone(self._calendar(edition, case).zone).date()
        return first <= received <= last

    def _started_by(self, case: Case) -> tuple[frozenset[str], bool]:
        if self.row.name != "warning_notice":
            return self.row.starts, self.row.once
        return (frozenset({"handed_over"}), True) if case["verifiable"] else (frozenset({"received"}), False)

    def _limit(self, edition: Edition, case: Case, given: int | None) -> Limit | None:
        limits, name = edition.rules.limits, self.row.name
        if name == "progress" and (case["kind"] == "accident" or case["severity"] in GRAVE):
            return limits["progress_grave"]
        if name == "warning_notice":
            return limits["opinion" if case["verifiable"] else "opinion_unverified"]
        if self.row.keyed and given is not None:
            return GIVEN
        return limits.get(name)

    @staticmethod
    def _calendar(edition: Edition, case: Case) -> Minutes:
        return edition.calendar(case["region"])

    def _change(self, edition: Edition, index: int, case: Case, before: Case) -> None:
        """The clocks are those there would have been had the case always been so; verdicts stay (SL-6).

        Those that an older edition left behind live by it to their end.
        """
        at = self.facts[index].at
        mine = [run for run in self.open() if run.edition is edition]
        if not self._wanted(edition, case):
            self.runs = [run for run in self.runs if run not in mine or run.start.at != at]
            for run in mine:
                run.let_go(at)
        elif edition is self.edition and (not self._wanted(edition, before) or not index):
            self._as_if_always(edition, index, case)
        elif self._started_by(case) != self._started_by(before):
            self._keep_verdicts(mine, at)
            self._as_if_always(edition, index, case)
        else:
            for run in mine:
                limit, calendar = self._limit(edition, case, run.start.due), self._calendar(edition, case)
                if limit is not None and not run.overrun_by(at) and (limit, calendar) != (run.limit, run.calendar):
                    run.count_anew(limit, calendar, edition)

    def _keep_verdicts(self, mine: Sequence[Run], at: int) -> None:
        for run in mine:
            if run.overrun_by(at):
                run.let_go(at)
        self.runs = [run for run in self.runs if run not in mine or run.end is not None]

    def _as_if_always(self, edition: Edition, index: int, case: Case) -> None:
        if not index or "became grave" in self.row.starts:
            return
        other = Course(self.row, edition, self.facts[:index], [case] * index)
        for step in range(index):
            other.take(step)
        verdicts = {(run.key, run.start.seq) for run in self.runs if run.state != "cancelled"}
        self.runs += [run for run in other.runs if (run.key, run.start.seq) not in verdicts]

    def _wait(self, fact: Happened) -> None:
        for run in self.open():
            self._wait_one(run, fact.at, waiting=self.waiting)

    def _wait_one(self, run: Run, at: int, *, waiting: bool) -> None:
        if not (waiting and self.row.name in run.edition.rules.waiting):
            run.go_on(at)
        elif run.paused_since is None and not run.overrun_by(at):
            run.wait(at)

    def _end(self, fact: Happened) -> None:
        if fact.name in {"withdrawn", "closed"} | self.row.also_cancels:
            for run in self.open():
                run.let_go(fact.at)
        if self.row.keyed and fact.voids is not None and fact.name in self.row.starts:
            for run in self.open():
                if run.key == fact.voids:
                    run.let_go(fact.at)

    def _stop(self, fact: Happened) -> bool:
        if not (self._stops(fact) or fact.name in self.row.restarts):
            return False
        runs = self.open()
        if self.row.keyed and fact.key is not None:
            runs = [run for run in runs if run.key == fact.key] or [run for run in runs if run.key is None]
        for run in runs:
            run.stop(fact.at)
        return bool(runs)

    def _stops(self, fact: Happened) -> bool:
        if fact.name == "replied":
            return REPLY_WITH_PLAN in self.row.stops and fact.due is not None
        return fact.name in self.row.stops or (fact.name == "resolved" and self.row.name in HANDLING)

    def _starts(self, index: int, case: Case, before: Case) -> bool:
        starts, once = self._started_by(case)
        fact = self.facts[index]
        if "became grave" in starts:
            return case["severity"] in GRAVE and before["severity"] not in GRAVE
        if fact.name not in starts:
            return False
        if once:
            return not any(past.name in starts or self._stops(past) for past in self.facts[:index])
        key = fact.key if self.row.keyed else None
        return all(run.key != key for run in self.open())

    def _begin(self, index: int, case: Case) -> None:
        fact = self.facts[index]
        limit = self._limit(self.edition, case, fact.due)
        if limit is None:
            return
        key = fact.key if self.row.keyed else None
        run = Run(fact, key, limit, self._calendar(self.edition, case), self.edition)
        self.runs.append(run)
        if self.waiting and self.row.name in self.edition.rules.waiting:
            run.wait(fact.at)
        for past in self.facts[:index] if run.key is not None else ():
            if past.key == run.key and past.seq > fact.seq and self._stops(past):
                run.stop(past.at)  # told later, of an instant before the promise was made: kept all the same
                break


def _waits(before: bool, fact: Happened) -> bool:
    """Whether the case waits for its customer after this fact."""
    if fact.name == "waiting_started":
        return True
    return before and fact.name not in ("waiting_ended", "resolved", "withdrawn", "closed")
