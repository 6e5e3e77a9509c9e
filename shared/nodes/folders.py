"""Folders and small secret files of private nodes."""

import os
import secrets
import tempfile
from pathlib import Path

from shared.kernel.errors import Misconfigured


def make_folder(folder: Path) -> None:
    """Make sure that the folder is there and that this user can write to it; others cannot look into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise not_writable(folder, error.strerror) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise not_writable(folder, "permission denied")


def not_writable(folder: Path, why: str | None) -> Misconfigured:
    """The error for a folder that cannot be used."""
    return Misconfigured([f"cannot write to {folder} ({why}); make the folder writable or choose another"])


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read; readers see the old text or the new."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 by its contract
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(temporary).replace(path)


def kept_secret(path: Path) -> str:
    """The random secret kept in this file; made at first use."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text().strip()
