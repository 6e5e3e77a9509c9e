"""What operators ask of every service by RPC: health, and the messages that were kept back (AL-2, AL-3)."""

from typing import Any

import marshmallow as ma

from shared.base.fields import Whole
from shared.outbox.tables import PARKED, WAITING
from shared.runtime.health import readiness
from shared.runtime.providers import Built
from shared.runtime.rpc import rpc


class Health(ma.Schema):
    """No fields."""


class ListHeld(ma.Schema):
    """Which held messages to list."""

    state = ma.fields.String(validate=ma.validate.OneOf([WAITING, PARKED]))


class HeldMessage(ma.Schema):
    """One held message."""

    id = Whole(1, 2**63 - 1, required=True)


class Operated:
    """The operator's methods; every service class inherits them."""

    operated = Built(lambda resources: resources)

    @rpc(Health)
    def health(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Readiness by check."""
        checks = readiness(self.operated)
        return {"ready": all(checks.values()), "checks": checks}

    @rpc(ListHeld)
    def parked_list(self, request: dict[str, Any]) -> dict[str, Any]:
        """The messages kept back, oldest first."""
        return {"messages": self.operated.held.list(request.get("state"))}

    @rpc(HeldMessage)
    def parked_replay(self, request: dict[str, Any]) -> dict[str, Any]:
        """Try a message again now."""
        self.operated.held.replay(request["id"])
        return {"id": request["id"], "state": WAITING}

    @rpc(HeldMessage)
    def parked_drop(self, request: dict[str, Any]) -> dict[str, Any]:
        """Give a message up."""
        self.operated.held.drop(request["id"])
        return {"id": request["id"], "state": "dropped"}
