"""What proves the record outside of the database: the witness, the digests, the key that signs them (AL-4)."""

from services.intake.gateways.audit.folder import AuditFolder, KeptDigest
from services.intake.gateways.audit.keys import Signer, fingerprint_of, is_signed, open_signer
from services.intake.gateways.audit.seen import Line, Seen

__all__ = ["AuditFolder", "KeptDigest", "Line", "Seen", "Signer", "fingerprint_of", "is_signed", "open_signer"]
