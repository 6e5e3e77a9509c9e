"""Who would hear of something, and who could not be reached; nobody is told (NO-9)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.happening import Happening
from services.notify.domain.intents import Intent, Skip, intents, of_rule
from services.notify.domain.policy import Rule
from services.notify.domain.recipients import ALWAYS_KNOWN, Directory, Subscription, audience_of
from services.notify.domain.told_cases import happenings_of_case
from services.notify.domain.vocabulary import AMQP, TEAM, Trigger
from services.notify.handlers.alerts import alert_intents
from services.notify.handlers.hearing import CASES
from services.notify.handlers.rules import Rules
from services.notify.storage import subscriptions
from shared.kernel.alert_topics import ALERT, ALERT_KINDS, ALERT_SEVERITIES
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.regions import parse_region

Answer = dict[str, Any]
NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing happened."""


def who_would_get(rules: Rules, connection: sa.Connection, request: Answer) -> Answer:
    """Who would hear of an alert with this key, or of what a rule tells; nobody is told."""
    directory, key = Directory(rules.people, subscriptions.everything(connection)), request["key"]
    if "case_no" in request:
        found, skipped = intents(_of_case(rules, connection, request), rules.policy, directory)
        return _told(
            key, [_would(each) for each in found if each.rule == key], [each for each in skipped if each.rule == key]
        )
    if key in rules.policy.rules:
        return _of_rule(rules, directory, rules.policy.rules[key])
    return _of_alert(rules, directory, key)


def _told(key: str, recipients: list[Answer], skipped: Iterable[Skip]) -> Answer:
    return {"key": key, "recipients": recipients, "skipped": [_skipped(each) for each in skipped]}


def _of_alert(rules: Rules, directory: Directory, key: str) -> Answer:
    alert = _alert(key)
    found, skipped = alert_intents(rules, directory, alert)
    teams = {f"team:{each.subscription_id}": {"team": each.team} for each in directory.subscriptions}
    queues = [_queue(each) for each in directory.subscribed(alert) if each.channel == AMQP]
    return _told(key, [_would(each) | teams.get(each.recipient, {}) for each in found] + queues, skipped)


def _of_rule(rules: Rules, directory: Directory, rule: Rule) -> Answer:
    """Those of a rule whom everybody can name, and in a word those whom only a case can tell."""
    always = replace(rule, who=tuple(who for who in rule.who if who.word in ALWAYS_KNOWN))
    nothing = Happening(trigger=rule.when.trigger, name="", key=rule.name, at=NEVER)
    found = list(of_rule(always, nothing, rules.policy, directory))
    known = [_would(each) for each in found if isinstance(each, Intent)]
    open_ = [each for who in rule.who if who not in always.who for each in _only_a_case_tells(rule, who.word)]
    return _told(rule.name, known + open_, [each for each in found if isinstance(each, Skip)])


def _only_a_case_tells(rule: Rule, word: str) -> list[Answer]:
    """A recipient without an address; one on each of the rule's channels, or on the one that is tried first."""
    told: Answer = {"rule": rule.name, "recipient": word, "audience": audience_of(word), "urgent": rule.urgent}
    if told["audience"] == TEAM:  # each by its own subscription
        return [told]
    return [told | {"channel": channel} for channel in (rule.channels if rule.everywhere else rule.channels[:1])]


def _of_case(rules: Rules, connection: sa.Connection, request: Answer) -> list[Happening]:
    if request["key"] not in rules.policy.rules:
        raise Invalid.field("key", f"is no rule; use one of {', '.join(sorted(rules.policy.rules))}")
    case = CASES.get(connection, request["case_no"])
    if case is None:
        raise NotFound(f"case {request['case_no']} is not known here")
    return list(happenings_of_case(case, frozenset(), None))


def _alert(key: str) -> Happening:
    kind, severity, region = _parse_key(key)
    return Happening(
        trigger=Trigger.ALERT,
        name=kind,
        key=key,
        at=NEVER,
        region=region,
        severity=severity,
        attributes={"severity": severity, "kind": kind},
        alert_key=key,
    )


def _parse_key(key: str) -> tuple[str, str, str]:
    first, kind, severity, region, *_ = [*key.split(".", 3), "", "", "", ""]
    if first != ALERT or kind not in ALERT_KINDS or severity not in ALERT_SEVERITIES:
        raise Invalid.field("key", "write alert.<kind>.<severity>.<region>, or the name of a rule")
    return kind, severity, parse_region(region, "key")


def _would(intent: Intent) -> Answer:
    return {
        "rule": intent.rule,
        "recipient": intent.recipient,
        "audience": intent.audience,
        "channel": intent.channel,
        "to": intent.address,
        "urgent": intent.urgent,
    }


def _queue(each: Subscription) -> Answer:
    return {"audience": TEAM, "team": each.team, "channel": AMQP, "to": each.address}


def _skipped(skip: Skip) -> Answer:
    return {"rule": skip.rule, "who": skip.who, "reason": skip.reason}
