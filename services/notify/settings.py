"""The settings of notify."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings, policy_file
from shared.base.settings import folder, from_file, setting, whole_number

LEAST_SECRET = 32
THREE_YEARS = 1096
"""In days: for so long records are kept (AL-11)."""


def long_secret(text: str) -> str:
    """A secret that is not guessed."""
    if len(text) < LEAST_SECRET:
        raise ValueError("too short")
    return text


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has; its policy and templates, and through whom it sends."""

    policy: Path | None = policy_file()
    templates: Path | None = setting(
        "AFTERCARE_NOTIFY_TEMPLATES", folder, "write the path of a folder of templates", default=None
    )
    smtp_url: str | None = setting(
        "AFTERCARE_NOTIFY_SMTP_URL", str, "write smtp://user:password@host:587 or smtps://…", default=None
    )
    smtp_from: str = setting(
        "AFTERCARE_NOTIFY_SMTP_FROM",
        str,
        "write the address that mail comes from",
        default="Aftercare <aftercare@localhost.localdomain>",
    )
    reply_to: str | None = setting(
        "AFTERCARE_NOTIFY_REPLY_TO", str, "write the address at which intake reads answers", default=None
    )
    mail_secret: str | None = setting(
        "AFTERCARE_MAIL_SECRET", long_secret, "write at least 32 characters, the same for intake", default=None
    )
    webhook_secret: str | None = setting(
        "AFTERCARE_NOTIFY_WEBHOOK_SECRET", long_secret, "write at least 32 characters", default=None
    )
    webhook_allow: str | None = setting(
        "AFTERCARE_NOTIFY_WEBHOOK_ALLOW", str, "write networks like 10.1.0.0/16, 127.0.0.1", default=None
    )
    sms_url: str | None = setting(
        "AFTERCARE_NOTIFY_SMS_URL", str, "write the URL of the SMS provider's interface", default=None
    )
    sms_provider: Path | None = setting(
        "AFTERCARE_NOTIFY_SMS_PROVIDER", from_file, "write the path of the file that describes it", default=None
    )
    keep_days: int = setting(
        "AFTERCARE_NOTIFY_KEEP_DAYS",
        whole_number(30, 36500),
        "write a number of days from 30 to 36500",
        default=THREE_YEARS,
    )
