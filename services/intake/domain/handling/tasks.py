"""What is owed in a case, by whom and until when: made from the case and the duties, never kept as truth (IN-21)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.handling.analysis import EXCUSED
from services.intake.domain.handling.duties import (
    APPROVERS_NAMED,
    ASKED,
    CAUSE,
    DEPARTMENT,
    IMPROVER,
    NAMED,
    OWNER,
    PERSON,
    Duties,
    Duty,
)
from services.intake.domain.handling.form import IN_TURN
from services.intake.domain.steps import TABLE
from shared.kernel.vocabulary import LIVE

OPEN: Final = "open"
DONE: Final = "done"
OVERDUE: Final = "overdue"
CANCELLED: Final = "cancelled"
STATES: Final = (OPEN, OVERDUE, DONE, CANCELLED)
_LONGEST: Final = 80
_DIGITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that a department or a person owes; an owner who is nobody yet is told through the region's desk."""

    task_id: str
    duty: str
    department: str | None
    owner: str | None
    since: datetime
    due_at: datetime
    state: str
    settled_at: datetime | None
    urged: int
    last_urged_at: datetime | None
    last_urged_by: str | None

    def state_at(self, now: datetime | None) -> str:
        """Its state as it looks now: an open one may be overdue."""
        return OVERDUE if now and self.state == OPEN and self.due_at < now else self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A duty that began for somebody."""

    since: datetime
    department: str | None = None
    person: str | None = None
    key: str = ""
    given: datetime | None = None
    settled: datetime | None = None
    dropped: bool = False


def tasks_of(case: Case, duties: Duties) -> list[Task]:
    """Every task of a case, in the order of the duties; a case that is told as history owes nothing."""
    if case.mode != LIVE:
        return []
    found = (
        _task(case, duty, begun)
        for duty in duties.all
        if duty.after in case.milestones and _concerns(duty, case)
        for begun in _BEGUN[duty.owed_by](duty, case, duties)
    )
    return list({each.task_id: each for each in found}.values())


def same_tasks(before: Case, after: Case, duties: Duties) -> bool:
    """Whether nothing that tasks are made of differs; quicker to see than the tasks themselves are made."""
    if before.handling is not after.handling or _outline(before) != _outline(after):
        return False
    return not any(before.milestones.get(fact) != after.milestones.get(fact) for fact in duties.facts)


def _outline(case: Case) -> tuple[object, ...]:
    return case.mode, case.state, case.severity, case.kind, case.owner, case.region


def _concerns(duty: Duty, case: Case) -> bool:
    if case.severity not in duty.severities or case.kind not in duty.kinds:
        return False
    return duty.ours is None or duty.ours == case.handling.analysis.ours


def _task(case: Case, duty: Duty, begun: _Begun) -> Task:
    task_id = _id_of(duty.name, begun.key or begun.department if begun.key or duty.owed_by in _SEVERAL else None)
    urge = case.handling.urges.all.get(task_id)
    urged = urge if urge and urge.since == begun.since else None
    return Task(
        task_id=task_id,
        duty=duty.name,
        department=begun.department,
        owner=begun.person,
        since=begun.since,
        due_at=begun.given or duty.limit.due(begun.since),
        state=_state(case, duty, begun),
        settled_at=begun.settled,
        urged=urged.times if urged else 0,
        last_urged_at=urged.at if urged else None,
        last_urged_by=urged.by if urged else None,
    )


def _state(case: Case, duty: Duty, begun: _Begun) -> str:
    """An open task of a case that is over is cancelled, unless a step that does it is possible even then."""
    if begun.dropped:
        return CANCELLED
    if begun.settled is not None:
        return DONE
    possible = case.is_open or any(case.state in TABLE[step].moves_of(case.kind) for step in duty.steps)
    return OPEN if possible else CANCELLED


def _id_of(name: str, key: str | None) -> str:
    """A short name of the task within its case; a department's long name is cut, and told apart by a digest."""
    if key is None:
        return name
    if len(key) > _LONGEST:
        key = f"{key[: _LONGEST - _DIGITS]}~{hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]}"
    return f"{name}:{key}"


