"""What proves the record outside of the database: the witness, the digests, the key that signs them (AL-4)."""

from services.intake.gateways.audit.folder import AuditFolder, KeptDigest
from services.intake.gateways.audit.keys import Signer, fingerprint_of, is_signed, open_signer

__all__ = ["AuditFolder", "KeptDigest", "Signer", "fingerprint_of", "is_signed", "open_signer"]
