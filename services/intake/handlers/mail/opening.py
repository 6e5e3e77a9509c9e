"""The mail room as the operator set it up."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from services.intake.gateways.mail import ImapServer, Limits, Mailbox, Store
from services.intake.gateways.mail.client import Address, resolve_here
from services.intake.handlers.house import House
from services.intake.handlers.mail.deciding import MailRules
from services.intake.handlers.mail.room import Aside, MailRoom
from services.intake.handlers.promising import AskPromise
from services.intake.settings import MailSettings
from shared.base.clock import wall_now
from shared.base.database import Database
from shared.base.mail_secret import mail_secret
from shared.kernel.errors import Misconfigured

FOLDER: Final = "mail"
MEGABYTE: Final = 1_000_000


def open_mail_room(
    settings: MailSettings,
    database: Database,
    house: House,
    ask_promise: AskPromise,
    tell_notify: Callable[[dict[str, Any]], Any],
    aside: Aside,
) -> MailRoom:
    """Ready for its first turn; raises Misconfigured with every setting that will not do."""
    longest = settings.mail_most_mb * MEGABYTE
    mailbox, own = _mailbox(settings, longest, aside)
    rules = MailRules(
        people=house.people,
        book=house.handbook,
        own=own,
        secret=mail_secret(settings.mail_secret, settings.data, is_production=settings.is_production),
        kind=settings.mail_kind,
        per_hour=settings.mail_per_hour,
        oldest=timedelta(days=settings.mail_oldest_days),
    )
    return MailRoom(
        database=database,
        mailbox=mailbox,
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


def _mailbox(settings: MailSettings, longest: int, aside: Aside) -> tuple[Mailbox | None, frozenset[str]]:
    """The mailbox, and the addresses that are its own."""
    if settings.imap_url is None:
        if settings.imap_password_file is not None:
            raise Misconfigured(["AFTERCARE_INTAKE_IMAP_PASSWORD_FILE is set without AFTERCARE_INTAKE_IMAP_URL"])
        return None, frozenset()
    try:
        server = ImapServer.parse(settings.imap_url)
    except ValueError as error:
        raise Misconfigured([f"AFTERCARE_INTAKE_IMAP_URL is wrong: {error}"]) from None
    if settings.imap_password_file is not None:
        server = server.with_password(settings.imap_password_file.read_text(encoding="utf-8").strip())
    _refuse_contradictions(settings, server)

    def resolve(host: str, port: int) -> Sequence[Address]:
        return aside(lambda: resolve_here(host, port))  # a name server that is away holds up nobody

    done, production = settings.imap_done or None, settings.is_production
    mailbox = Mailbox(server, done=done, longest=longest, require_tls=production, resolve=resolve)
    return mailbox, frozenset({server.user.lower()})


def _refuse_contradictions(settings: MailSettings, server: ImapServer) -> None:
    problems = []
    if not server.password:
        problems.append(
            "AFTERCARE_INTAKE_IMAP_URL has no password: write it there or name AFTERCARE_INTAKE_IMAP_PASSWORD_FILE"
        )
    if settings.imap_done == server.folder:
        problems.append("AFTERCARE_INTAKE_IMAP_DONE is the folder that is read: name another one")
    if settings.is_production and not settings.mail_secret:
        problems.append(
            "AFTERCARE_MAIL_SECRET is not set: write at least 32 characters, the same for notify, "
            "or answers do not find their case"
        )
    if problems:
        raise Misconfigured(problems)