def _of_case(duty: Duty, case: Case, _duties: Duties) -> Iterator[_Begun]:
    since = case.milestones[duty.after]
    named = {DEPARTMENT: {"department": duty.whom}, PERSON: {"person": duty.whom}}
    who: Mapping[str, Any] = named.get(duty.owed_by, {"person": case.owner})
    yield _Begun(since=since, settled=_done(duty, since, case.milestones), **who)


def _done(duty: Duty, since: datetime, when: Mapping[str, datetime]) -> datetime | None:
    """When the first of the steps that do it was taken last, if it counts."""
    taken = [when[fact] for fact in duty.done_by if fact in when]
    return min((at for at in taken if at >= since or duty.earlier_counts), default=None)


def _of_cause(duty: Duty, case: Case, duties: Duties) -> Iterator[_Begun]:
    """Each department that the cause belongs to."""
    judged = case.handling.analysis.judged
    since = case.milestones[duty.after]
    for department in _codes(duties, judged.departments if judged else ()):
        deeds = _deeds(case, duties, department)
        others = {fact: at for fact, at in case.milestones.items() if fact not in deeds}
        own = {fact: max(times) for fact, times in deeds.items() if times}
        yield _Begun(since=since, department=department, settled=_done(duty, since, {**others, **own}))


def _deeds(case: Case, duties: Duties, department: str) -> dict[str, list[datetime]]:
    """When this department itself did what each department does for itself."""
    form, code = case.handling.form, duties.code_of
    return {
        "measure_proposed": [each.at for each in form.measures if code(each.department) == department],
        "approved": [each.at for each in form.approvals if code(each.department) == department],
        "fed_back": [at for name, at in case.handling.feedback.all.items() if code(name) == department],
    }


def _of_asked(_duty: Duty, case: Case, _duties: Duties) -> Iterator[_Begun]:
    """Each department that was asked for its finding."""
    for department, asked in case.handling.analysis.asked.items():
        yield _Begun(
            since=asked.at,
            department=department,
            given=asked.due_at,
            settled=asked.settled_at,
            dropped=asked.state == EXCUSED,
        )


def _of_named(duty: Duty, case: Case, duties: Duties) -> Iterator[_Begun]:
    """Each department whose approval the form needs; in turn only the one whose turn it is."""
    form, milestones = case.handling.form, case.milestones
    if form.plan is None or not form.plan.stands:
        return
    begun = max(milestones[fact] for fact in (duty.after, APPROVERS_NAMED) if fact in milestones)
    for each in form.approvals:
        yield _Begun(since=min(begun, each.at), department=duties.code_of(each.department), settled=each.at)
    waiting = form.waits_for()
    if form.order == IN_TURN:
        waiting, begun = waiting[:1], max([begun, *(each.at for each in form.approvals)])
    for department in _codes(duties, waiting):
        yield _Begun(since=begun, department=department)


def _of_improver(duty: Duty, case: Case, _duties: Duties) -> Iterator[_Begun]:
    """Whoever has an improvement: to check its effect, or to set another where it had none."""
    for key, each in case.handling.improvements.all.items():
        if duty.after == "improvement_set":
            yield _Begun(since=each.at, person=each.owner, key=key, given=each.due_at, settled=each.checked_at)
        elif each.effective is False and each.checked_at:
            yield _Begun(since=each.checked_at, person=each.owner, key=key, settled=each.renewed_at)


def _codes(duties: Duties, departments: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(map(duties.code_of, departments)))


_SEVERAL: Final = (ASKED, CAUSE, NAMED)
_BEGUN: Final[Mapping[str, Callable[[Duty, Case, Duties], Iterator[_Begun]]]] = {
    OWNER: _of_case,
    DEPARTMENT: _of_case,
    PERSON: _of_case,
    CAUSE: _of_cause,
    ASKED: _of_asked,
    NAMED: _of_named,
    IMPROVER: _of_improver,
}
