"""The settings of intake."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings
from shared.base.settings import folder, from_file, one_of, setting, whole_number
from shared.kernel.vocabulary import KINDS

PER_SECOND = whole_number(0, 1_000_000)
LIMIT = "write requests a second, or 0 for no limit"
LEAST_SECRET = 32


def whole_seconds(text: str) -> float:
    """A pause of at least a second."""
    return float(whole_number(1, 86_400)(text))


def page_of_code(text: str) -> str:
    """The address of a page, with the place of a survey's code."""
    if not text.startswith(("https://", "http://")) or "{code}" not in text:
        raise ValueError("no such address")
    return text


def long_secret(text: str) -> str:
    """A secret that is not guessed."""
    if len(text) < LEAST_SECRET:
        raise ValueError("too short")
    return text


@dataclass(frozen=True, kw_only=True)
class MailSettings(ServiceSettings):
    """The mailbox, and what is taken from it."""

    imap_url: str | None = setting(
        "AFTERCARE_INTAKE_IMAP_URL", str, "write imaps://user:password@host:993/INBOX", default=None
    )
    imap_password_file: Path | None = setting(
        "AFTERCARE_INTAKE_IMAP_PASSWORD_FILE", from_file, "write the path of a file with the password", default=None
    )
    imap_done: str | None = setting(
        "AFTERCARE_INTAKE_IMAP_DONE", str, "write the folder to which messages that were taken are moved", default=None
    )
    imap_seconds: float = setting(
        "AFTERCARE_INTAKE_IMAP_SECONDS", whole_seconds, "write whole seconds from 1 to 86400", default=30.0
    )
    mail_secret: str | None = setting(
        "AFTERCARE_MAIL_SECRET", long_secret, "write at least 32 characters, the same for notify", default=None
    )
    mail_folder: Path | None = setting(
        "AFTERCARE_INTAKE_MAIL_FOLDER", folder, "write a folder that every replica can write to", default=None
    )
    mail_kind: str = setting(
        "AFTERCARE_INTAKE_MAIL_KIND", one_of(*KINDS), f"write one of {', '.join(KINDS)}", default="inquiry"
    )
    mail_most_mb: int = setting(
        "AFTERCARE_INTAKE_MAIL_MOST_MB", whole_number(1, 100), "write megabytes from 1 to 100", default=12
    )
    mail_attachments: int = setting(
        "AFTERCARE_INTAKE_MAIL_ATTACHMENTS", whole_number(0, 200), "write a number from 0 to 200", default=20
    )
    mail_per_hour: int = setting(
        "AFTERCARE_INTAKE_MAIL_PER_HOUR", whole_number(1, 100_000), "write a number from 1 to 100000", default=20
    )
    mail_keep_days: int = setting(
        "AFTERCARE_INTAKE_MAIL_KEEP_DAYS", whole_number(1, 36_500), "write days from 1 to 36500", default=90
    )
    mail_oldest_days: int = setting(
        "AFTERCARE_INTAKE_MAIL_OLDEST_DAYS", whole_number(1, 36_500), "write days from 1 to 36500", default=7
    )


@dataclass(frozen=True, kw_only=True)
class Settings(MailSettings):
    """What every service has; where intake finds its tokens, whether it asks sla, how often HTTP may ask."""

    audit_folder: Path | None = setting(
        "AFTERCARE_INTAKE_AUDIT_FOLDER",
        folder,
        "write a folder to which every replica can append, outside of the database",
        default=None,
    )
    audit_key: Path | None = setting(
        "AFTERCARE_INTAKE_AUDIT_KEY",
        from_file,
        "write the path of a private key (Ed25519, PEM) that can be read",
        default=None,
    )
    tokens: Path | None = setting(
        "AFTERCARE_INTAKE_TOKENS", Path, "write the path of the file of HTTP tokens", default=None
    )
    repeats: Path | None = setting(
        "AFTERCARE_INTAKE_REPEATS", Path, "write the path of a file like policies/repeats.yaml", default=None
    )
    closing: Path | None = setting(
        "AFTERCARE_INTAKE_CLOSING",
        from_file,
        "write the path of a file like policies/closing.yaml that can be read",
        default=None,
    )
    compensation: Path | None = setting(
        "AFTERCARE_INTAKE_COMPENSATION",
        from_file,
        "write the path of a file like policies/compensation.yaml that can be read",
        default=None,
    )
    roles: Path | None = setting(
        "AFTERCARE_INTAKE_ROLES", from_file, "write the path of a file like policies/roles.yaml", default=None
    )
    duties: Path | None = setting(
        "AFTERCARE_INTAKE_DUTIES",
        from_file,
        "write the path of a file like policies/duties.yaml that can be read",
        default=None,
    )
    evidence_folder: Path | None = setting(
        "AFTERCARE_INTAKE_EVIDENCE_FOLDER", folder, "write a folder that every replica can write to", default=None
    )
    evidence_most_mb: int = setting(
        "AFTERCARE_INTAKE_EVIDENCE_MOST_MB", whole_number(1, 20), "write megabytes from 1 to 20", default=5
    )
    promises: str = setting("AFTERCARE_INTAKE_PROMISES", one_of("on", "off"), "on or off", default="on")
    survey_url: str | None = setting(
        "AFTERCARE_INTAKE_SURVEY_URL",
        page_of_code,
        "write the address of your page with {code} in it, like https://example.com/survey/{code}",
        default=None,
    )
    rate: int = setting("AFTERCARE_INTAKE_HTTP_RATE", PER_SECOND, LIMIT, default=100)
    stranger_rate: int = setting("AFTERCARE_INTAKE_HTTP_STRANGER_RATE", PER_SECOND, LIMIT, default=10)
    proxies: int = setting(
        "AFTERCARE_INTAKE_HTTP_PROXIES",
        whole_number(0, 9),
        "write how many proxies of your own stand before intake, from 0 to 9; X-Forwarded-For is believed so far",
        default=0,
    )
    warranty: Path | None = setting(
        "AFTERCARE_INTAKE_WARRANTY",
        from_file,
        "write the path of a file of warranty rules that can be read",
        default=None,
    )
