"""Taking a step: the case and the step go in, a new case and its new entries come out, or a refusal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.complained import refuse_as_owner, refuse_complained_about
from services.intake.domain.dating import Actor, Dated, date_step, refuse_disorder, refuse_past
from services.intake.domain.facts import Draft, Entry, Fact
from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.handling.gate import Missing
from services.intake.domain.refusals import not_now
from services.intake.domain.replay import apply
from services.intake.domain.rules import without
from services.intake.domain.steps import TABLE, Step, legal_steps, missing, obstacle
from services.intake.domain.threads import OPEN, UNNAMED
from services.intake.domain.vocabulary import HISTORY_SOURCE
from services.intake.domain.vocabulary import OPEN as OPEN_STATES
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.vocabulary import HISTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step as it is asked for; `fields` are the step's own, validated."""

    step: str
    actor: Actor
    fields: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    at_reason: str | None = None
    expected_version: int | None = None
    marks: Mapping[str, Any] = field(default_factory=dict)
    owner_names: Sequence[str] = ()
    """Every way of naming the owner that the step sets, where there are more than its field says."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The case after a request, and the entries that the request added."""

    case: Case
    entries: Sequence[Entry]


def take(case: Case, asked: Asked, now: datetime, book: Handbook = CONTRACT) -> Taken:
    """Take one step at `now`, which is the time of recording, by an operator's rules of handling.

    Raises Conflict (with the state and the legal steps), Invalid (with the field), NotFound (a promise,
    appointment, improvement or notice that the case does not have), or Forbidden (whoever is complained about).
    """
    try:
        return _take(case, asked, now, book)
    except Conflict as refused:
        raise Conflict(refused.message, {"legal": legal_steps(case, book), **(refused.detail or {})}) from None


def _take(case: Case, asked: Asked, now: datetime, book: Handbook) -> Taken:
    step = TABLE[asked.step]
    _refuse_partial(case, asked)
    _refuse_stale(case, asked.expected_version)
    _refuse_illegal(case, asked.step, step, book)
    dated = date_step(asked.at, asked.at_reason, asked.actor, case.mode, now)
    drafts = _drafts(case, step, asked.fields, dated.at)
    drafts += step.then(case, asked.fields, book) if step.then else []
    for draft in drafts:
        refuse_disorder(draft.name, dated.at, case.milestones, case.mode)
    return record(case, drafts, by=asked.actor.by, dated=Dated(dated.at, {**dated.marks, **asked.marks}), now=now)


def record(case: Case, drafts: Sequence[Draft], *, by: str, dated: Dated, now: datetime) -> Taken:
    """Number and date the drafts and let them happen to the case; one request, one version."""
    entries: list[Entry] = []
    for draft in drafts:
        entry = _entry(case.last_seq + 1, draft, by, dated, now)
        case = apply(case, entry)
        entries.append(entry)
    return Taken(case.next_version(), entries)


def _entry(seq: int, draft: Draft, by: str, dated: Dated, now: datetime) -> Entry:
    fact = Fact(
        seq=seq,
        name=draft.name,
        at=dated.at,
        recorded_at=now,
        by=by,
        key=draft.key,
        due_at=draft.due_at,
        set=draft.set,
        voids=draft.voids,
        text=draft.text,
    )
    return Entry(fact, {**draft.detail, **dated.marks})


def _refuse_partial(case: Case, asked: Asked) -> None:
    """Nobody works on, or is given, a complaint about themselves (IN-26); the past is what it was."""
    if not case.complained_about or (case.mode == HISTORY and asked.actor.by == HISTORY_SOURCE):
        return
    refuse_complained_about(case, asked.actor.by, asked.actor.named)
    if owner := asked.fields.get("owner"):
        refuse_as_owner(case, owner, (owner, *asked.owner_names))


def _refuse_stale(case: Case, expected: int | None) -> None:
    if expected is not None and expected != case.version:
        raise not_now(case, f"stands at version {case.version}, not {expected}; look at it again")


def _refuse_illegal(case: Case, name: str, step: Step, book: Handbook) -> None:
    if case.state not in step.moves_of(case.kind):
        then = f"while it is {case.state}, only while it is {_either(step.moves_of(case.kind))}"
        raise not_now(case, f"{name} is not possible {then}", **_told(missing(case, step, book)))
    if why := obstacle(case, step):
        raise not_now(case, f"{name} is not possible: {why}")
    if lacking := missing(case, step, book):
        why = f"{name} is not possible yet: {', '.join(each.what for each in lacking)} missing"
        raise not_now(case, why, **_told(lacking))


def _told(lacking: Sequence[Missing]) -> dict[str, Any]:
    return {"missing": [each.told() for each in lacking]} if lacking else {}


def _either(states: Iterable[str]) -> str:
    *others, last = states
    return f"{', '.join(others)} or {last}" if others else last


def _drafts(case: Case, step: Step, fields: Mapping[str, Any], at: datetime) -> list[Draft]:
    drafted = step.rule(case, fields, at) if step.rule else _plain(case, step, fields, at)
    drafts = drafted if isinstance(drafted, list) else [drafted]
    if step.begins:
        drafts = [replace(drafts[0], key=f"{step.begins}{case.last_seq + 1}")]
    if case.waiting and step.moves_of(case.kind)[case.state] not in OPEN_STATES:
        # Nobody waits for the customer once the matter is over; its clocks must not stay paused (SL-4).
        drafts = [Draft(name="waiting_ended", detail={"because": step.fact}), *drafts]
    return drafts


def _plain(case: Case, step: Step, fields: Mapping[str, Any], at: datetime) -> Draft:
    """The fact of a step that needs no more than its row of the table."""
    due = fields.get(step.due) if step.due else None
    refuse_past(due, at, case.mode, step.due or "")
    key = fields.get(step.key) if step.key else None
    if step.ends:
        key = _thread(case, step.ends, key)
    used = (*step.sets, step.due or "", step.key or "")
    return Draft(
        name=step.fact,
        key=key,
        due_at=due,
        set={name: fields[name] for name in step.sets},
        detail=without(fields, *used),
    )


def _thread(case: Case, kind: str, key: str | None) -> str | None:
    """The key of the open thread that is meant: the one named, or the only open one."""
    still = case.threads.open(kind)
    if key is None:
        if len(still) != 1:
            why = f"has no open {kind}" if not still else f"has several open: say which {kind} is meant"
            raise not_now(case, why, open=still)
        return still[0] or None
    state = case.threads.of(kind).get(key)
    if state is None:
        raise NotFound(f"case {case.case_no} has no {kind} {key}", {kind: key, "open": still})
    if state != OPEN:
        raise not_now(case, f"{kind} {key} is {state} already", open=still)
    return key if key != UNNAMED else None
