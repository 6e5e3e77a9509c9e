"""The spool folder: one file a message, for people to read and for tests to look at (contracts 4, notify).

A message written here is delivered. Each file appears whole, by rename, and stays after a power cut. Our reference, one
for each attempt, is the last part of its name: so `ask` knows for sure.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused, Result
from services.notify.domain.sms import segments
from services.notify.gateways.mime import Sender, checked_reference, email_of
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant

_SENDER: Final = Sender("Aftercare", "aftercare@localhost.localdomain")
_DELIVERED: Final = Accepted(provider_reference=None, is_final=True)


class Spool:
    """Every channel's messages as files; `now` gives the suite's instant, by which they sort."""

    name = "spool"

    def __init__(self, folder: Path, now: Callable[[], datetime], sender: Sender = _SENDER) -> None:
        self._folder = folder
        self._now = now
        self._sender = sender

    def send(self, message: Outgoing) -> Result:
        """Write the file."""
        try:
            self._write(message, self._now())
        except Invalid as error:
            return Refused(str(error))
        except OSError as error:
            return Failed(f"the spool folder cannot be written: {error.strerror}")
        return _DELIVERED

    def ask(self, reference: str) -> Result | None:
        """Whether the file is there; asked after a crash only, so a look through the whole folder will do."""
        written = self._folder.glob(f"*-{checked_reference(reference)}.*")
        return _DELIVERED if any(not each.name.startswith(".") for each in written) else Failed("it was never written")

    def _write(self, message: Outgoing, now: datetime) -> None:
        suffix, content = self._content(message, now)
        moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        file = self._folder / f"{moment}-{message.channel}-{checked_reference(message.reference)}.{suffix}"
        unfinished = file.with_name(f".{file.name}")
        try:
            _write_durably(unfinished, content)
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_durably(unfinished, content)
        unfinished.replace(file)
        _sync_folder(self._folder)

    def _content(self, message: Outgoing, now: datetime) -> tuple[str, bytes]:
        if message.channel == "email":
            return "eml", email_of(message, self._sender, now, readable=True).as_bytes()
        if message.channel == "sms":
            return "txt", _sms(message, now).encode()
        return "json", _other(message, now).encode()


def _sms(message: Outgoing, now: datetime) -> str:
    cost = segments(message.text)
    lines = (
        f"To: {message.to}",
        f"Date: {format_instant(now)}",
        f"Reference: {message.reference}",
        f"Segments: {cost.count} ({cost.alphabet})",
    )
    return "\n".join((*lines, "", message.text, ""))


def _other(message: Outgoing, now: datetime) -> str:
    about = {"channel": message.channel, "to": message.to, "reference": message.reference}
    body = {"date": format_instant(now), "headers": dict(message.headers), "body": _parsed(message.text)}
    return json.dumps(about | body, ensure_ascii=False, indent=2) + "\n"


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _write_durably(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
