"""Subscriptions of teams; they outlive restarts (NO-4)."""

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from services.notify.domain.bindings import head_of, heads_for
from services.notify.domain.recipients import Subscription
from services.notify.storage import tables

_subscription = tables.subscriptions.c
_COLUMNS = [
    _subscription[name] for name in ("subscription_id", "team", "pattern", "channel", "address", "min_severity")
]

_OLDEST_FIRST = sa.select(*_COLUMNS).order_by(_subscription.created_at, _subscription.subscription_id)
_MAY_TAKE = _OLDEST_FIRST.where(_subscription.head.in_(sa.bindparam("heads", expanding=True)))


def everything(connection: sa.Connection, team: str | None = None) -> tuple[Subscription, ...]:
    """All subscriptions, or those of a team, oldest first."""
    query = _OLDEST_FIRST if team is None else _OLDEST_FIRST.where(_subscription.team == team)
    return tuple(Subscription(**row) for row in connection.execute(query).mappings())


def that_may_take(connection: sa.Connection, alert_key: str) -> tuple[Subscription, ...]:
    """The subscriptions whose patterns can take an alert with this key, and few others; oldest first."""
    rows = connection.execute(_MAY_TAKE, {"heads": heads_for(alert_key)}).mappings()
    return tuple(Subscription(**row) for row in rows)


def same(connection: sa.Connection, wanted: Subscription) -> Subscription | None:
    """The subscription of this team to this pattern by this way, if there is one."""
    query = sa.select(*_COLUMNS).where(
        _subscription.team == wanted.team,
        _subscription.pattern == wanted.pattern,
        _subscription.channel == wanted.channel,
        _subscription.address == wanted.address,
    )
    row = connection.execute(query).mappings().one_or_none()
    return Subscription(**row) if row else None


def keep(connection: sa.Connection, subscription: Subscription, now: datetime) -> None:
    """Keep a subscription; the same way again changes its least severity."""
    changed = connection.execute(
        tables.subscriptions.update()
        .where(_subscription.subscription_id == subscription.subscription_id)
        .values(min_severity=subscription.min_severity)
    )
    if not changed.rowcount:
        row = {**asdict(subscription), "created_at": now, "head": head_of(subscription.pattern)}
        connection.execute(tables.subscriptions.insert(), row)


def remove(connection: sa.Connection, subscription_id: str) -> None:
    """Take one away."""
    connection.execute(tables.subscriptions.delete().where(_subscription.subscription_id == subscription_id))
