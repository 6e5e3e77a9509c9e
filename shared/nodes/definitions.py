"""What a broker of the suite holds before any service comes: users, policies, the queue for dead letters."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

USER = "aftercare"
VHOST = "aftercare"
HASHING = "rabbit_password_hashing_sha256"


def topology(vhosts: Sequence[str] = (VHOST,), *, queues: bool = True) -> dict[str, Any]:
    """The suite's policies and its dead letters in these vhosts, in RabbitMQ's own definitions format.

    An administrator loads it into a broker that is not ours: `rabbitmqctl import_definitions FILE`.
    """
    template = json.loads((files(__package__) / "definitions.json").read_text())
    kinds = ("policies", "exchanges", "queues", "bindings") if queues else ("policies",)
    return {kind: [{"vhost": vhost, **each} for vhost in vhosts for each in template[kind]] for kind in kinds}


def definitions(password: str, vhosts: Sequence[str] = (VHOST,), *, queues: bool = True) -> dict[str, Any]:
    """All of a private broker: vhosts, one user for all of them, and the topology."""
    return {
        "users": [{"name": USER, "password_hash": hashed(password), "hashing_algorithm": HASHING, "tags": ""}],
        "vhosts": [{"name": vhost} for vhost in vhosts],
        "permissions": [
            {"user": USER, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"} for vhost in vhosts
        ],
        **topology(vhosts, queues=queues),
    }


def hashed(password: str) -> str:
    """A password as RabbitMQ stores it: a salt of 4 bytes, then SHA-256 of salt and password."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
