"""The proof (AL-4): who read what, signed digests, proofs for an auditor; and the witness of every commit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from services.intake.domain.proof.reads import Read, harmless
from services.intake.doors.common import Answer, ask, rights_of, settings_of
from services.intake.gateways.audit import AuditFolder
from services.intake.handlers.proving import Reads, Sealer, case_proof, find_accesses
from services.intake.handlers.proving.opening import audit_folder, key_opener
from services.intake.handlers.witnessing import WITNESS
from services.intake.schemas.proving import CaseProof, FindAccesses, SealDigest
from shared.base.traces import current_token
from shared.kernel.errors import Conflict, Misconfigured
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Work
from shared.runtime.regular import Regular
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc


def open_folder(resources: Resources) -> AuditFolder:
    """The folder outside of the database; from now on it hears of every commit."""
    folder = audit_folder(settings_of(resources))
    resources.database.listen(WITNESS, folder.witness)
    resources.checks["witness"] = folder.is_well
    return folder


def sealer_of(resources: Resources) -> Sealer:
    """Who seals the day's digest."""
    settings = settings_of(resources)
    return Sealer(resources.database, audit_folder(settings), key_opener(settings))


def reads_of(resources: Resources) -> Reads:
    """This process's chain of reads."""
    return Reads(resources.database)


def recorded(reads: Reads, what: str, request: Mapping[str, Any], answer: Answer) -> Answer:
    """The answer, once it is written down who got it."""
    token = current_token.get()
    via = f"token:{token}" if token else "rpc"
    shown = shown_in(answer, request)
    reads.record(Read(by=request.get("by") or via, via=via, what=what, case_nos=shown, question=harmless(request)))
    return answer


def shown_in(answer: Mapping[str, Any], request: Mapping[str, Any]) -> list[str]:
    """The numbers of the cases that an answer shows."""
    if "case_no" in request:
        return [request["case_no"]]
    listed = [*answer.get("cases", ()), *(answer.get("customer") or {}).get("cases", ())]
    return list(dict.fromkeys(each["case_no"] for each in listed))


def seal_now(sealer: Sealer) -> Answer:
    """Seal what changed; what cannot be signed is refused."""
    try:
        sealer.chain_old(lambda: False, again=True)
        return {"digests": sealer.seal()}
    except Misconfigured as error:
        raise Conflict(f"no digest is sealed: {error}") from None


class Proof(Operated):
    """Reads, digests, proofs."""

    work = Work()
    rights = Built(rights_of)
    folder = Built(open_folder)
    reads = Built(reads_of)
    sealer = Regular("digests", sealer_of)

    @rpc(FindAccesses)
    def accesses(self, request: Answer) -> Answer:
        """A page of reads."""
        return ask(self.work, find_accesses, request)

    @rpc(CaseProof)
    def case_proof(self, request: Answer) -> Answer:
        """Everything by which somebody else can check a case."""
        answer = ask(self.work, partial(case_proof, self.folder, self.rights, self.work.now()), request)
        return recorded(self.reads, "case_proof", request, answer)

    @rpc(SealDigest)
    def seal_digest(self, _request: Answer) -> Answer:
        """Seal what changed since the last digest."""
        return seal_now(self.sealer)
