"""Which clocks a case has, by the table and clauses of the requirements (SL-1 to SL-6, contracts 4), in minutes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.oracle.course import Course
from tests.oracle.editions import Edition
from tests.oracle.run import Run
from tests.oracle.table import START, TABLE, Happened, Row


def clocks(facts: Iterable[Happened], editions: Sequence[Edition], now: int) -> list[tuple[Row, Run]]:
    """Every generation of every clock, as of now; the first edition counts from the beginning."""
    told = sorted({fact.seq: fact for fact in facts}.values(), key=lambda each: (each.seq != 1, each.at, each.seq))
    known: list[Mapping[str, Any]] = []
    for fact in told:
        known.append({**(known[-1] if known else START), **_learnt(fact)})
    courses = [Course(row, editions[0], told, known) for row in TABLE]
    coming = list(editions[1:])
    for index, fact in enumerate(told):
        while coming and coming[0].at <= fact.at:
            _publish(courses, coming.pop(0), index)
        for course in courses:
            course.take(index)
    for edition in coming:
        _publish(courses, edition, len(told))
    return [(course.row, run) for course in courses for run in _numbered(course, now)]


def _publish(courses: Sequence[Course], edition: Edition, index: int) -> None:
    """A case without an open clock is over for the time being: none begins in it."""
    is_open = any(course.open() for course in courses)
    for course in courses:
        course.publish(edition, index, is_open=is_open)


def _numbered(course: Course, now: int) -> list[Run]:
    counts: dict[str | None, int] = {}
    for run in course.runs:
        run.generation = counts[run.key] = counts.get(run.key, 0) + 1
        run.as_of(now)
    return course.runs


def _learnt(fact: Happened) -> dict[str, Any]:
    learnt = dict(fact.sets)
    if fact.name in ("repeat_linked", "repeat_unlinked"):
        learnt["repeat"] = fact.name == "repeat_linked"
    elif "repeat_of" in learnt:
        learnt["repeat"] = learnt["repeat_of"] is not None
    return learnt
