"""What happened goes out as events: on the ladder, about teams, and as alerts to regions (contracts 5, 6)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from services.escalation.domain.about import About
from services.escalation.domain.alerts import Alert
from services.escalation.domain.dossier import Dossier
from services.escalation.domain.escalation import Escalation, Happening, Reason, What
from services.escalation.domain.policy import WHAT, On
from services.escalation.domain.words import CN
from services.escalation.storage import tables
from services.escalation.storage.records import Pair
from shared.events import Event
from shared.kernel.alert_topics import topic_of
from shared.kernel.instants import format_instant
from shared.outbox import Voice

Json = dict[str, Any]

VOICE: Final = Voice("escalation", tables.messaging.outbox)
LIVE: Final = "live"

_TYPES: Final = {
    What.RAISED: "escalation.raised.v1",
    What.STEP_REACHED: "escalation.step_reached.v1",
    What.SAID_AGAIN: "escalation.step_reached.v1",
    What.ACKNOWLEDGED: "escalation.acknowledged.v1",
    What.RESOLVED: "escalation.resolved.v1",
}


def there(instant: datetime) -> str:
    """An instant with the offset of the calendar `cn`, which every region uses so far."""
    return format_instant(instant, CN)


def events_of(dossier: Dossier, codes: Mapping[Pair, str]) -> Iterator[tuple[str, Event]]:
    """The events of what happened, in its order, each with its trace; what raises nothing is in the story alone."""
    for happening in dossier.happened:
        if happening.what is What.TEAM_FORMED:
            yield happening.trace, _team_event(dossier, happening)
        elif happening.walk is not None and happening.what in _TYPES:
            yield happening.trace, _walk_event(dossier, happening, happening.walk, codes)


def _walk_event(dossier: Dossier, happening: Happening, walk: Escalation, codes: Mapping[Pair, str]) -> Event:
    data: Json = {"escalation": escalation_json(walk, dossier.about)} | _matter(dossier.about)
    if happening.what in (What.RAISED, What.STEP_REACHED, What.SAID_AGAIN):
        data["trigger"] = _trigger(happening.reason or _newest_reason(dossier, walk), walk)
    if happening.targets:
        data["step"] = _step(happening, walk, codes)
    if happening.what in (What.ACKNOWLEDGED, What.RESOLVED):
        data |= {"by": happening.by, "at": there(happening.at)}
        if happening.note:
            data["reason"] = happening.note
    return Event(_TYPES[happening.what], dossier.about.subject, walk.version, data)


def escalation_json(walk: Escalation, about: About) -> Json:
    """A walk in short."""
    return {
        "escalation_id": walk.id,
        "ladder": walk.ladder,
        "state": str(walk.state),
        "level": walk.level,
        "region": about.region,
        "severity": about.severity,
        "opened_at": there(walk.opened_at),
        _number(about): about.subject,
    }


def _number(about: About) -> str:
    return "order_no" if about.is_order else "case_no"


def _matter(about: About) -> Json:
    if about.is_order:
        order = {"order_no": about.subject, "level": about.kind, "region": about.region, "due_on": about.due_on}
        return {"order": order | {"technician": about.owner}}
    return {"case": case_json(about)}


def case_json(about: About) -> Json:
    """A case in short."""
    told = {
        "case_no": about.subject,
        "mode": LIVE,
        "kind": about.kind,
        "region": about.region,
        "category": about.category,
        "severity": about.severity,
        "owner": about.owner,
    }
    return told | ({"complained_about": list(about.complained_about)} if about.complained_about else {})


def _trigger(reason: Reason | None, walk: Escalation) -> Json:
    if reason is None:  # a policy that has changed meanwhile may know none of its reasons any more
        return {"what": WHAT[On.ASKED], "at": there(walk.reached_at)}
    told: Json = {"what": reason.what, "at": there(reason.at), "rule": reason.rule}
    return told | {"clock": reason.clock} if reason.clock else told


def _newest_reason(dossier: Dossier, walk: Escalation) -> Reason | None:
    joined = [reason for reason in dossier.reasons.values() if reason.joined == walk.id]
    return max(joined, key=lambda reason: (reason.at, reason.key), default=None)


def _step(happening: Happening, walk: Escalation, codes: Mapping[Pair, str]) -> Json:
    return {
        "number": walk.number,
        "level": walk.level,
        "urgent": happening.urgent,
        "rule": happening.rule,
        "targets": [
            {"person": target.person, "role": target.role, "code": codes[walk.id, target.person]}
            for target in happening.targets
        ],
    }


def _team_event(dossier: Dossier, happening: Happening) -> Event:
    team = dossier.team
    if team is None:
        raise ValueError("a team was formed, but there is none")
    told: Json = {"leader": team.leader, "members": list(team.members)}
    if team.visit_at is not None:
        told["visit_at"] = there(team.visit_at)
    data = {"case": case_json(dossier.about), "team": told, "by": happening.by, "at": there(happening.at)}
    return Event("team.formed.v1", dossier.about.subject, team.version, data)


def alert_event(alert: Alert) -> Event:
    """An alert; it names no person and quotes no customer (AL-4)."""
    told: Json = {
        "alert_id": alert.id,
        "kind": alert.kind,
        "severity": alert.severity,
        "region": alert.region,
        "at": there(alert.at),
        "text": alert.text.to_json(),
        "order_no" if alert.is_order else "case_no": alert.subject,
    }
    if alert.clock:
        told["clock"] = alert.clock
    if alert.due_at is not None:
        told["due_at"] = there(alert.due_at)
    return Event("alert.raised.v1", alert.subject, 1, {"alert": told})


def topic(alert: Alert) -> str:
    """Where on the exchange `alerts` it goes."""
    return topic_of(alert.kind, alert.severity, alert.region)
