"""The tokens that are good now: the file is read again when it changed, so that a revoked one is refused at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from shared.base.clock import wall_now
from shared.base.logs import logger
from shared.base.tokens import Token, digest, read_tokens
from shared.kernel.errors import Misconfigured

log = logger(__name__)

State = tuple[int, int, int]


class Keys:
    """Which token is whose; without a file nobody gets in."""

    def __init__(self, path: Path | None, now: Callable[[], datetime] = wall_now) -> None:
        self._path = path
        self._now = now
        self._state = _state(path)
        self._tokens: Mapping[str, Token] = read_tokens(path) if path else {}

    def find(self, token: str) -> Token | None:
        """The token, if somebody gave it and it is good still."""
        self._look()
        found = self._tokens.get(digest(token))
        why = "unknown" if found is None else found.refusal(self._now())
        if why is not None:
            log.warning("a token was refused", token=found.name if found else None, why=why)
            return None
        return found

    def _look(self) -> None:
        state = _state(self._path)
        if state == self._state or self._path is None:
            return
        self._state = state
        try:
            self._tokens = read_tokens(self._path)
        except Misconfigured as error:
            log.error("the file of tokens is wrong; those read before stay", problems=error.problems)
            return
        log.info("the file of tokens was read again", count=len(self._tokens))


def _state(path: Path | None) -> State | None:
    """What changes when the file does; None where it cannot be seen."""
    try:
        seen = path.stat() if path else None
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino) if seen else None
