"""Alerts go to the teams that subscribed; one that nobody takes goes to ops (NO-4, NO-9)."""

from dataclasses import replace

from services.notify.domain.happening import Happening
from services.notify.domain.intents import Intent, Skip, intents
from services.notify.domain.recipients import Directory
from services.notify.domain.vocabulary import TEAM, UNHEARD
from services.notify.handlers.accepting import accept
from services.notify.handlers.rules import Rules
from services.notify.storage import subscriptions
from shared.base.database import UnitOfWork


def tell_alert(rules: Rules, uow: UnitOfWork, alert: Happening) -> None:
    """One message for each way of each team whose subscription takes the alert."""
    directory = Directory(rules.people, subscriptions.that_may_take(uow.connection, alert.alert_key))
    accept(uow, rules, *alert_intents(rules, directory, alert))


def alert_intents(rules: Rules, directory: Directory, alert: Happening) -> tuple[list[Intent], list[Skip]]:
    """Who is to be told of an alert: its subscribers, else ops."""
    found, skipped = intents([alert], rules.policy, directory)
    if directory.subscribed(alert):
        return found, skipped
    unheard, more = intents([replace(alert, name=UNHEARD, attributes={})], rules.policy, directory)
    return [*found, *(each for each in unheard if each.audience != TEAM)], [*skipped, *more]
