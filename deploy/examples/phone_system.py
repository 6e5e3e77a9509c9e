"""A phone system that talks to intake over AMQP: what to send when, with nothing but pika.

    python deploy/examples/phone_system.py ring     CALL_ID FROM TO [QUEUE]       a call comes in: who is it?
    python deploy/examples/phone_system.py answer   CALL_ID FROM TO USER          somebody picks up
    python deploy/examples/phone_system.py register CALL_ID FROM SUBJECT TEXT     what the caller wants becomes a case
    python deploy/examples/phone_system.py hangup   CALL_ID FROM TO [CAUSE]       the call is over
    python deploy/examples/phone_system.py dial     CALL_ID FROM TO USER          we call somebody, who picks up
    python deploy/examples/phone_system.py status   CASE_NO [PHONE]               what a voice may say of a case
    python deploy/examples/phone_system.py status   "" PHONE                      the same, by the caller's number

It speaks to the suite whose suite.json AFTERCARE_SUITE names (var/suite/suite.json), or to the broker that
AFTERCARE_AMQP_URI names. It ends with 0 when intake answered, 1 when it refused, 2 when it did not answer: then the
call goes on without it, and `aftercare calls reconcile` finds it at night.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pika
from pika.exceptions import AMQPError

SOURCE = "exchange-1"  # this exchange; another one has another name
SECONDS = 2.0  # how long one try waits: the caller hears the phone ring meanwhile
TRIES = 3

REFUSED, AWAY = 1, 2


class NoAnswerError(Exception):
    """Intake did not answer, or nobody said where it is."""


def ask(method: str, request: dict[str, Any]) -> dict[str, Any]:
    """Ask until there is an answer, always under the same id: what was done the first time is not done again."""
    broker, request_id = amqp_uri(), str(uuid4())
    for attempt in range(TRIES):
        if attempt:
            time.sleep(0.2 * attempt)
        try:
            return ask_once(broker, method, request, request_id)
        except (NoAnswerError, AMQPError, OSError):
            continue
    raise NoAnswerError("intake does not answer")


def ask_once(broker: str, method: str, request: dict[str, Any], request_id: str) -> dict[str, Any]:
    """One request, and its answer `{"result", "error"}`."""
    parameters = pika.URLParameters(broker)
    parameters.socket_timeout = parameters.blocked_connection_timeout = SECONDS
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        answers = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(answers, "nameko-rpc", routing_key=answers)
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=request_id,
            reply_to=answers,
            expiration=str(int(SECONDS * 1000)),  # after this nobody waits, so nobody need work
        )
        body = json.dumps({"args": [request], "kwargs": {}})
        channel.basic_publish("nameko-rpc", f"intake.{method}", body, properties)
        for _, _, answer in channel.consume(answers, auto_ack=True, inactivity_timeout=SECONDS):
            if answer is None:
                raise NoAnswerError
            return dict(json.loads(answer))
        raise NoAnswerError
    finally:
        connection.close()


def amqp_uri() -> str:
    """Where the broker is."""
    if "AFTERCARE_AMQP_URI" in os.environ:
        return os.environ["AFTERCARE_AMQP_URI"]
    suite = Path(os.environ.get("AFTERCARE_SUITE", "var/suite/suite.json"))
    if not suite.exists():
        raise NoAnswerError(f"there is no {suite}: name the broker in AFTERCARE_AMQP_URI")
    return str(json.loads(suite.read_text())["amqp_uri"])


def event(kind: str, call_id: str, caller: str, called: str, **more: str) -> dict[str, Any]:
    """One event of a call; with `"at": "2026-10-09T22:00:05+08:00"` an exchange tells when it was, by its own clock."""
    told = {
        "event": kind,
        "call_id": call_id,
        "source": SOURCE,
        "from": caller,  # as the network gave it; "anonymous" or nothing where the caller hides it
        "to": called,
        "direction": "in",
        **more,
    }
    return {name: value for name, value in told.items() if value or name in ("from", "to")}


def ring(call_id: str, caller: str, called: str, queue: str = "") -> list[tuple[str, dict[str, Any]]]:
    """A call comes in: say so, then ask who it is."""
    asked = [("call_event", event("newCall", call_id, caller, called, queue=queue))]
    return asked + ([("lookup_caller", {"phone": caller})] if caller else [])


def answer(call_id: str, caller: str, called: str, user: str) -> list[tuple[str, dict[str, Any]]]:
    """Somebody picks up; a menu or a mailbox is nobody."""
    return [("call_event", event("answer", call_id, caller, called, user=user))]


def hangup(call_id: str, caller: str, called: str, cause: str = "") -> list[tuple[str, dict[str, Any]]]:
    """The call is over."""
    return [("call_event", event("hangup", call_id, caller, called, cause=cause))]


def dial(call_id: str, caller: str, called: str, user: str) -> list[tuple[str, dict[str, Any]]]:
    """We call somebody, who picks up."""
    return [
        ("call_event", event(kind, call_id, caller, called, user=user, direction="out"))
        for kind in ("newCall", "answer")
    ]


def register(call_id: str, caller: str, subject: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    """What the caller wants becomes a case; the same call again is the same case."""
    case = {
        "kind": "complaint",
        "channel": "phone",
        "source": SOURCE,
        "external_ref": call_id,
        "customer": {"phone": caller},
        "subject": subject,
        "description": text,
    }
    return [("register_case", case)]


def status(case_no: str, phone: str = "") -> list[tuple[str, dict[str, Any]]]:
    """What a voice may say, by the number that the caller typed, by their own number, or by both."""
    asked = {"case_no": case_no, "phone": phone}
    return [("case_status", {name: value for name, value in asked.items() if value})]


COMMANDS = {each.__name__: each for each in (ring, answer, register, hangup, dial, status)}


def main(words: list[str]) -> int:
    """Run one command; what intake answered, a line each."""
    if not words or words[0] not in COMMANDS:
        sys.stderr.write(f"{__doc__}\n")
        return AWAY
    for method, request in COMMANDS[words[0]](*words[1:]):
        try:
            told = ask(method, request)
        except NoAnswerError as error:
            sys.stderr.write(f"{error}; the call goes on without it\n")
            return AWAY
        if told["error"]:
            sys.stderr.write(json.dumps(told["error"], ensure_ascii=False) + "\n")
            return REFUSED
        sys.stdout.write(json.dumps(told["result"], ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
