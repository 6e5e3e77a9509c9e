"""The relay's window: confirms matched by delivery tag, in any order and any grouping."""

from collections import defaultdict
from collections.abc import Set
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from shared.base.clock import wall_now
from shared.events import Event
from shared.outbox.relay import LARGEST, ROOM, WINDOW, NotConfirmed, Publisher, Relay, Window, _missed
from tests.unit.outbox.conftest import Desk, tables


class Broker:
    """Stands for a publisher: takes what it is told to take."""

    def __init__(self, *, nack: Set[str] = frozenset(), unroutable: Set[str] = frozenset()) -> None:
        self.nack, self.unroutable = nack, unroutable
        self.windows: list[list[str]] = []

    def publish(self, rows: Any) -> Window:
        """One window."""
        window = Window(rows=dict(enumerate(rows, 1)))
        self.windows.append([row.routing_key for row in rows])
        for tag, row in enumerate(rows, 1):
            if row.routing_key in self.unroutable:
                window.returned.add(row.event_id)
            (window.on_nack if row.routing_key in self.nack else window.on_ack)(tag, False)
        return window


def stage(desk: Desk, *kinds: str) -> None:
    with desk.database.write() as uow:
        desk.voice.stage(uow, [Event(kind, "case", 1, {}) for kind in kinds])


def pending(desk: Desk) -> list[str]:
    return [row.routing_key for row in desk.rows(tables.outbox) if row.sent_at is None]


HEARD, UNHEARD, FREE = "case.registered.v1", "case.closed.v1", "call.missed.v1"


@given(st.integers(1, 30), st.randoms(use_true_random=False), st.data())
def test_every_row_is_settled_once_whatever_the_confirms_look_like(count: int, random: Any, data: Any) -> None:
    window = Window(rows={tag: f"row {tag}" for tag in range(1, count + 1)})
    tags = list(range(1, count + 1))
    random.shuffle(tags)
    for tag in tags:
        multiple, nack = data.draw(st.booleans()), data.draw(st.booleans())
        (window.on_nack if nack else window.on_ack)(tag, multiple)
    assert window.rows == {}
    assert len(window.confirmed) + window.nacked == count
    assert len(set(window.confirmed)) == len(window.confirmed)


def test_a_confirm_for_many_takes_all_up_to_its_tag() -> None:
    window = Window(rows={tag: tag for tag in (5, 6, 7, 8)})
    window.on_ack(7, True)
    assert (window.confirmed, list(window.rows)) == ([5, 6, 7], [8])
    window.on_ack(3, False)
    assert list(window.rows) == [8]


def test_a_window_of_rows_is_sent_and_marked(desk: Desk) -> None:
    stage(desk, *[HEARD] * (WINDOW + 3))
    relay, broker = Relay(desk.database, tables.outbox), Broker()
    outcome = relay.turn(broker)
    assert (outcome.sent, outcome.refused, outcome.more) == (WINDOW, 0, True)
    assert relay.pending()[0] == 3
    rest = relay.turn(broker)
    assert (rest.sent, rest.more) == (3, False)
    assert relay.turn(broker).last is None
    assert [len(window) for window in broker.windows] == [WINDOW, 3]


