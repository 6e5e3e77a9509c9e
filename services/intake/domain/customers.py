"""The customer file (IN-10): who somebody is, how they are reached, what they ordered, what they own."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, TypeVar

from shared.kernel.errors import Conflict

T = TypeVar("T")
PHONE: Final = "phone"
EMAIL: Final = "email"


@dataclass(frozen=True, slots=True)
class Order:
    """Something that was ordered."""

    order_no: str
    ordered_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that a customer owns; days are YYYY-MM-DD."""

    model: str | None = None
    serial_no: str | None = None
    order_no: str | None = None
    part_no: str | None = None
    batch: str | None = None
    purchased_on: str | None = None
    shipped_on: str | None = None
    produced_on: str | None = None
    site: str | None = None
    region: str | None = None

    @property
    def sign(self) -> tuple[str | None, ...]:
        """What tells it from others: its serial number, else everything that it has instead of one."""
        if self.serial_no:
            return (self.serial_no,)
        return (None, self.model, self.order_no, self.part_no, self.batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer as the file has them; every change gives a new value."""

    customer_id: str
    version: int = 0
    source: str = ""
    external_ref: str | None = None
    name: str | None = None
    address: str | None = None
    protected: bool = False
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    equipment: tuple[Item, ...] = ()


def completed(person: Person, told: Mapping[str, Any]) -> Person:
    """The customer with what is told of them now: what is new is added, what is told again is replaced."""
    gone = told.get("no_longer", {})
    equipment = tuple(Item(**each) for each in told.get("equipment", ()))
    orders = [Order(**each) for each in told.get("orders", ())]
    orders += [Order(item.order_no) for item in equipment if item.order_no]
    return replace(
        person,
        phones=_joined(person.phones, told.get("phones", ()), gone.get("phones", ())),
        emails=_joined(person.emails, told.get("emails", ()), gone.get("emails", ())),
        orders=_merged(person.orders, orders, lambda order: order.order_no),
        equipment=_merged(person.equipment, equipment, lambda item: item.sign),
        **{name: told[name] for name in ("source", "external_ref", "name", "address", "protected") if name in told},
    )


def changes(old: Person, new: Person) -> list[str]:
    """The names of what differs."""
    names = (each.name for each in fields(Person) if each.name not in ("customer_id", "version"))
    return [name for name in names if getattr(old, name) != getattr(new, name)]


def refuse_another_reference(person: Person, told: Mapping[str, Any], other: Person | None) -> None:
    """Raise Conflict where the customer is known under another reference, or the reference is `other`'s."""
    kept = (person.source, person.external_ref)
    given = (told.get("source", person.source), told.get("external_ref", person.external_ref))
    if person.external_ref is not None and given != kept:
        why = f"customer {person.customer_id} has the reference {person.external_ref} of {person.source or 'nobody'}"
        raise Conflict(why, {"customer_id": person.customer_id, "external_ref": person.external_ref})
    if other is not None and other.customer_id != person.customer_id:
        why = f"this reference is customer {other.customer_id}'s"
        raise Conflict(why, {"customer_id": other.customer_id, "external_ref": other.external_ref})


def name_key(name: str) -> str:
    """The name as it is looked for: width, case and spaces make no difference."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name).casefold())


def as_wire(part: Order | Item) -> dict[str, Any]:
    """An order or a thing that is owned; what is not known is left out."""
    values = ((name, getattr(part, name)) for name in part.__slots__)
    return {name: value for name, value in values if value is not None}


def _joined(old: Iterable[str], new: Iterable[str], gone: Iterable[str]) -> tuple[str, ...]:
    away = set(gone)
    return tuple(dict.fromkeys(each for each in (*old, *new) if each not in away))


def _merged(old: Sequence[T], new: Sequence[T], sign: Any) -> tuple[T, ...]:
    """The old ones with the new ones over them, each once; an empty new value takes no old one away."""
    kept: dict[Any, T] = {sign(each): each for each in old}
    for each in new:
        before = kept.get(sign(each))
        kept[sign(each)] = each if before is None else _over(before, each)
    return tuple(kept.values())


def _over(old: Any, new: Any) -> Any:
    return replace(old, **{name: value for name, value in asdict(new).items() if value is not None})
