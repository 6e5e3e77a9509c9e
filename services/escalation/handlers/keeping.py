"""Dossiers of one unit of work: opened once, worked on by every event about them, written together at its end."""

from dataclasses import replace

from services.escalation.domain.about import About
from services.escalation.domain.alerts import Alert
from services.escalation.domain.dossier import Dossier
from services.escalation.domain.escalation import What
from services.escalation.domain.story import line_of, line_of_alert
from services.escalation.handlers.saying import VOICE, alert_event, events_of, topic
from services.escalation.storage import dossiers, records
from services.escalation.storage.records import Pair
from shared.base.broker import ALERTS_EXCHANGE
from shared.base.database import UnitOfWork
from shared.base.traces import going_on, trace_here

TIMERS_SIGNAL = "timers"


def dossier_of(uow: UnitOfWork, about: About) -> Dossier:
    """The dossier of a matter, as it stands in this unit of work, begun where there is none."""
    in_hand = [each for each in uow.collected(_write) if each.about.subject == about.subject]
    if in_hand:
        found: Dossier = in_hand[0]
        return found
    opened = dossiers.open_one(uow.connection, about)
    uow.collect(_write, [opened])
    return opened


def alerts_in_hand(uow: UnitOfWork) -> list[Alert]:
    """The alerts of this unit of work that are not written yet."""
    return [alert for each in uow.collected(_write) for alert in each.alerts]


def note_cause(dossier: Dossier) -> None:
    """What has just happened belongs to the trace that goes on here; it is said at the end of the unit of work."""
    trace = trace_here()
    dossier.happened[:] = [each if each.trace else replace(each, trace=trace) for each in dossier.happened]
    dossier.alerts[:] = [each if each.trace else replace(each, trace=trace) for each in dossier.alerts]


def keep(uow: UnitOfWork, worked_on: list[Dossier]) -> None:
    """Have dossiers that were locked in another way written at the end of the unit of work."""
    for each in worked_on:
        note_cause(each)
    uow.collect(_write, worked_on)


def _write(uow: UnitOfWork, worked_on: list[Dossier]) -> None:
    """Keep what has changed, and say what happened, for all of them in a few statements."""
    connection = uow.connection
    if any(walk.next_at is not None for each in worked_on for walk in each.new_walks()):
        uow.signal(TIMERS_SIGNAL)
    dossiers.save(connection, worked_on)
    codes = records.codes_for(connection, _asked(worked_on))
    records.close_codes(connection, _over(worked_on))
    alerts = {alert.id: alert for each in worked_on for alert in each.alerts}
    raised = records.add_alerts(connection, alerts.values(), uow.now)
    lines = [(each.about.subject, line_of(happening, each.team)) for each in worked_on for happening in each.happened]
    lines += [(alerts[each].subject, line_of_alert(alerts[each], uow.now)) for each in alerts if each in raised]
    records.add_story(connection, lines)
    for each in worked_on:
        for trace, event in events_of(each, codes):
            with going_on(trace):
                VOICE.stage(uow, [event])
    _stage_alerts(uow, [alert for alert in alerts.values() if alert.id in raised])


def _stage_alerts(uow: UnitOfWork, alerts: list[Alert]) -> None:
    for alert in alerts:
        with going_on(alert.trace):
            VOICE.stage(uow, [alert_event(alert)])
            VOICE.stage_on(uow, ALERTS_EXCHANGE, topic(alert), alert_event(alert))


def _asked(worked_on: list[Dossier]) -> set[Pair]:
    return {
        (happening.walk.id, target.person)
        for each in worked_on
        for happening in each.happened
        if happening.walk is not None
        for target in happening.targets
    }


def _over(worked_on: list[Dossier]) -> set[str]:
    ended = [each for dossier in worked_on for each in dossier.happened if each.what is What.RESOLVED]
    return {happening.walk.id for happening in ended if happening.walk is not None}
