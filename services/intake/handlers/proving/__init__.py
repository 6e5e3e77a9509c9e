"""The record proves itself: reads are written down, digests sealed, proofs handed out (AL-4)."""

from services.intake.handlers.proving.asking import case_proof, find_accesses
from services.intake.handlers.proving.reads import Reads
from services.intake.handlers.proving.sealing import Sealer

__all__ = ["Reads", "Sealer", "case_proof", "find_accesses"]
