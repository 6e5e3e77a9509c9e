"""The customer file, as seen on one connection; statements are built once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.domain.customers import EMAIL, PHONE, Item, Order, Person, name_key
from services.intake.storage.customer_tables import customer_contacts, customer_equipment, customer_orders, customers

_c: Final = customers.c
_contact: Final = customer_contacts.c
_INSERT: Final = {
    "sqlite": sqlite.insert(customers).on_conflict_do_nothing().returning(_c.id),
    "postgresql": postgresql.insert(customers).on_conflict_do_nothing().returning(_c.id),
}
_FIND: Final = sa.select(customers).where(_c.customer_id == sa.bindparam("its_id"))
_FIND_REFERENCE: Final = sa.select(customers).where(
    _c.source == sa.bindparam("its_source"), _c.external_ref == sa.bindparam("its_reference")
)
_BELONGINGS: Final = (customer_contacts, customer_orders, customer_equipment)
_OF_CUSTOMERS: Final = {
    table: sa.select(table)
    .where(table.c.customer.in_(sa.bindparam("keys", expanding=True)))
    .order_by(table.c.customer, table.c.place)
    for table in _BELONGINGS
}
_OF_CONTACT: Final = (
    sa.select(customers)
    .where(_c.id.in_(sa.select(_contact.customer).where(_contact.value == sa.bindparam("value"))))
    .order_by(_c.id)
    .limit(sa.bindparam("most"))
)
_ITEM: Final = [name for name in customer_equipment.c.keys() if name not in ("customer", "place")]  # noqa: SIM118 - a collection of columns, which is no mapping
_SIMPLE: Final = ("customer_id", "version", "source", "external_ref", "name", "address", "protected")


@dataclass(frozen=True, slots=True)
class OnFile:
    """A customer with what only the row holds."""

    id: int
    person: Person
    changed_at: datetime
    erased_at: datetime | None
    erased_by: str | None


class CustomerFile:
    """The customers."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, person: Person, now: datetime) -> bool:
        """Keep a new customer; False, and nothing done, when the id or the reference is taken."""
        row = _row(person, now) | {"created_at": now}
        key = self._connection.scalar(_INSERT[self._connection.dialect.name], row)
        if key is None:
            return False
        self._keep_belongings(key, person)
        return True

    def change(self, old: OnFile, person: Person, now: datetime) -> None:
        """Keep what became of a customer; the row is locked since it was found."""
        self._connection.execute(customers.update().where(_c.id == old.id).values(_row(person, now)))
        for table in _BELONGINGS:
            self._connection.execute(table.delete().where(table.c.customer == old.id))
        self._keep_belongings(old.id, person)

    def find(self, customer_id: str) -> OnFile | None:
        """The customer of this id."""
        return self._one(_FIND, its_id=customer_id)

    def find_reference(self, source: str, external_ref: str | None) -> OnFile | None:
        """The customer of this reference."""
        if external_ref is None:
            return None
        return self._one(_FIND_REFERENCE, its_source=source, its_reference=external_ref)

    def find_to_change(self, told: Mapping[str, Any]) -> OnFile | None:
        """The customer whom a request names, by id or else by reference; locked until this transaction ends."""
        if "customer_id" in told:
            return self._one(_FIND.with_for_update(), its_id=told["customer_id"])
        if "external_ref" in told:
            named = {"its_source": told.get("source", ""), "its_reference": told["external_ref"]}
            return self._one(_FIND_REFERENCE.with_for_update(), **named)
        return None

    def search(self, wanted: Mapping[str, Any], limit: int) -> list[OnFile]:
        """Those of whom all of this is true, oldest first."""
        query = sa.select(customers).where(*_conditions(wanted)).order_by(_c.id).limit(limit)
        return self._read(self._connection.execute(query).mappings().all())

    def of_contact(self, value: str, limit: int) -> list[OnFile]:
        """Those whom a number or an address reaches."""
        return self._read(self._connection.execute(_OF_CONTACT, {"value": value, "most": limit}).mappings().all())

    def _one(self, query: sa.Select[Any], **named: Any) -> OnFile | None:
        row = self._connection.execute(query, named).mappings().one_or_none()
        return self._read([row])[0] if row is not None else None

    def _read(self, rows: Sequence[Any]) -> list[OnFile]:
        """The customers in these rows; three more queries, however many they are."""
        keys = [row["id"] for row in rows]
        if not keys:
            return []
        contacts, orders, items = (self._belongings(table, keys) for table in _BELONGINGS)
        return [_on_file(row, contacts[row["id"]], orders[row["id"]], items[row["id"]]) for row in rows]

    def _belongings(self, table: sa.Table, keys: Sequence[int]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {key: [] for key in keys}
        for row in self._connection.execute(_OF_CUSTOMERS[table], {"keys": list(keys)}):
            found[row.customer].append(row)
        return found

    def _keep_belongings(self, key: int, person: Person) -> None:
        contacts = [{"kind": PHONE, "value": phone} for phone in person.phones]
        contacts += [{"kind": EMAIL, "value": email} for email in person.emails]
        rows = (contacts, [asdict(order) for order in person.orders], [asdict(item) for item in person.equipment])
        for table, belongings in zip(_BELONGINGS, rows, strict=True):
            if belongings:
                placed = [each | {"customer": key, "place": place} for place, each in enumerate(belongings)]
                self._connection.execute(table.insert(), placed)


def is_reached(connection: sa.Connection, customer_id: str, contact: str) -> bool:
    """Whether this customer is reached by this number or address."""
    reached = sa.select(_c.id).where(_c.customer_id == customer_id, _reached_by(contact))
    return connection.scalar(reached) is not None


def owned_as(connection: sa.Connection, serial_no: str) -> Item | None:
    """What a customer owns with this serial number; None where nobody does, or several say so."""
    owned = sa.select(customer_equipment).where(customer_equipment.c.serial_no == serial_no).limit(2)
    rows = connection.execute(owned).all()
    return _item(rows[0]) if len(rows) == 1 else None


def the_only_one(*contacts: sa.BindParameter[Any]) -> sa.ScalarSelect[Any]:
    """The id of the customer whom these numbers and addresses reach; NULL when they reach none, or several."""
    reached = sa.select(_c.customer_id).join(customer_contacts, _contact.customer == _c.id)
    several = sa.func.count(sa.distinct(_c.customer_id))
    only = sa.case((several == 1, sa.func.min(_c.customer_id)), else_=sa.null())
    return reached.with_only_columns(only).where(_contact.value.in_(contacts)).scalar_subquery()


def _conditions(wanted: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [_c.erased_at.is_(None)] if "customer_id" not in wanted else []
    for name, value in wanted.items():
        if name == "customer_id":
            conditions.append(_c.customer_id == value)
        elif name == "name":
            conditions.append(_c.name_key == name_key(value))
        elif name in (PHONE, EMAIL):
            conditions.append(_reached_by(value))
        else:
            table = customer_equipment if name == "serial_no" else customer_orders
            conditions.append(_c.id.in_(sa.select(table.c.customer).where(table.c[name] == value)))
    return conditions


def _reached_by(value: str) -> sa.ColumnElement[bool]:
    return _c.id.in_(sa.select(_contact.customer).where(_contact.value == value))


def _row(person: Person, now: datetime) -> dict[str, Any]:
    key = name_key(person.name)[:400] if person.name else None
    return {name: getattr(person, name) for name in _SIMPLE} | {"name_key": key, "changed_at": now}


def _on_file(row: Any, contacts: Sequence[Any], orders: Sequence[Any], items: Sequence[Any]) -> OnFile:
    person = Person(
        **{name: row[name] for name in _SIMPLE},
        phones=tuple(each.value for each in contacts if each.kind == PHONE),
        emails=tuple(each.value for each in contacts if each.kind == EMAIL),
        orders=tuple(Order(each.order_no, each.ordered_on) for each in orders),
        equipment=tuple(_item(each) for each in items),
    )
    return OnFile(row["id"], person, row["changed_at"], row["erased_at"], row["erased_by"])


def _item(row: Any) -> Item:
    return Item(**{name: getattr(row, name) for name in _ITEM})
