"""Who would hear of something, and who could not be reached; nobody is told (NO-9)."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from services.notify.domain.happening import Happening
from services.notify.domain.intents import Intent, Skip, intents
from services.notify.domain.recipients import Directory, Subscription
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


def who_would_get(rules: Rules, connection: sa.Connection, request: Answer) -> Answer:
    """Who would hear of an alert with this key, or what a rule made of a case; nobody is told."""
    directory = Directory(rules.people, subscriptions.everything(connection))
    not_case = "case_no" not in request
    found, skipped = _about(rules, connection, directory, request)
    queues = [each for each in directory.subscribed(_alert(request["key"])) if each.channel == AMQP] if not_case else []
    return {
        "key": request["key"],
        "recipients": [_would(each) for each in found] + [_queue(each) for each in queues],
        "skipped": [_skipped(each) for each in skipped],
    }


def _about(
    rules: Rules, connection: sa.Connection, directory: Directory, request: Answer
) -> tuple[list[Intent], list[Skip]]:
    if "case_no" in request:
        found, skipped = intents(_of_case(rules, connection, request), rules.policy, directory)
        mine = request["key"]
        return [each for each in found if each.rule == mine], [each for each in skipped if each.rule == mine]
    return alert_intents(rules, directory, _alert(request["key"]))


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
        at=datetime(2000, 1, 1, tzinfo=UTC),
        region=region,
        severity=severity,
        attributes={"severity": severity, "kind": kind},
        alert_key=key,
    )


def _parse_key(key: str) -> tuple[str, str, str]:
    first, kind, severity, region, *_ = [*key.split(".", 3), "", "", "", ""]
    if first != ALERT or kind not in ALERT_KINDS or severity not in ALERT_SEVERITIES:
        raise Invalid.field("key", "write alert.<kind>.<severity>.<region>, or a rule's name with a case_no")
    return kind, severity, parse_region(region, "key")


def _would(intent: Intent) -> Answer:
    told = {
        "rule": intent.rule,
        "recipient": intent.recipient,
        "audience": intent.audience,
        "channel": intent.channel,
        "to": intent.address,
        "urgent": intent.urgent,
    }
    return told | ({"team": intent.variables["name"]} if intent.audience == TEAM and intent.variables else {})


def _queue(each: Subscription) -> Answer:
    return {"audience": TEAM, "team": each.team, "channel": AMQP, "to": each.address}


def _skipped(skip: Skip) -> Answer:
    return {"rule": skip.rule, "who": skip.who, "reason": skip.reason}
