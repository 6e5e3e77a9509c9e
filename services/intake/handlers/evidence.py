"""Evidence that we keep: taken in, handed out, and looked after (IN-23)."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.intake.domain.evidence import OURS, SCHEME, digits_of, is_ours
from services.intake.domain.mail.files import safe_name
from services.intake.domain.protecting import guarded
from services.intake.domain.refusals import no_such_case
from services.intake.domain.wire import zone_of
from services.intake.gateways.files import Files
from services.intake.handlers.rights import Rights
from services.intake.storage import evidence
from services.intake.storage.repository import CaseFile, Kept
from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]


@dataclass(frozen=True)
class Cupboard:
    """Where evidence lies, and how large a file may be."""

    files: Files
    most_bytes: int

    def take_in(self, connection: sa.Connection, rights: Rights, request: Mapping[str, Any]) -> None:
        """Keep the file of a request before anything refers to it; a file that nothing refers to does no harm."""
        kept = _case(connection, request["case_no"])
        rights.refuse_method("put_evidence", request["by"], kept.case)
        size = len(request["content"])
        if size > self.most_bytes:
            why = (
                f"has {size} bytes; at most {self.most_bytes} are kept: send a smaller file, or refer to one elsewhere"
            )
            raise Invalid.field("content", why)
        self.files.keep(request["content"])


def put_evidence(uow: UnitOfWork, request: Mapping[str, Any]) -> Answer:
    """Have a file that was taken in among those of a case; a step names it by the reference."""
    kept, digest = _case(uow.connection, request["case_no"]), request["digest"]
    file = evidence.File(
        case_no=kept.case.case_no,
        digest=digits_of(digest),
        name=safe_name(request["name"], kept.case.last_seq),
        kind=request["kind"],
        size=len(request["content"]),
        by=request["by"],
        at=uow.now,
        kept=True,
    )
    evidence.put(uow.connection, kept.id, file)
    return {"ref": OURS + digest, "digest": digest, "size": file.size}


def get_evidence(rights: Rights, cupboard: Cupboard, connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """A file with its content; raises NotFound, or Conflict where it is not any more what was put there."""
    kept, digest = _case(connection, request["case_no"]), request["ref"]
    rights.refuse_reading(request["by"], kept.case)
    file = _files(connection, kept).get(digest)
    if file is None:
        raise NotFound(f"case {kept.case.case_no} has no such file", {"ref": OURS + digest})
    if not file.kept:
        raise NotFound("this file was deleted when the customer's data were erased", {"ref": OURS + digest})
    content = cupboard.files.read(file.digest)
    if content is None:
        raise NotFound("this file is gone from the folder of evidence", {"ref": OURS + digest})
    found = cupboard.files.found(file.digest)
    if found != file.digest:
        why = "this file is not any more what was put there: its content was changed"
        raise Conflict(why, {"digest": digest, "found": f"{SCHEME}{found}"})
    told: Answer = guarded(kept.case, {"evidence": file_as_wire(file, kept)})["evidence"]
    return told | {"content": base64.b64encode(content).decode()}


def files_shown(connection: sa.Connection, kept: Kept) -> Answer:
    """The files of a case, without their content; nothing where it has none."""
    files = [file_as_wire(each, kept) for each in evidence.of_case(connection, kept.id)]
    return {"evidence": files} if files else {}


def file_as_wire(file: evidence.File, kept: Kept) -> Answer:
    """A file as it is told of."""
    digest, zone = SCHEME + file.digest, zone_of(kept.case.region)
    about = {"kind": file.kind, "size": file.size, "by": file.by, "at": format_instant(file.at, zone)}
    named = {"name": file.name} if file.name is not None else {}
    return {"ref": OURS + digest, "digest": digest, **named, **about, "kept": file.kept}


def refuse_unkept(cupboard: Cupboard, connection: sa.Connection, request: Mapping[str, Any]) -> None:
    """Raise Invalid where a step names a file of ours that its case does not have, or that was changed."""
    given: Sequence[Mapping[str, Any]] = request.get("evidence", ())
    if not any(is_ours(each["ref"]) for each in given):
        return
    files, problems = _files(connection, _case(connection, request["case_no"])), {}
    for index, each in enumerate(given):
        if not is_ours(each["ref"]):
            continue
        file = files.get(each["digest"])
        if file is None or not file.kept:
            problems[f"evidence.{index}.ref"] = ["is no file of this case; put it there with `put_evidence`"]
            continue
        found = cupboard.files.found(file.digest)
        if found != file.digest:
            now = f"{SCHEME}{found}" if found else "gone"
            problems[f"evidence.{index}.digest"] = [f"is {each['digest']}, but the file is {now}; put it there again"]
    if problems:
        raise Invalid("evidence does not match its digest", problems)


def check_evidence(connection: sa.Connection, files: Files) -> Iterator[Answer]:
    """Every file that is not what was put there: `gone`, or `changed` with the digest that it has now."""
    for each in evidence.everything_kept(connection):
        found = files.found(each.digest)
        if found != each.digest:
            told = {"case_no": each.case_no, "digest": SCHEME + each.digest}
            yield told | ({"what": "gone"} if found is None else {"what": "changed", "found": SCHEME + found})


def _files(connection: sa.Connection, kept: Kept) -> dict[str, evidence.File]:
    return {SCHEME + each.digest: each for each in evidence.of_case(connection, kept.id)}


def _case(connection: sa.Connection, case_no: str) -> Kept:
    kept = CaseFile(connection).find(case_no)
    if kept is None:
        raise no_such_case(case_no)
    return kept
