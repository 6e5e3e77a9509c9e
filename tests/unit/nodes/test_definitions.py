"""What a broker of the suite holds before any service comes (design 3: queues)."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared.base.broker import DEAD_EXCHANGE, DEAD_QUEUE, SERVICES
from shared.nodes.definitions import VHOST, definitions, hashed, topology

SHIPPED = Path(__file__).parents[3] / "deploy" / "rabbitmq" / "definitions.json"


def policy_of(queue: str) -> dict[str, Any] | None:
    """The limits that a queue of this name gets."""
    found = [each for each in topology()["policies"] if re.search(each["pattern"], queue)]
    assert len(found) <= 1
    return found[0]["definition"] if found else None


@pytest.mark.parametrize("queue", [f"{service}.cases" for service in SERVICES] + [f"rpc-{each}" for each in SERVICES])
def test_work_is_bounded_and_never_lost(queue: str) -> None:
    policy = policy_of(queue)
    assert policy is not None
    assert policy["delivery-limit"] == 20
    assert policy["dead-letter-exchange"] == DEAD_EXCHANGE
    assert policy["dead-letter-strategy"] == "at-least-once"
    assert policy["overflow"] == "reject-publish"


def test_a_team_that_does_not_read_blocks_nobody() -> None:
    policy = policy_of("alerts.foshan")
    assert policy is not None
    assert policy["overflow"] == "drop-head"


def test_dead_letters_do_not_go_round() -> None:
    policy = policy_of(DEAD_QUEUE)
    assert policy is not None
    assert "dead-letter-exchange" not in policy
    assert "delivery-limit" not in policy


@pytest.mark.parametrize("queue", ["rpc.reply-123", "somebody.elses", "intake", "myintake.cases"])
def test_other_queues_are_left_alone(queue: str) -> None:
    assert policy_of(queue) is None


def test_the_file_for_administrators_is_what_the_code_loads() -> None:
    assert json.loads(SHIPPED.read_text()) == topology((VHOST,))


def test_many_vhosts_share_one_user() -> None:
    made = definitions("secret", ("a", "b"), queues=False)
    assert [each["vhost"] for each in made["permissions"]] == ["a", "b"]
    assert {each["vhost"] for each in made["policies"]} == {"a", "b"}
    assert "queues" not in made


def test_the_password_is_hashed_as_rabbitmq_does_it() -> None:
    raw = base64.b64decode(hashed("secret"))
    assert raw[4:] == hashlib.sha256(raw[:4] + b"secret").digest()
