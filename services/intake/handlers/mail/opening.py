"""The mail room as the operator set it up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from services.intake.gateways.mail import ImapServer, Limits, Mailbox, Store
from services.intake.handlers.mail.deciding import MailRules
from services.intake.handlers.mail.room import Aside, MailRoom
from services.intake.handlers.promising import AskPromise
from services.intake.settings import MailSettings
from shared.base.clock import wall_now
from shared.base.database import Database
from shared.base.mail_secret import mail_secret
from shared.base.people import People
from shared.kernel.errors import Misconfigured

FOLDER: Final = "mail"
MEGABYTE: Final = 1_000_000


def open_mail_room(
    settings: MailSettings,
    database: Database,
    people: People,
    ask_promise: AskPromise,
    tell_notify: Callable[[dict[str, Any]], Any],
    aside: Aside,
) -> MailRoom:
    """Ready for its first turn; raises Misconfigured with every setting that will not do."""
    rules = MailRules(
        people=people,
        secret=mail_secret(settings.mail_secret, settings.data, is_production=settings.is_production),
        kind=settings.mail_kind,
        per_hour=settings.mail_per_hour,
        oldest=timedelta(days=settings.mail_oldest_days),
    )
    longest = settings.mail_most_mb * MEGABYTE
    return MailRoom(
        database=database,
        mailbox=_mailbox(settings, longest),
        store=store_of(settings),
        limits=Limits(settings.mail_attachments, longest),
        rules=rules,
        every_seconds=settings.imap_seconds,
        ask_promise=ask_promise,
        tell_notify=tell_notify,
        aside=aside,
    )


def store_of(settings: MailSettings) -> Store:
    """Where attachments lie, and messages that were set aside."""
    return Store(settings.mail_folder or settings.data / FOLDER)


def forget_messages(settings: MailSettings) -> int:
    """Delete messages that were set aside so many days ago that nobody will ask for them; how many."""
    return store_of(settings).forget_before(wall_now() - timedelta(days=settings.mail_keep_days))


def _mailbox(settings: MailSettings, longest: int) -> Mailbox | None:
    if settings.imap_url is None:
        if settings.imap_password_file is not None:
            raise Misconfigured(["AFTERCARE_INTAKE_IMAP_PASSWORD_FILE is set without AFTERCARE_INTAKE_IMAP_URL"])
        return None
    try:
        server = ImapServer.parse(settings.imap_url)
    except ValueError as error:
        raise Misconfigured([f"AFTERCARE_INTAKE_IMAP_URL is wrong: {error}"]) from None
    if settings.imap_password_file is not None:
        server = server.with_password(settings.imap_password_file.read_text(encoding="utf-8").strip())
    if not server.password:
        raise Misconfigured(
            ["AFTERCARE_INTAKE_IMAP_URL has no password: write it there or name AFTERCARE_INTAKE_IMAP_PASSWORD_FILE"]
        )
    return Mailbox(server, done=settings.imap_done or None, longest=longest, require_tls=settings.is_production)
