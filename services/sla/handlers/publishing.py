"""Policies and calendars are published: checked, kept as a version, and left to be carried through (SL-6)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.sla.domain.published import Kind, Published
from services.sla.handlers.drafting import drafted
from services.sla.handlers.rules import LiveRules, Rules
from services.sla.storage import publications, republishing
from services.sla.storage.republishing import Progress
from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
PUBLICATIONS_SIGNAL = "publications"


def publish(live: LiveRules, uow: UnitOfWork, request: Answer) -> Answer:
    """Make a version; what runs is derived anew right after. The same again changes nothing, and answers the same."""
    publications.lock(uow.connection)
    rules = live.seen_by(uow.connection)
    new = drafted(rules, request, live.now())
    known = publications.find(uow.connection, new.kind, new.name, new.version)
    if known is None:
        add(rules, uow, new)
        known = publications.find(uow.connection, new.kind, new.name, new.version)
    if known is None or not known.says_the_same(new):
        raise said_otherwise(known or new, new)
    (answer,) = _told(uow.connection, [known])
    return answer


def add(rules: Rules, uow: UnitOfWork, new: Published) -> None:
    """Keep a version that was not published before; whoever publishes has the lock. Raises for what cannot count."""
    rules.published(new)
    publications.add(uow.connection, new, publications.WAITING)
    uow.signal(PUBLICATIONS_SIGNAL)


def said_otherwise(known: Published, new: Published) -> Conflict:
    """This version is something else already."""
    what = "another choice for running clocks"
    if dict(known.body) != dict(new.body):
        what = "other content"
    elif sorted(known.regions) != sorted(new.regions):
        what = "other regions"
    return Conflict(
        f"{new.title} was published on {known.at:%Y-%m-%d} with {what}; give it another version",
        {"kind": str(known.kind), "name": known.name, "version": known.version, "running": str(known.running)},
    )


def publications_told(_rules: Rules, connection: sa.Connection, _now: datetime, request: Answer) -> Answer:
    """What was published, newest first, and how far each is carried through."""
    found = [each for each in publications.after(connection, 0) if _is_meant(each, request)]
    newest = found[::-1][: request["limit"]]
    return {"publications": _told(connection, newest)}


def in_force(rules: Rules, connection: sa.Connection, _now: datetime, request: Answer) -> Answer:
    """One version with its body: the one asked for, else the newest; the default calendar unless one is named."""
    kind = Kind(request["kind"])
    default = rules.policy.name if kind is Kind.POLICY else rules.calendars.default.name
    asked = {"kind": kind, "name": request.get("name", default)} | {k: request[k] for k in ("version",) if k in request}
    found = [each for each in publications.after(connection, 0) if _is_meant(each, asked)]
    if not found:
        what = " ".join(str(each) for each in asked.values())
        raise NotFound(f"there is no {what}; `publications` lists what there is")
    (told,) = _told(connection, found[-1:])
    return told | {"body": dict(found[-1].body)}


def _is_meant(published: Published, asked: Answer) -> bool:
    return all(getattr(published, name) == asked[name] for name in ("kind", "name", "version") if name in asked)


def _told(connection: sa.Connection, found: list[Published]) -> list[Answer]:
    progress = republishing.progress(connection, [each.id for each in found])
    return [_publication(each, progress[each.id]) for each in found]


def _publication(published: Published, progress: Progress) -> Answer:
    answer: Answer = {
        "kind": str(published.kind),
        "name": published.name,
        "version": published.version,
        "running": str(published.running),
        "at": format_instant(published.at),
        "by": published.by,
        "state": progress.state,
        "cases": progress.cases,
        "done": progress.cases - progress.left - len(progress.problems) if progress.state != "waiting" else 0,
        "moved": progress.moved,
    }
    if published.note:
        answer["note"] = published.note
    if published.regions:
        answer["regions"] = list(published.regions)
    if progress.problems:
        answer["problems"] = dict(progress.problems)
    return answer
