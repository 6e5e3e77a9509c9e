"""What a witness outside of the database is told after each commit: how far each case's chain goes now (AL-4)."""

from typing import Final

from services.intake.domain.proof.chain import Head
from shared.base.database import UnitOfWork

WITNESS: Final = "witness"


def witness(uow: UnitOfWork, case_no: str, head: Head) -> None:
    """Have it written down outside of the database, once this is committed."""
    uow.tell(WITNESS, f"{case_no} {head.seq} {head.chain}")
