"""Events of others: the newest state of each matter counts, and what it demands is done once (ES-2)."""

from typing import Final

from services.escalation.domain import hearing
from services.escalation.domain.alerts import pile_key
from services.escalation.domain.dossier import Dossier
from services.escalation.domain.policy import PileRule
from services.escalation.domain.recurrence import Registered, pile
from services.escalation.domain.told import ToldCase
from services.escalation.handlers.keeping import alerts_in_hand, dossier_of, note_cause
from services.escalation.handlers.rules import Rules
from services.escalation.handlers.wire import is_history, told_case, told_clock, told_order
from services.escalation.storage import records
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.kernel.regions import is_within
from shared.kernel.vocabulary import RECEIVED

ORDER_EVENTS: Final = [f"order.{change}.v1" for change in "overdue completed missed postponed cancelled".split()]
"""What makes an order overdue, or no longer so."""


def case_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """A case as it is now. An event that was overtaken, or comes again, changes nothing; one of history is ignored."""
    if is_history(event.data):
        return
    told = told_case(event)
    dossier = dossier_of(uow, told.about)
    is_newer = told.version > dossier.version
    hearing.hear_case(dossier, told, rules, uow.now)
    if is_newer:
        _count(uow, dossier, told, rules)
    note_cause(dossier)


def clock_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """A clock as it is now."""
    if is_history(event.data):
        return
    told = told_clock(event)
    dossier = dossier_of(uow, told.about)
    hearing.hear_clock(dossier, told, rules, uow.now)
    note_cause(dossier)


def order_changed(rules: Rules, uow: UnitOfWork, event: Envelope) -> None:
    """A work order that is overdue, or no longer."""
    told = told_order(event)
    dossier = dossier_of(uow, told.about)
    hearing.hear_order(dossier, told, rules, uow.now)
    note_cause(dossier)


def _count(uow: UnitOfWork, dossier: Dossier, told: ToldCase, rules: Rules) -> None:
    """Count the case among those like it, and tell when they pile up (ES-6)."""
    product, category = told.product or "", told.about.category or ""
    came = next((fact.at for fact in told.facts if fact.name == RECEIVED), None)
    if came is None or not (product or category):
        return
    newest = Registered(told.about.subject, told.about.region, came)
    attributes = {**told.about.attributes, "repeat": told.repeat_of is not None}
    meant = [rule for rule in rules.policy.piles if rule.selects.holds(attributes)]
    if not meant or not records.count_in(uow.connection, newest, product, category):
        return
    for rule in meant:
        _look_for_pile(uow, dossier, rule, newest, (product, category), rules)


def _look_for_pile(
    uow: UnitOfWork, dossier: Dossier, rule: PileRule, newest: Registered, named: tuple[str, str], rules: Rules
) -> None:
    """Tell of the pile that this case makes full, unless it was told of within the rule's window."""
    key, window = pile_key(rule, *named), rule.window.elapsed
    told_of = records.alerted_regions(uow.connection, key, uow.now - window)
    told_of |= {alert.region for alert in alerts_in_hand(uow) if alert.pile == key}
    if any(is_within(newest.region, region) for region in told_of):
        return
    near = records.alike(uow.connection, named, newest, window)
    found = pile(rule, near, newest, named)
    if found is not None and not any(is_within(region, found.region) for region in told_of):
        hearing.hear_pile(dossier, rule, found, rules, uow.now)
