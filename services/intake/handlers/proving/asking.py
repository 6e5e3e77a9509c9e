"""Who read which case, and everything by which somebody else can check one without us (AL-4)."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head
from services.intake.domain.proof.digest import path_of
from services.intake.domain.proof.words import ALGORITHM
from services.intake.domain.refusals import no_such_case
from services.intake.domain.wire import CN, case_for_staff
from services.intake.gateways.audit import AuditFolder
from services.intake.handlers.rights import Rights
from services.intake.storage import accesses, digests
from services.intake.storage.chaining import whole
from services.intake.storage.digests import Digest
from services.intake.storage.repository import CaseFile
from shared.base.paging import cut, place_after
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant

Answer = dict[str, Any]

FORMAT: Final = "aftercare case proof 1"


def find_accesses(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """A page of reads, oldest first; `next` is there while there are more."""
    found = accesses.page(connection, request, place_after(request), request["limit"])
    page, following = cut(found, request["limit"], lambda row: (row.at, row.id))
    return {"accesses": [_read(row.body) for row in page], **following}


def _read(body: str) -> Answer:
    said: Answer = json.loads(body)
    return said


def case_proof(
    folder: AuditFolder, rights: Rights, now: datetime, connection: sa.Connection, request: Mapping[str, Any]
) -> Answer:
    """The case with every entry as it is kept, and its place in each signed digest; Forbidden where `by` may not."""
    kept = CaseFile(connection).find(request["case_no"])
    if kept is None:
        raise no_such_case(request["case_no"])
    rights.refuse_reading(request.get("by"), kept.case)
    if kept.case.customer.protected and not request.get("identity"):
        raise Invalid.field("identity", "the proof of this case says who somebody protected is; set it to take it")
    sealed = digests.of_case(connection, kept.id)
    return {
        "format": FORMAT,
        "case_no": kept.case.case_no,
        "made_at": format_instant(now, CN),
        "case": case_for_staff(kept.case),
        "entries": [_entry(row) for row in whole(connection, kept.id, kept.case.version)],
        "digests": [_place(connection, *each) for each in sealed],
        "sealed_up_to": max((head.seq for _digest, _place, head in sealed), default=0),
        "keys": _keys(folder, [digest for digest, _place, _head in sealed]),
        "algorithm": list(ALGORITHM),
    }


def _entry(row: Any) -> Answer:
    kept = {name: getattr(row, name) for name in ("seq", "version", "body", "salt", "seal", "chain")}
    return kept | {"fact": json.loads(row.body), "detail": json.loads(row.detail), "detail_text": row.detail}


def _place(connection: sa.Connection, digest: Digest, place: int, head: Head) -> Answer:
    time.sleep(0)  # thousands of leaves for each day on which the case changed: others go on in between
    leaves = digests.leaves_of(connection, digest.no)
    return {
        "no": digest.no,
        "seq": head.seq,
        "chain": head.chain,
        "leaf": place,
        "leaves": len(leaves),
        "path": path_of(leaves, place),
        "body": digest.body,
        "signature": digest.signature,
    }


def _keys(folder: AuditFolder, sealed: Sequence[Digest]) -> dict[str, str]:
    """The public keys of these digests by fingerprint, as the folder keeps them."""
    named = {json.loads(each.body)["key"] for each in sealed}
    return {name: public for name, public in folder.keys().items() if name in named}
