"""What an auditor works with: an office whose commits are witnessed, reads recorded, days sealed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.intake.domain.proof.reads import Read, harmless
from services.intake.gateways.audit import AuditFolder, open_signer
from services.intake.handlers.proving import Reads, Sealer, case_proof, find_accesses
from services.intake.handlers.rights import Rights
from services.intake.handlers.verifying import Places, Report, verify
from services.intake.handlers.witnessing import WITNESS
from services.intake.schemas.proving import CaseProof, FindAccesses
from shared.base.schema import load
from tests.integration.intake.office import Office

Answer = dict[str, Any]


@dataclass
class Auditor:
    """Everything that proves the record of an office, in a folder of its own."""

    office: Office
    path: Path
    folder: AuditFolder = field(init=False)
    sealer: Sealer = field(init=False)
    reads: Reads = field(init=False)

    def __post_init__(self) -> None:
        self.folder = AuditFolder(self.path)
        self.office.database.listen(WITNESS, self.folder.witness)
        self.sealer = self.sealer_with()
        self.reads = Reads(self.office.database)

    def sealer_with(self, **more: int) -> Sealer:
        """Who seals, with a key that is made beside the folder."""
        key = self.path.with_name("intake.key")
        return Sealer(self.office.database, self.folder, lambda: open_signer(key, make=True), **more)

    def read(self, *case_nos: str, by: Any = "zhang.min", what: str = "get_case", **question: Any) -> None:
        """Look at cases."""
        self.reads.record(Read(by=by, via="rpc", what=what, case_nos=case_nos, question=harmless(question)))

    def reads_of(self, **asked: Any) -> list[Answer]:
        """Who looked at what."""
        with self.office.database.read() as connection:
            found: list[Answer] = find_accesses(connection, load(FindAccesses(), asked))["accesses"]
        return found

    def proof(self, case_no: str, **more: Any) -> Answer:
        """Everything by which somebody else can check a case."""
        asked = load(CaseProof(), {"case_no": case_no, **more})
        with self.office.database.read() as connection:
            return case_proof(self.folder, Rights(self.office.people), self.office.clock.now(), connection, asked)

    def verify(self, case_no: str | None = None) -> Report:
        """Everything compared with everything."""
        url = self.office.database.engine.url.render_as_string(hide_password=False)
        return verify(Places(url, self.path, self.path.with_name("evidence")), case_no)

    def witness_lines(self) -> list[str]:
        """What the witness wrote down."""
        return [line for file, _size in self.folder.witnessed() for line in file.read_text().splitlines()]
