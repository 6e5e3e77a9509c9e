"""What sla, escalation and maintenance tell becomes happenings; each keyed so that repetition changes nothing.

Every function raises KeyError, TypeError or ValueError for data that is not what its event carries.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from services.notify.domain.happening import Contacts, Happening, Target, supplied
from services.notify.domain.told_cases import about_case, case_words
from services.notify.domain.vocabulary import Trigger
from shared.kernel.alert_topics import topic_of
from shared.kernel.instants import parse_instant

Told = Mapping[str, Any]
WARNED: Final = "warned"
BREACHED: Final = "breached"
_OVERRUN: Final = frozenset({"breached", "late"})


def clock_key(clock: Told) -> str:
    """A generation of a clock."""
    return f"{clock['case_no']}/{clock['clock']}/{clock.get('key') or ''}/{clock['generation']}"


def happenings_of_clock(data: Told, at: datetime) -> Iterator[Happening]:
    """The warnings that went out and the breach, as the clock itself shows them (SL-5)."""
    clock, case = data["clock"], data["case"]
    for fraction in clock["warned"]:
        yield _clock(clock, case, WARNED, float(fraction), at)
    if clock["state"] in _OVERRUN:
        yield _clock(clock, case, BREACHED, 0.0, at)


def _clock(clock: Told, case: Told, name: str, fraction: float, at: datetime) -> Happening:
    about = about_case(case)
    known = {
        "clock": clock["clock"],
        "due_at": clock["due_at"],
        "percent": round(fraction * 100) if name == WARNED else 100,
        **case_words(case),
    }
    return Happening(
        trigger=Trigger.CLOCK,
        name=name,
        key=f"clock/{clock_key(clock)}/{name}" + (f"/{fraction:.9g}" if name == WARNED else _which_breach(clock)),
        at=at,
        fraction=fraction,
        variables=supplied(Trigger.CLOCK, **known),
        **{**about, "attributes": {**about["attributes"], "of": clock["clock"]}},
    )


def _which_breach(clock: Told) -> str:
    """After a breach that was revoked there may be another, which is told of too."""
    said_at = clock.get("breached_at")
    return f"/{parse_instant(said_at).astimezone(UTC).isoformat()}" if said_at else ""


def step_reached(data: Told, sequence: int, at: datetime) -> Happening:
    """A step of a ladder was reached; each time it is, its people are told."""
    escalation, step, trigger = data["escalation"], data["step"], data["trigger"]
    case, order = data.get("case") or {}, data.get("order") or {}
    number = escalation.get("case_no"), escalation.get("order_no")
    known = {
        **case_words(case),
        "case_no": number[0],
        "order_no": number[1],
        "severity": escalation["severity"],
        "region": escalation["region"],
        "ladder": escalation["ladder"],
        "level": step["level"],
        "step": step["number"],
        "trigger": trigger["what"],
        "clock": trigger.get("clock"),
        "due_on": order.get("due_on"),
    }
    return Happening(
        trigger=Trigger.STEP,
        name="reached",
        key=f"step/{escalation['escalation_id']}/{sequence}/{step['number']}",
        at=at,
        region=escalation["region"],
        severity=escalation["severity"],
        case_no=number[0],
        order_no=number[1],
        owner=case.get("owner"),
        complained_about=tuple(map(str, case.get("complained_about") or ())),
        attributes={"ladder": escalation["ladder"], "urgent": "yes" if step["urgent"] else "no"},
        variables=supplied(Trigger.STEP, **known),
        targets=tuple(Target(each["person"], each["code"]) for each in step["targets"]),
    )


def team_formed(data: Told, sequence: int, at: datetime) -> Happening:
    """A team stands; its members are told (ES-4)."""
    case, team = data["case"], data["team"]
    known = {"leader": team["leader"], "members": tuple(team["members"]), "visit_at": team.get("visit_at")}
    return Happening(
        trigger=Trigger.TEAM_FORMED,
        name="formed",
        key=f"team/{case['case_no']}/{sequence}",
        at=at,
        members=tuple(dict.fromkeys([team["leader"], *team["members"]])),
        variables=supplied(Trigger.TEAM_FORMED, **known, **case_words(case)),
        **about_case(case),
    )


def alert_raised(data: Told, at: datetime, body: str) -> Happening:
    """A warning to a region; `body` is the event as it came, for those who read it by machine."""
    alert = data["alert"]
    known = {name: alert.get(name) for name in ("severity", "region", "at", "case_no", "order_no", "clock", "due_at")}
    return Happening(
        trigger=Trigger.ALERT,
        name=alert["kind"],
        key=f"alert/{alert['alert_id']}",
        at=at,
        region=alert["region"],
        severity=alert["severity"],
        case_no=alert.get("case_no"),
        order_no=alert.get("order_no"),
        attributes={"severity": alert["severity"], "kind": alert["kind"]},
        variables=supplied(
            Trigger.ALERT, alert=alert["kind"], text_zh=alert["text"]["zh"], text_en=alert["text"]["en"], **known
        ),
        alert_key=topic_of(alert["kind"], alert["severity"], alert["region"]),
        body=body,
    )


def order_changed(data: Told, change: str, at: datetime) -> Happening:
    """Something became of a work order; an appointment that moved is told again."""
    order, equipment = data["order"], data["equipment"]
    administrator = equipment.get("administrator") or {}
    known = {name: order.get(name) for name in ("order_no", "level", "region", "due_on", "due_at", "technician")}
    known |= {"visit_at": order.get("visit_at"), "visit_until": order.get("visit_until")}
    known |= {name: equipment.get(name) for name in ("model", "serial_no", "site")}
    known["administrator"] = administrator.get("name")
    appointment = f"/{_stamp(order.get('visit_at'))}" if change == "scheduled" else f"/{order['due_on']}"
    return Happening(
        trigger=Trigger.ORDER,
        name=change,
        key=f"order/{order['order_no']}/{change}{appointment}",
        at=at,
        region=order["region"],
        order_no=order["order_no"],
        attributes={"level": order["level"]},
        variables=supplied(Trigger.ORDER, **known),
        administrator=Contacts(
            name=administrator.get("name") or "", phone=administrator.get("phone"), email=administrator.get("email")
        )
        if administrator
        else None,
        technician=order.get("technician"),
    )


def survey_asked(data: Told, at: datetime) -> Happening:
    """A customer is asked how content they are, apart from any case (IN-17)."""
    survey, customer = data["survey"], data["customer"]
    known = {"survey": survey["code"], "period": survey["period"], "region": survey["region"]}
    return Happening(
        trigger=Trigger.SURVEY,
        name="asked",
        key=f"survey/{survey['code']}",
        at=at,
        region=survey["region"],
        variables=supplied(Trigger.SURVEY, link=survey.get("link"), **known),
        customer=Contacts(phone=customer.get("phone"), email=customer.get("email")),
    )


def _stamp(visit_at: str | None) -> str:
    return f"{parse_instant(visit_at).timestamp():.0f}" if visit_at else "-"


def message_failed(message: Told, at: datetime) -> Happening:
    """One of our own messages did not get through; ops must know (NO-3)."""
    names = ("message_id", "channel", "state", "reason", "audience", "rule", "case_no", "order_no")
    return Happening(
        trigger=Trigger.MESSAGE,
        name=message["state"],
        key=f"message/{message['message_id']}/{message['state']}",
        at=at,
        case_no=message.get("case_no"),
        order_no=message.get("order_no"),
        attributes={"audience": message["audience"], "channel": message["channel"]},
        variables=supplied(Trigger.MESSAGE, **{name: message.get(name) for name in names}),
    )
