"""Flows: what went to each address lately; locked while more is planned for it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.notify.domain.schedule import Flow
from services.notify.storage import tables
from services.notify.storage.chunks import chunks

_flow = tables.flows.c
Key = tuple[str, str]


_BEGIN: Final = {
    dialect.dialect.name: dialect.insert(tables.flows).on_conflict_do_nothing() for dialect in (sqlite, postgresql)
}
_LOCK: Final = (
    sa.select(tables.flows)
    .where(sa.tuple_(_flow.channel, _flow.address).in_(sa.bindparam("keys", expanding=True)))
    .order_by(_flow.channel, _flow.address)
    .with_for_update()
)
_CHANGE: Final = (
    tables.flows.update()
    .where(_flow.channel == sa.bindparam("its_channel"), _flow.address == sa.bindparam("its_address"))
    .values({name: sa.bindparam(name) for name in ("open_until", "step", "held", "counting_from", "counted")})
)


def lock(connection: sa.Connection, keys: Collection[Key]) -> dict[Key, Flow]:
    """The flows of these (channel, address), locked in one order for all; new ones begin."""
    rows = [
        {"channel": channel, "address": address, "step": 0, "held": False, "counted": 0}
        for channel, address in sorted(keys)
    ]
    if rows:
        connection.execute(_BEGIN[connection.dialect.name], rows)
    found: dict[Key, Flow] = {}
    for some in chunks(sorted(keys)):
        for row in connection.execute(_LOCK, {"keys": some}):
            found[row.channel, row.address] = Flow(row.open_until, row.step, row.held, row.counting_from, row.counted)
    return found


def change(connection: sa.Connection, flows: Mapping[Key, Flow]) -> None:
    """Keep flows as they are now."""
    rows = [{"its_channel": key[0], "its_address": key[1], **asdict(flow)} for key, flow in flows.items()]
    if rows:
        connection.execute(_CHANGE, rows)
