"""Which clocks a case has, by the table and clauses of the requirements (SL-1 to SL-5, contracts 4), in minutes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.minutes import Minutes, instant_of
from tests.oracle.run import Run
from tests.oracle.table import GIVEN, GRAVE, HANDLING, REPLY_WITH_PLAN, START, TABLE, Happened, Limit, Row, Rules


@dataclass(frozen=True)
class World:
    """Rules and calendars by region; `""` is the calendar of regions without one."""

    rules: Rules
    calendars: Mapping[str, Minutes]

    def calendar(self, region: str) -> Minutes:
        while region and region not in self.calendars:
            region = region.rpartition(".")[0]
        return self.calendars[region]


def clocks(facts: Iterable[Happened], world: World, now: int) -> list[tuple[Row, Run]]:
    """Every generation of every clock, as of now."""
    told = sorted({fact.seq: fact for fact in facts}.values(), key=lambda each: (each.seq != 1, each.at, each.seq))
    known: list[Mapping[str, Any]] = []
    for fact in told:
        known.append({**(known[-1] if known else START), **_learnt(fact)})
    found = []
    for row in TABLE:
        counts: dict[str | None, int] = {}
        for run in _Course(row, world, told, known).follow():
            run.generation = counts[run.key] = counts.get(run.key, 0) + 1
            run.as_of(now)
            found.append((row, run))
    return found


def _learnt(fact: Happened) -> dict[str, Any]:
    learnt = dict(fact.sets)
    if fact.name in ("repeat_linked", "repeat_unlinked"):
        learnt["repeat"] = fact.name == "repeat_linked"
    elif "repeat_of" in learnt:
        learnt["repeat"] = learnt["repeat_of"] is not None
    return learnt


class _Course:
    """One row of the table through one case."""

    def __init__(self, row: Row, world: World, facts: Sequence[Happened], known: Sequence[Mapping[str, Any]]) -> None:
        self.row, self.world, self.facts, self.known = row, world, facts, known
        self.runs: list[Run] = []

    def follow(self) -> list[Run]:
        waiting = False
        for index, fact in enumerate(self.facts):
            case, before = self.known[index], self.known[index - 1] if index else START
            if self._means(case) != self._means(before) or not index:
                self._judge_anew(index, case, before)
            if fact.name == "waiting_started":
                waiting = True
            elif fact.name in ("waiting_ended", "resolved", "withdrawn", "closed"):
                waiting = False
            waits = waiting and self.row.name in self.world.rules.waiting
            self._wait(fact, waits)
            self._end(fact)
            stopped = self._stop(fact)
            begins = stopped if fact.name in self.row.restarts else self._starts(index, case, before)
            if begins and self._wanted(case):
                self._begin(index, case, waits)
        return self.runs

    def _wanted(self, case: Mapping[str, Any]) -> bool:
        row = self.row
        return (
            self._is_valid(case)
            and (row.kinds is None or case["kind"] in row.kinds)
            and (not row.grave or case["severity"] in GRAVE)
            and not (row.firsts_only and case["repeat"])
            and row.verifiable in (None, case["verifiable"])
        )

    def _is_valid(self, case: Mapping[str, Any]) -> bool:
        """By the day that the wall of its calendar showed when it was received."""
        first, last = self.world.rules.valid.get(self.row.name, (date.min, date.max))
        received = instant_of(self.facts[0].at).astimezone(self._calendar(case).zone).date()
        return first <= received <= last

    def _started_by(self, case: Mapping[str, Any]) -> tuple[frozenset[str], bool]:
        if self.row.name != "warning_notice":
            return self.row.starts, self.row.once
        return (frozenset({"handed_over"}), True) if case["verifiable"] else (frozenset({"received"}), False)

    def _limit(self, case: Mapping[str, Any], given: int | None) -> Limit | None:
        limits, name = self.world.rules.limits, self.row.name
        if name == "progress" and (case["kind"] == "accident" or case["severity"] in GRAVE):
            return limits["progress_grave"]
        if name == "warning_notice":
            return limits["opinion" if case["verifiable"] else "opinion_unverified"]
        if self.row.keyed and given is not None:
            return GIVEN
        return limits.get(name)

    def _means(self, case: Mapping[str, Any]) -> tuple[Any, ...]:
        wanted = self._wanted(case)
        return wanted, wanted and (self._started_by(case), self._limit(case, None), id(self._calendar(case)))

    def _calendar(self, case: Mapping[str, Any]) -> Minutes:
        return self.world.calendar(case["region"])

    def _open(self) -> list[Run]:
        return [run for run in self.runs if run.end is None]

    def _judge_anew(self, index: int, case: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """The clocks are those there would have been had the case always been so; verdicts stay (SL-6)."""
        at = self.facts[index].at
        if not self._wanted(case):
            self.runs = [run for run in self.runs if run.end is not None or run.start.at != at]
            for run in self._open():
                run.let_go(at)
        elif not self._wanted(before) or not index:
            self._as_if_always(index, case)
        elif self._started_by(case) != self._started_by(before):
            self._keep_verdicts(at)
            self._as_if_always(index, case)
        else:
            for run in self._open():
                limit = self._limit(case, run.start.due)
                if limit is not None and not run.overrun_by(at):
                    run.limit, run.calendar = limit, self._calendar(case)

    def _keep_verdicts(self, at: int) -> None:
        for run in self._open():
            if run.overrun_by(at):
                run.let_go(at)
        self.runs = [run for run in self.runs if run.end is not None]

    def _as_if_always(self, index: int, case: Mapping[str, Any]) -> None:
        if not index or "became grave" in self.row.starts:
            return
        other = _Course(self.row, self.world, self.facts[:index], [case] * index).follow()
        verdicts = {(run.key, run.start.seq) for run in self.runs if run.state != "cancelled"}
        self.runs += [run for run in other if (run.key, run.start.seq) not in verdicts]

    def _wait(self, fact: Happened, waiting: bool) -> None:
        for run in self._open():
            if not waiting:
                run.go_on(fact.at)
            elif run.paused_since is None and not run.overrun_by(fact.at):
                run.wait(fact.at)

    def _end(self, fact: Happened) -> None:
        if fact.name in {"withdrawn", "closed"} | self.row.also_cancels:
            for run in self._open():
                run.let_go(fact.at)
        if self.row.keyed and fact.voids is not None and fact.name in self.row.starts:
            for run in self._open():
                if run.key == fact.voids:
                    run.let_go(fact.at)

    def _stop(self, fact: Happened) -> bool:
        if not (self._stops(fact) or fact.name in self.row.restarts):
            return False
        runs = self._open()
        if self.row.keyed and fact.key is not None:
            runs = [run for run in runs if run.key == fact.key] or [run for run in runs if run.key is None]
        for run in runs:
            run.stop(fact.at)
        return bool(runs)

    def _stops(self, fact: Happened) -> bool:
        if fact.name == "replied":
            return REPLY_WITH_PLAN in self.row.stops and fact.due is not None
        return fact.name in self.row.stops or (fact.name == "resolved" and self.row.name in HANDLING)

    def _starts(self, index: int, case: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
        starts, once = self._started_by(case)
        fact = self.facts[index]
        if "became grave" in starts:
            return case["severity"] in GRAVE and before["severity"] not in GRAVE
        if fact.name not in starts:
            return False
        if once:
            return not any(past.name in starts or self._stops(past) for past in self.facts[:index])
        key = fact.key if self.row.keyed else None
        return all(run.key != key for run in self._open())

    def _begin(self, index: int, case: Mapping[str, Any], waiting: bool) -> None:
        fact = self.facts[index]
        limit = self._limit(case, fact.due)
        if limit is None:
            return
        run = Run(fact, fact.key if self.row.keyed else None, limit, self._calendar(case))
        self.runs.append(run)
        if waiting:
            run.wait(fact.at)
        for past in self.facts[:index] if run.key is not None else ():
            if past.key == run.key and past.seq > fact.seq and self._stops(past):
                run.stop(past.at)  # told later, of an instant before the promise was made: kept all the same
                break
