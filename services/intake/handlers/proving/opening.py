"""Where the proof is kept outside of the database, as the operator set it up."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from services.intake.gateways.audit import AuditFolder, Signer, open_signer
from services.intake.settings import Settings
from shared.kernel.errors import Misconfigured

FOLDER: Final = "audit"
_NO_KEY: Final = (
    "AFTERCARE_INTAKE_AUDIT_KEY is not set: give the path of a private key (Ed25519, PEM) that every replica can read"
)


def audit_path(settings: Settings) -> Path:
    """The operator's folder; the embedded suite has one of its own."""
    return settings.audit_folder or settings.data / FOLDER / "intake"


def audit_folder(settings: Settings) -> AuditFolder:
    """The same, to write into."""
    return AuditFolder(audit_path(settings))


def key_opener(settings: Settings) -> Callable[[], Signer]:
    """What opens the key at need; the embedded suite makes one, in production without one nothing is signed.

    The operator's own is opened now; raises Misconfigured where it will not do.
    """
    if settings.audit_key is not None:
        own = open_signer(settings.audit_key, make=False)
        return lambda: own

    def open_key() -> Signer:
        if settings.is_production:
            raise Misconfigured([_NO_KEY])
        return open_signer(settings.data / FOLDER / "intake.key", make=True)

    return open_key
