"""The secret with which mails of ours name their case; notify writes the mark and intake reads it."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from shared.kernel.errors import Misconfigured

FILE: Final = "mail.secret"


def mail_secret(given: str | None, data: Path, *, is_production: bool) -> str:
    """The operator's; else one made at first start in the common folder, readable by its owner only.

    Without one in production it is empty: no mark is written, and none is believed.
    """
    if given:
        return given
    if is_production:
        return ""
    path = data / FILE
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured([f"cannot keep {path}: {error.strerror}; make the folder writable"]) from None


def _make(path: Path) -> None:
    """Whole at once; whoever comes second keeps what the first made."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    with suppress(FileExistsError):
        path.hardlink_to(unfinished)
    unfinished.unlink()