@pytest.mark.parametrize(
    ("characters", "most"), [(10, LARGEST), (ROOM // LARGEST, LARGEST), (ROOM // 400, 400), (ROOM // 100, WINDOW)]
)
def test_while_many_wait_windows_are_as_large_as_they_have_room(desk: Desk, characters: int, most: int) -> None:
    stage(desk, *[HEARD] * (WINDOW + most + 1))
    desk.change(tables.outbox.update().values(body="x" * characters))
    relay, broker = Relay(desk.database, tables.outbox), Broker()
    first = relay.turn(broker)
    second = relay.turn(broker, most=first.most)
    assert (first.most, second.sent, second.more, second.most) == (most, most, True, most)
    last = relay.turn(broker, most=second.most)
    assert (last.sent, last.more, last.most) == (1, False, WINDOW)


def test_what_the_broker_refuses_stays_pending(desk: Desk) -> None:
    stage(desk, HEARD, UNHEARD, FREE)
    outcome = Relay(desk.database, tables.outbox).turn(Broker(nack={UNHEARD}))
    assert (outcome.sent, outcome.refused) == (2, 1)
    assert pending(desk) == [UNHEARD]


def test_what_nobody_hears_is_sent_where_nobody_must_hear_it(desk: Desk) -> None:
    stage(desk, HEARD, UNHEARD, FREE)
    outcome = Relay(desk.database, tables.outbox).turn(Broker(unroutable={UNHEARD, FREE}))
    assert (outcome.sent, outcome.unheard, outcome.refused) == (2, 1, 1)
    assert pending(desk) == [UNHEARD]


def test_an_alert_without_a_team_is_sent() -> None:
    row = SimpleNamespace(event_id="e", exchange="alerts", routing_key="case.registered.v1")
    assert not _missed(row, Window(returned={"e"}))


def test_a_pass_steps_over_what_nobody_takes(desk: Desk) -> None:
    stage(desk, *[UNHEARD] * (WINDOW + 5), HEARD)
    relay, broker = Relay(desk.database, tables.outbox), Broker(unroutable={UNHEARD})
    first = relay.turn(broker)
    assert (first.sent, first.refused) == (0, WINDOW)
    second = relay.turn(broker, first.last or 0)
    assert (second.sent, second.refused) == (1, 5)
    assert set(pending(desk)) == {UNHEARD}


def test_it_tells_how_many_wait_and_how_long(desk: Desk) -> None:
    relay = Relay(desk.database, tables.outbox)
    assert relay.pending() == (0, 0.0)
    stage(desk, HEARD, HEARD)
    desk.change(tables.outbox.update().values(staged_at=wall_now() - timedelta(seconds=90)))
    count, age = relay.pending()
    assert count == 2
    assert 90 <= age < 100


def test_a_window_is_read_off_the_index_also_where_nobody_counted_the_rows(postgres_desk: Desk) -> None:
    desk, said = postgres_desk, []
    with desk.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ALTER TABLE outbox SET (autovacuum_enabled = false)"))
        connection.execute(sa.text("VACUUM ANALYZE outbox"))
    stage(desk, *[HEARD] * 20 * WINDOW)

    @sa.event.listens_for(desk.database.engine, "before_cursor_execute")
    def _heard(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        said.append((statement, values))

    Relay(desk.database, tables.outbox).turn(Broker())
    sa.event.remove(desk.database.engine, "before_cursor_execute", _heard)
    claim = next(n for n, (statement, _values) in enumerate(said) if statement.startswith("SELECT"))
    with desk.database.read() as connection:
        for statement, values in said[:claim]:
            connection.exec_driver_sql(statement, values)
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {said[claim][0]}", said[claim][1]).scalars())
    assert "Index Scan using outbox_pending" in plan
    assert "Sort" not in plan


def test_two_relays_share_the_rows(postgres_desk: Desk) -> None:
    desk = postgres_desk
    stage(desk, *[HEARD] * (WINDOW + 3))
    relay, broker = Relay(desk.database, tables.outbox), Broker()

    class Meanwhile(Broker):
        """While this one's window is in flight, the other relay takes a turn."""

        def publish(self, rows: Any) -> Window:
            assert relay.turn(broker).sent == 3
            return super().publish(rows)

    assert Relay(desk.database, tables.outbox).turn(Meanwhile()).sent == WINDOW
    with desk.database.read() as connection:
        left = connection.scalar(
            sa.select(sa.func.count()).select_from(tables.outbox).where(tables.outbox.c.sent_at.is_(None))
        )
    assert left == 0


class Silent:
    """A link to a broker that takes everything and says nothing."""

    channel_id = 1
    frame_max = 131_072

    def __init__(self) -> None:
        self.events: defaultdict[str, set[Any]] = defaultdict(set)
        self.written = b""

    def channel(self) -> Any:
        """Itself."""
        return self

    def write(self, frames: bytes) -> None:
        """Take it."""
        self.written += frames

    def pump(self, timeout: float) -> bool:
        """Nothing comes."""
        return timeout < 0

    def __getattr__(self, name: str) -> Any:
        assert name.endswith(("_declare", "_bind", "_select")), name
        return lambda *_arguments, **_options: None


def test_a_broker_that_confirms_nothing_is_given_up_within_the_limit(desk: Desk) -> None:
    stage(desk, HEARD, HEARD)
    silent = Silent()
    with pytest.raises(NotConfirmed, match="2 messages"):
        Relay(desk.database, tables.outbox).turn(Publisher(silent, confirm_seconds=0.05))
    assert silent.written.count(HEARD.encode()) == 4, "two messages, by their keys and in their bodies"
    assert pending(desk) == [HEARD, HEARD]


def test_a_relay_that_dies_in_the_middle_leaves_its_rows(desk: Desk) -> None:
    stage(desk, HEARD)

    class Dying(Broker):
        """The connection breaks."""

        def publish(self, rows: Any) -> Window:
            raise ConnectionResetError(len(rows))

    relay = Relay(desk.database, tables.outbox)
    for _ in range(2):
        try:
            relay.turn(Dying())
        except ConnectionResetError:
            assert pending(desk) == [HEARD]
    assert relay.turn(Broker()).sent == 1
