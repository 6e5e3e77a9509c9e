"""What is owed in cases: shown, asked for over all of them, urged, and kept in step with each change (IN-21)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.case import Case
from services.intake.domain.handling.duties import Duties, Duty
from services.intake.domain.handling.form import Form
from services.intake.domain.handling.tasks import OPEN, OVERDUE, Task, same_tasks, tasks_of
from services.intake.domain.handling.urging import Meant
from services.intake.domain.wire import zone_of
from services.intake.handlers.rights import Rights
from services.intake.storage import tasks
from services.intake.storage.repository import Kept
from shared.base.paging import cut, place_after
from shared.base.people import People
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
NAMING: Final = ("request_analysis", "give_finding", "excuse_department", "feed_back")
"""Steps of ours that name departments: kept by their codes, whichever name was used."""
ON_THE_FORM: Final = ("approve", "reject", "propose_measure", "name_approvers")
"""Steps of the contract that name departments: kept as they were written first in the case."""
URGE: Final = "urge"


def understood(people: People, duties: Duties, case: Case, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step with what the duties say about it: departments by their codes, and the task that is urged."""
    if request["step"] in NAMING:
        return {**request, **_coded(duties, request)}
    if request["step"] in ON_THE_FORM:
        return {**request, **_as_on_the_form(duties, case.handling.form, request)}
    if request["step"] == URGE:
        return {**request, **_meant(people, duties, case, request["task_id"])}
    return request


def in_own_words(people: People, duties: Duties, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step in the name of somebody's own department, with the name that the people file has for it."""
    own = people.department_of(request["by"])
    if own is None or "department" not in request or duties.code_of(request["department"]) != duties.code_of(own):
        return request
    return {**request, "department": own}


def keep_tasks(connection: sa.Connection, duties: Duties, kept: Kept, after: Case) -> None:
    """Have the rows that the case as it stands now makes, where a request changed any; most change none."""
    if same_tasks(kept.case, after, duties):
        return
    before = tasks.rows_of(kept.id, kept.case, tasks_of(kept.case, duties))
    now = tasks.rows_of(kept.id, after, tasks_of(after, duties))
    if before != now:
        tasks.store(connection, [kept.id], now)


def tasks_shown(case: Case, duties: Duties, now: datetime | None) -> Answer:
    """Every task of a case; nothing where it has none."""
    found = [task_as_wire(each, duties, case.region, now) for each in tasks_of(case, duties)]
    return {"tasks": found} if found else {}


def find_tasks(
    rights: Rights, duties: Duties, now: datetime, connection: sa.Connection, request: Mapping[str, Any]
) -> Answer:
    """A page of tasks over all cases, the earliest due first; open ones unless others are asked for."""
    asked = {name: value for name, value in request.items() if name in ("limit", "state", "region", "case_no")}
    if request.get("overdue"):
        asked["state"] = OVERDUE
    wanted = tasks.Wanted(
        now=now,
        department=duties.code_of(request["department"]) if "department" in request else None,
        owners=rights.people.names_of(request["owner"]) if "owner" in request else None,
        after=place_after(request),
        sight=rights.sight(request.get("by")),
        **asked,
    )
    found = tasks.page(connection, wanted)
    rows, following = cut(found, wanted.limit, lambda row: (row["due_at"], row["id"]))
    return {"tasks": [_listed(row, duties, now) for row in rows], **following}


def task_as_wire(task: Task, duties: Duties, region: str, now: datetime | None) -> Answer:
    """A task as everybody sees it; its words are those of the duties as they are now."""
    zone, duty = zone_of(region), duties.by_name.get(task.duty)
    instants = {"settled_at": task.settled_at, "last_urged_at": task.last_urged_at}
    optional = {name: format_instant(at, zone) for name, at in instants.items() if at is not None}
    if task.last_urged_by is not None:
        optional["last_urged_by"] = task.last_urged_by
    return {
        "task_id": task.task_id,
        **_duty(task.duty, duty),
        "owed_by": owed_by(task, duties),
        "since": format_instant(task.since, zone),
        "due_at": format_instant(task.due_at, zone),
        "state": task.state_at(now),
        "urged": task.urged,
        **optional,
    }


def owed_by(task: Task, duties: Duties) -> Answer:
    """Who owes it: a department with its names, or a person; null where the case has no owner yet."""
    if task.department is None:
        return {"person": task.owner}
    return {"department": task.department, "name": duties.names_of(task.department).to_json()}


def _duty(name: str, duty: Duty | None) -> Answer:
    if duty is None:
        return {"duty": name, "what": {"zh": name, "en": name}, "steps": []}
    field = {"field": duty.field} if duty.field else {}
    return {"duty": name, "what": duty.says.to_json(), "steps": list(duty.steps), **field}


def _listed(row: Mapping[str, Any], duties: Duties, now: datetime) -> Answer:
    return {"case_no": row["case_no"], "region": row["region"]} | task_as_wire(
        tasks.task_of(row), duties, row["region"], now
    )


def _as_on_the_form(duties: Duties, form: Form, request: Mapping[str, Any]) -> Answer:
    """Departments that stand there already under another of their names, with the one that stands there."""
    there = (*form.approvers, *(each.department for each in form.measures), *form.approved())
    spelled = {duties.code_of(each): each for each in reversed(there)}
    named = request.get("departments") or [request["department"]]
    found = list(dict.fromkeys(spelled.setdefault(duties.code_of(each), each) for each in named))
    return {"departments": found} if "departments" in request else {"department": found[0]}


def _coded(duties: Duties, request: Mapping[str, Any]) -> Answer:
    if "departments" in request:
        return {"departments": list(dict.fromkeys(map(duties.code_of, request["departments"])))}
    return {"department": duties.code_of(request["department"])}


def _meant(people: People, duties: Duties, case: Case, task_id: str) -> Answer:
    """The task that is urged, and those that could be."""
    found = tasks_of(case, duties)
    meant = next((each for each in found if each.task_id == task_id), None)
    still = [each.task_id for each in found if each.state == OPEN]
    return {"open": still, "task": _told(people, duties, case, meant) if meant else None}


def _told(people: People, duties: Duties, case: Case, task: Task) -> Meant:
    """What the fact tells others of a task: what is owed, and by whom, in words that they can use."""
    duty = duties.by_name[task.duty]
    if task.department is None:
        owed: Answer = {"persons": [task.owner] if task.owner else []}
    else:
        owed = {"department": task.department, "names": list(duties.all_names_of(task.department))}
        owed["persons"] = _heads(people, duties, task.department, case.region)
    told = {"duty": duty.name, "what": duty.says.to_json(), "owed_by": owed}
    return Meant(task.state, task.since, task.due_at, told)


def _heads(people: People, duties: Duties, department: str, region: str) -> Sequence[str]:
    known = duties.departments.get(department)
    if known is None:
        return []
    if known.person is not None:
        return [known.person]
    return [each.id for each in people.with_role(known.role, region)] if known.role else []
