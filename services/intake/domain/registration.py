"""Registering: what the customer brought becomes a case and its first facts (IN-1 to IN-3, IN-16)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from services.intake.domain.case import Account, Case, Customer
from services.intake.domain.dating import Dated, refuse_ahead
from services.intake.domain.facts import Draft, Entry, Fact
from services.intake.domain.replay import begin
from services.intake.domain.rules import authority_draft
from services.intake.domain.take import Taken, record
from services.intake.domain.vocabulary import HISTORY_SOURCE
from shared.kernel.vocabulary import HISTORY, RECEIVED


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority that passed the case on, and the date that it set."""

    name: str
    reference: str | None = None
    reply_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A validated request to register."""

    kind: str
    channel: str
    region: str
    severity: str
    verifiable: bool
    mode: str
    customer: Customer
    account: Account
    category: str | None = None
    source: str = ""
    external_ref: str | None = None
    occurred_at: datetime | None = None
    product: Mapping[str, Any] = field(default_factory=dict)
    authority: Authority | None = None
    repeat_of: str | None = None
    registrar: str | None = None
    customer_id: str | None = None
    complained_about: Sequence[str] = ()

    @property
    def by(self) -> str:
        """Who registers: the registrar, or the system behind the channel."""
        if self.registrar:
            return self.registrar
        return HISTORY_SOURCE if self.mode == HISTORY else f"system:{self.channel}"


def register(case_no: str, asked: Registration, now: datetime, marks: Mapping[str, Any] | None = None) -> Taken:
    """The case that a registration makes, at version 1; raises Invalid at `occurred_at` when it lies ahead."""
    at = asked.occurred_at or now
    if asked.mode != HISTORY:
        refuse_ahead(at, now, "occurred_at")
    received = Entry(
        Fact(seq=1, name=RECEIVED, at=at, recorded_at=now, by=asked.by, set=_attributes(asked)),
        {"customer": asked.customer.known(), "account": asdict(asked.account), **_chosen(asked), **(marks or {})},
    )
    case = replace(begin(case_no, received), customer_id=asked.customer_id)
    drafts = _authority(asked.authority)
    taken = record(case, drafts, by=asked.by, dated=Dated(at), now=now)
    return Taken(taken.case, [received, *taken.entries])


def differences(first: Case, notice: Entry | None, asked: Registration) -> list[str]:
    """The fields in which a second registration of the same matter differs from the first one (IN-16)."""
    return sorted(name for name, old, new in _compared(first, notice, asked) if old != new)


def _compared(first: Case, notice: Entry | None, asked: Registration) -> Iterator[tuple[str, Any, Any]]:
    for name in ("kind", "region", "severity", "verifiable", "mode", "category", "repeat_of"):
        yield name, getattr(first, name), getattr(asked, name)
    for name, old in asdict(first.account).items():
        yield name, old, getattr(asked.account, name)
    for name, old in asdict(first.customer).items():
        yield f"customer.{name}", old, getattr(asked.customer, name)
    for name in {*first.product, *asked.product}:
        yield f"product.{name}", first.product.get(name), asked.product.get(name)
    yield "complained_about", list(first.complained_about), list(asked.complained_about)
    if asked.occurred_at is not None:
        yield "occurred_at", first.received_at, asked.occurred_at
    yield from _compared_authority(notice.fact if notice else None, asked.authority)


def _compared_authority(notice: Fact | None, asked: Authority | None) -> Iterator[tuple[str, Any, Any]]:
    yield "authority.name", notice and notice.set["authority"], asked and asked.name
    yield "authority.reference", notice and notice.key, asked and asked.reference
    yield "authority.reply_due_at", notice and notice.due_at, asked and asked.reply_due_at


def _chosen(asked: Registration) -> dict[str, Any]:
    """Whom of the customer file the clerk named."""
    return {"customer_id": asked.customer_id} if asked.customer_id else {}


def _authority(authority: Authority | None) -> list[Draft]:
    if authority is None:
        return []
    return [authority_draft(authority.name, authority.reference, authority.reply_due_at)]


def _attributes(asked: Registration) -> dict[str, Any]:
    """The initial attributes, which everybody may know."""
    always = {
        name: getattr(asked, name)
        for name in ("kind", "channel", "mode", "region", "category", "severity", "verifiable")
    }
    given = {name: getattr(asked, name) for name in ("source", "external_ref", "repeat_of", "product")}
    given["complained_about"] = list(asked.complained_about)
    return always | {name: value for name, value in given.items() if value}
