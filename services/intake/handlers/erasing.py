"""`erase_customer` and `export_customer`: personal data go or are handed over, the record stays (AL-4)."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.case import Customer
from services.intake.domain.dating import Dated
from services.intake.domain.facts import Draft
from services.intake.domain.take import record
from services.intake.domain.vocabulary import ERASED
from services.intake.gateways.files import Files
from services.intake.gateways.mail import Store
from services.intake.handlers.customers import in_brief, no_such_customer
from services.intake.handlers.rights import Rights
from services.intake.handlers.saying import VOICE
from services.intake.handlers.stepping import keep
from services.intake.storage import evidence
from services.intake.storage.chaining import chain_these
from services.intake.storage.customer_tables import customers
from services.intake.storage.customers import CustomerFile, OnFile
from services.intake.storage.personal import PLACES
from services.intake.storage.repository import CaseFile
from services.intake.storage.subjects import (
    Subject,
    files_of,
    kept_again,
    left_of,
    renew_words,
    subject_of,
)
from services.intake.storage.told import forget_texts
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.vouching import admit
from shared.events import Event
from shared.kernel.contacts import national_number
from shared.kernel.erasing import EMAIL, NAME, PHONE, Digest, Term, terms_of
from shared.kernel.errors import Conflict, Misconfigured, Unavailable
from shared.kernel.instants import format_instant
from shared.outbox.erasing import Target, erase
from shared.outbox.forgotten import CUSTOMER_ERASED, Erasure, Forgotten
from shared.outbox.places import CUSTOMER_ID

Answer = dict[str, Any]
_SHOWN: Final = 20


def erase_customer(
    uow: UnitOfWork, people: People, forgotten: Forgotten, digest: Callable[[], Digest], request: Mapping[str, Any]
) -> Answer:
    """Erase somebody's data from intake, say so to the others, and write it into each of their cases.

    Facts, clocks and statistics stay as they are; case numbers too. Asked again, it erases what came since.
    """
    admit(people, request["by"])
    subject = whose(uow.connection, request)
    Rights(people).refuse_concerned(request["by"], [kept.case for kept in subject.cases])
    erasure = _erasure(uow, subject, _digest(digest))
    target = _target(subject, erasure, _digest(digest))
    chain_these(uow.connection, subject.case_ids)
    files = _files_of(uow.connection, subject)
    before = left_of(uow.connection, subject.case_ids)
    rows = erase(uow.connection, PLACES, target)
    forget_texts(uow.connection)
    renew_words(uow.connection, subject.case_ids)
    if subject.on_file:
        _mark(uow, subject.on_file, request["by"])
    left = left_of(uow.connection, subject.case_ids)
    changed = {case_id for case_id, _left in left.items() - before.items()}
    _tell(uow, _to_tell(subject) | changed, left, request["by"], target.eraser.text(request["reason"]))
    forgotten.remember(uow, erasure)
    version = subject.on_file.person.version + 1 if subject.on_file else 1
    VOICE.stage(uow, [Event(CUSTOMER_ERASED, erasure.customer_id or erasure.erasure_id, version, erasure.told())])
    return _answer(subject, rows, files) | {"dry_run": False, "erased_at": format_instant(uow.now)}


def forget_files(store: Store, evidence_files: Files, answer: Mapping[str, Any]) -> None:
    """Delete letters, attachments, evidence of an erasure that is committed; asked again, it deletes what is left."""
    for digest in answer["files"].get("evidence", ()):
        evidence_files.forget(digest)
    for digest in answer["files"]["messages"]:
        store.forget_message(digest)
    for digest in answer["files"]["attachments"]:
        store.forget_attachment(digest)


def foresee_erasure(connection: sa.Connection, digest: Callable[[], Digest], request: Mapping[str, Any]) -> Answer:
    """What would go; nothing does."""
    subject = whose(connection, request)
    target = _target(subject, None, _digest(digest), subject_terms(subject, _digest(digest)))
    rows = erase(connection, PLACES, target, dry=True)
    return _answer(subject, rows, _files_of(connection, subject)) | {"dry_run": True}


def _files_of(connection: sa.Connection, subject: Subject) -> dict[str, list[str]]:
    """The files that are theirs alone: letters, attachments, evidence."""
    own = evidence.only_of(connection, subject.case_ids)
    return files_of(connection, subject) | ({"evidence": own} if own else {})


def whose(connection: sa.Connection, request: Mapping[str, Any]) -> Subject:
    """Who is meant; raises Conflict with the candidates where several are, NotFound where nobody is."""
    wanted = {name: request[name] for name in ("customer_id", "phone", "email") if name in request}
    found = CustomerFile(connection).search(wanted, _SHOWN)
    if len(found) > 1:
        candidates = [in_brief(each.person) for each in found]
        why = f"{len(found)} customers have this {' and '.join(wanted)}; name one by customer_id"
        raise Conflict(why, {"candidates": candidates})
    contacts = [wanted[name] for name in ("phone", "email") if name in wanted]
    subject = subject_of(connection, found[0] if found else None, contacts)
    if not found and ("customer_id" in wanted or not subject.cases):
        raise no_such_customer(wanted)
    return subject


def subject_terms(subject: Subject, digest: Digest) -> list[Term]:
    """Digests of everything by which somebody is known."""
    return [
        *terms_of(digest, NAME, sorted(subject.names)),
        *terms_of(digest, PHONE, sorted(subject.phones), shared=subject.shared),
        *terms_of(digest, EMAIL, sorted(subject.emails), shared=subject.shared),
    ]


def _erasure(uow: UnitOfWork, subject: Subject, digest: Digest) -> Erasure:
    customer_id = subject.on_file.person.customer_id if subject.on_file else None
    terms = subject_terms(subject, digest)
    return Erasure(str(uuid.uuid4()), uow.now, customer_id, subject.case_nos, terms)


def _target(subject: Subject, erasure: Erasure | None, digest: Digest, terms: Sequence[Term] | None = None) -> Target:
    dialled = [national_number(each) for each in subject.own if "@" not in each]
    needles = [*subject.case_nos, *subject.keys[CUSTOMER_ID], *dialled]
    found = erasure.terms if erasure else terms or ()
    return Target(digest, found, subject.keys, contacts=subject.own, needles=needles)


def _digest(digest: Callable[[], Digest]) -> Digest:
    try:
        return digest()
    except Misconfigured as error:
        raise Unavailable(str(error)) from None


def _mark(uow: UnitOfWork, file: OnFile, by: str) -> None:
    """What stays of the customer: the id, when their data were erased, and by whom."""
    if file.erased_at is None:
        marks = {"erased_at": uow.now, "erased_by": by, "version": file.person.version + 1, "changed_at": uow.now}
        uow.connection.execute(customers.update().where(customers.c.id == file.id).values(marks))


def _to_tell(subject: Subject) -> set[int]:
    """The cases that held who it is, or never told of an erasure."""
    return {kept.id for kept in subject.cases if _holds(kept.case.customer) or ERASED not in kept.case.milestones}


def _tell(uow: UnitOfWork, case_ids: set[int], left: Mapping[int, str], by: str, reason: str) -> None:
    """An entry in each of these cases says that, when and by whom, and proves what is left (AL-4)."""
    file = CaseFile(uow.connection)
    for kept in kept_again(uow.connection, sorted(case_ids)):
        draft = Draft(name=ERASED, detail={"reason": reason, "remains": left[kept.id]})
        keep(uow, file, kept, record(kept.case, [draft], by=by, dated=Dated(uow.now), now=uow.now))


def _holds(customer: Customer) -> bool:
    return any((customer.name, customer.phone, customer.email))


def _answer(subject: Subject, rows: Mapping[str, int], files: Mapping[str, Sequence[str]]) -> Answer:
    still_open = [kept.case.case_no for kept in subject.cases if kept.case.is_open]
    answer = {"cases": subject.case_nos, "open_cases": still_open, "rows": dict(rows), "files": dict(files)}
    if subject.on_file:
        answer = {"customer_id": subject.on_file.person.customer_id, **answer}
    return answer
