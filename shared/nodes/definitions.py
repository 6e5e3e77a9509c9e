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


def definitions(password: str, vhosts: Sequence[str] = (VHOST,), *, queues: bool = True) -> dict[str, Any]:
    """RabbitMQ's own definitions format: the suite's policies in every vhost, one user for all of them."""
    template = json.loads((files(__package__) / "definitions.json").read_text())
    kinds = ("policies", "exchanges", "queues", "bindings") if queues else ("policies",)
    return {
        "users": [{"name": USER, "password_hash": hashed(password), "hashing_algorithm": HASHING, "tags": ""}],
        "vhosts": [{"name": vhost} for vhost in vhosts],
        "permissions": [
            {"user": USER, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"} for vhost in vhosts
        ],
        **{kind: [{**each, "vhost": vhost} for vhost in vhosts for each in template[kind]] for kind in kinds},
    }


HASHING = "rabbit_password_hashing_sha256"


def hashed(password: str) -> str:
    """A password as RabbitMQ stores it: a salt of 4 bytes, then SHA-256 of salt and password."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
