"""The promise that the customer hears at registration (IN-11): asked of sla, never waited for long."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.intake.domain.registration import Registration
from shared.base.logs import logger
from shared.kernel.errors import Refused, Unavailable
from shared.kernel.instants import format_instant
from shared.kernel.vocabulary import HISTORY

Promise = dict[str, Any] | None
AskPromise = Callable[[dict[str, Any]], dict[str, Any]]

log = logger(__name__)


def promise_for(asked: Registration, ask: AskPromise, now: datetime) -> Promise:
    """What sla promises for such a case, or None: for history, and while sla does not answer.

    Must be called outside a unit of work: it waits for another service, for a second at most.
    """
    if asked.mode == HISTORY:
        return None
    try:
        return ask(_question(asked, now))
    except Unavailable:
        return None  # readiness tells of it once; a line for each case would be a flood
    except Refused as error:
        log.warning("sla refused to promise", reason=str(error))
        return None


def _question(asked: Registration, now: datetime) -> dict[str, Any]:
    return {
        "kind": asked.kind,
        "severity": asked.severity,
        "verifiable": asked.verifiable,
        "region": asked.region,
        "at": format_instant(asked.occurred_at or now),
        **({"repeat": True} if asked.repeat_of else {}),  # a repeat gets no new limits (IN-20)
    }
