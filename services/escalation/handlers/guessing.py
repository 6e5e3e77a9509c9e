"""Codes cannot be guessed: after some wrong ones whoever typed them has to wait (ES-3).

Counted is by who asks, so that nobody can lock others out: `from`, whom the front end hears at its other end, else
`by`. Those who say neither share one count, a larger one; when it is used up they need only say who they are. To
acknowledge by `escalation_id` and `by` needs no code and is never held up.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from services.escalation.handlers.rules import Rules
from services.escalation.storage import guesses
from services.escalation.storage.guesses import WINDOW
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.logs import logger
from shared.kernel.errors import Forbidden, NotFound

MOST: Final = 5
MOST_OF_NOBODY: Final = 20
"""Wrong codes within the window, by one who says who they are; by all who do not."""
NOBODY: Final = "nobody"

Request = Mapping[str, Any]

log = logger(__name__)


class WrongCode(NotFound):
    """No escalation has, or ever had, this code."""


def count_guess(rules: Rules, request: Request, uow: UnitOfWork) -> None:
    """Count a code in that is about to be looked up; raises Forbidden when there were too many wrong ones."""
    who, wall = _who(rules, request), wall_now()
    tries = guesses.count_in(uow.connection, who, wall)
    if tries.count <= (MOST_OF_NOBODY if who == NOBODY else MOST):
        return
    log.warning("too many wrong codes", anonymous=who == NOBODY)
    seconds = max(1, round((tries.since + WINDOW - wall).total_seconds()))
    remedy = "say who asks with `from` or `by`" if who == NOBODY else "give escalation_id and by instead of the code"
    raise Forbidden(
        f"too many wrong codes; try again in {-(-seconds // 60)} minutes, or {remedy}", {"retry_after_seconds": seconds}
    )


def take_back_guess(rules: Rules, request: Request, uow: UnitOfWork) -> None:
    """It was none."""
    guesses.take_back(uow.connection, _who(rules, request))


def forget_guesses(uow: UnitOfWork) -> int:
    """Delete what counts no more, also when nobody guesses again; how many went."""
    return guesses.forget(uow.connection, wall_now())


def _who(rules: Rules, request: Request) -> str:
    """Who asks, as far as they say; numbers are kept as digests (AL-4). A system speaks for many."""
    by: str = request.get("by", "system:")
    if "from" in request:
        return sha256(f"from {request['from']}".encode()).hexdigest()
    if by.startswith("system:"):
        return NOBODY
    person = rules.staff.find(by)
    return sha256(f"by {person.id if person else by}".encode()).hexdigest()
