"""The suite's key of erasures: with it names, numbers and addresses become digests that only the suite can tell (AL-4).

All services must have the same one. The embedded suite makes it at first need, in its folder; in production the
operator gives one file to all of them (AFTERCARE_ERASURE_KEY).
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from shared.base.service_settings import ServiceSettings
from shared.kernel.erasing import Digest, digester
from shared.kernel.errors import Misconfigured

FILE: Final = "erasure.key"
SHORTEST: Final = 32
_REMEDY: Final = "give every service the same file of at least 32 random characters (AFTERCARE_ERASURE_KEY)"


def digest_of(settings: ServiceSettings) -> Callable[[], Digest]:
    """What makes digests, once it is needed; raises Misconfigured then where there is no key."""

    @lru_cache(maxsize=1)
    def digest() -> Digest:
        path = settings.erasure_key or settings.data / FILE
        if settings.erasure_key is None and not settings.is_production:
            _make(path)
        return digester(_read(path))

    return digest


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise Misconfigured([f"{path}: the key of erasures cannot be read ({error.strerror}); {_REMEDY}"]) from None
    if len(key) < SHORTEST:
        raise Misconfigured([f"{path}: the key of erasures is too short; {_REMEDY}"])
    return key


def _make(path: Path) -> None:
    """A key of our own, readable by its owner only; where another service was quicker, its key."""
    if path.exists():
        return
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()
