"""The tables of maintenance: equipment, plans with what became of their slots, orders with their answers, defects."""

from typing import Final

import sqlalchemy as sa

from shared.base.columns import BigId, Instant, Json
from shared.outbox import declare

metadata: Final = sa.MetaData()
messaging: Final = declare(metadata)

equipment: Final = sa.Table(
    "equipment",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    # The serial number without spaces and in small letters: one piece of equipment however it is written (MA-1).
    sa.Column("serial_key", sa.String(200), nullable=False),
    sa.Column("serial_no", sa.String(200), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("customer", sa.String(200)),
    sa.Column("site", sa.String(200)),
    sa.Column("region", sa.String(200), nullable=False),
    sa.Column("installed_on", sa.Date),
    sa.Column("warranty_until", sa.Date),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("administrator", Json, nullable=False),
    sa.Column("registered_at", Instant, nullable=False),
    # When the earliest slot of its plans is decided; none: no plan has a slot left.
    sa.Column("plan_at", Instant),
    sa.UniqueConstraint("serial_key", name="equipment_once"),
)
sa.Index("equipment_plan_at", equipment.c.plan_at)
sa.Index("equipment_region", equipment.c.region)
sa.Index("equipment_site", equipment.c.site)

plans: Final = sa.Table(
    "plans",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("equipment_id", sa.BigInteger, sa.ForeignKey("equipment.id", name="plans_equipment"), nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("period", sa.String(20), nullable=False),
    sa.Column("anchor", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("first_slot", sa.Integer, nullable=False),
    sa.Column("next_slot", sa.Integer, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("set_at", Instant, nullable=False),
    sa.Column("set_by", sa.String(200), nullable=False),
    sa.CheckConstraint("0 <= first_slot AND first_slot <= next_slot", name="plans_slots"),
)
sa.Index(
    "plans_once",
    plans.c.equipment_id,
    plans.c.level,
    unique=True,
    sqlite_where=plans.c.active,
    postgresql_where=plans.c.active,
)

slots: Final = sa.Table(
    "slots",
    metadata,
    sa.Column("plan_id", sa.BigInteger, sa.ForeignKey("plans.id", name="slots_plan"), primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("outcome", sa.String(10), nullable=False),
    sa.Column("into_plan", sa.BigInteger),
    sa.Column("into_slot", sa.Integer),
    sa.Column("reason", sa.String(500)),
    sa.Column("decided_at", Instant, nullable=False),
    sa.CheckConstraint("outcome IN ('made', 'merged', 'skipped')", name="slots_outcome"),
    sa.CheckConstraint("(outcome = 'merged') = (into_plan IS NOT NULL)", name="slots_merged_into"),
    sa.CheckConstraint("outcome = 'made' OR reason IS NOT NULL", name="slots_reason"),
)
sa.Index("slots_into", slots.c.into_plan, slots.c.into_slot)

orders: Final = sa.Table(
    "orders",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("order_no", sa.String(40), nullable=False),
    sa.Column("plan_id", sa.BigInteger, sa.ForeignKey("plans.id", name="orders_plan"), nullable=False),
    sa.Column("slot", sa.Integer, nullable=False),
    sa.Column("equipment_id", sa.BigInteger, sa.ForeignKey("equipment.id", name="orders_equipment"), nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("region", sa.String(200), nullable=False),
    sa.Column("slot_day", sa.Date, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("due_soon_at", Instant, nullable=False),
    sa.Column("opens_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("missed_at", Instant, nullable=False),
    sa.Column("technician", sa.String(200)),
    sa.Column("visit_at", Instant),
    sa.Column("visit_until", Instant),
    sa.Column("postponed", sa.Integer, nullable=False),
    sa.Column("rounds", sa.Integer, nullable=False),
    sa.Column("overdue_at", Instant),
    sa.Column("completed_at", Instant),
    sa.Column("completed_by", sa.String(200)),
    sa.Column("reason", sa.String(500)),
    sa.Column("changed_at", Instant, nullable=False),
    # The mark that time sets next, and its instant.
    sa.Column("next_mark", sa.String(10)),
    sa.Column("next_at", Instant),
    sa.UniqueConstraint("order_no", name="orders_order_no"),
    sa.UniqueConstraint("plan_id", "slot", name="orders_once"),
    sa.CheckConstraint(
        "state IN ('planned', 'scheduled', 'in_progress', 'done', 'checked', 'missed', 'cancelled')",
        name="orders_state",
    ),
    sa.CheckConstraint("(next_mark IS NULL) = (next_at IS NULL)", name="orders_next"),
    sa.CheckConstraint("(visit_at IS NULL) = (visit_until IS NULL)", name="orders_visit"),
    sa.CheckConstraint("visit_at IS NULL OR technician IS NOT NULL", name="orders_technician"),
    sa.CheckConstraint("state != 'scheduled' OR visit_at IS NOT NULL", name="orders_scheduled"),
    sa.CheckConstraint("state NOT IN ('done', 'checked') OR completed_at IS NOT NULL", name="orders_done"),
)
sa.Index("orders_next_at", orders.c.next_at, orders.c.id)
sa.Index("orders_due", orders.c.due_at, orders.c.id)
sa.Index("orders_equipment", orders.c.equipment_id, orders.c.state)
sa.Index("orders_technician", orders.c.technician, orders.c.visit_at)

order_steps: Final = sa.Table(
    "order_steps",
    metadata,
    sa.Column("order_id", sa.BigInteger, sa.ForeignKey("orders.id", name="order_steps_order"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", sa.String(20), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("note", sa.String(500)),
)

order_items: Final = sa.Table(
    "order_items",
    metadata,
    sa.Column("order_id", sa.BigInteger, sa.ForeignKey("orders.id", name="order_items_order"), primary_key=True),
    # A check that was not passed sends the order back: then its checklist is answered in another round.
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(40), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("text", Json, nullable=False),
    sa.Column("result", sa.String(20), nullable=False),
    sa.Column("reading", sa.String(200)),
    sa.Column("note", sa.Text),
    sa.Column("evidence", Json, nullable=False),
    sa.CheckConstraint("result IN ('ok', 'failed', 'not_applicable')", name="order_items_result"),
)

defects: Final = sa.Table(
    "defects",
    metadata,
    sa.Column("defect_id", sa.String(90), primary_key=True),
    sa.Column("order_id", sa.BigInteger, sa.ForeignKey("orders.id", name="defects_order"), nullable=False),
    sa.Column("equipment_id", sa.BigInteger, sa.ForeignKey("equipment.id", name="defects_equipment"), nullable=False),
    sa.Column("item", sa.String(40), nullable=False),
    sa.Column("text", Json, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("reading", sa.String(200)),
    sa.Column("found_at", Instant, nullable=False),
    # The repair case that intake opened for it, as it was told last (MA-5).
    sa.Column("case_no", sa.String(20)),
    sa.Column("case_version", sa.BigInteger),
    sa.Column("case_state", sa.String(20)),
)
sa.Index("defects_order", defects.c.order_id)
sa.Index("defects_equipment", defects.c.equipment_id)

technicians: Final = sa.Table(
    "technicians",
    metadata,
    # Locked while somebody is booked, so that nobody is booked twice for one time (MA-7).
    sa.Column("person", sa.String(200), primary_key=True),
)
