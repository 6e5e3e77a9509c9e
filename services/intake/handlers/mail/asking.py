"""The questions about letters."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.intake.domain.wire import CN
from services.intake.handlers.mail.room import MailRoom
from services.intake.storage import letters
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
_SHOWN = "id state reason why case_no sender subject size attachments message_id mailbox".split()


def list_mail(room: MailRoom, connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """A page of letters, newest first, and how the mailbox does; `next` is there while there are more."""
    found = letters.page(connection, request)
    page = found[: request["limit"]]
    more = {"next": page[-1]["id"]} if len(found) > len(page) else {}
    return {"letters": [_shown(row) for row in page], "mailbox": _mailbox(room, connection), **more}


def show_mail(room: MailRoom, connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """One letter; where its attachments lie, and its text while its message is kept and can be tried again."""
    row = letters.find(connection, request["id"])
    if row is None:
        raise NotFound(f"no letter {request['id']}", {"id": request["id"]})
    shown, text = _shown(row), room.text_of(row)
    files = [each | {"file": str(room.store.attachment(each["sha256"]))} for each in row["attachments"]]
    return shown | {"attachments": files, "kept": text is not None} | ({"text": text} if text else {})


def _shown(row: letters.Row) -> Answer:
    told = {name: row[name] for name in _SHOWN if row[name] is not None}
    return told | {name: format_instant(row[name], CN) for name in ("arrived_at", "taken_at", "told_at") if row[name]}


def _mailbox(room: MailRoom, connection: sa.Connection) -> Answer:
    """Whether it is read, by the process that answers."""
    told = {
        "name": room.mailbox.name if room.mailbox else None,
        "last_read_at": format_instant(room.last_read_at, CN) if room.last_read_at else None,
        "trouble": room.trouble,
    }
    return {name: value for name, value in told.items() if value} | {"letters": letters.count_by_state(connection)}
