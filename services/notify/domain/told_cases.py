"""A case with its facts becomes happenings: one for each fact, one more where it became major (contracts 5)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.notify.domain.happening import Contacts, Debtors, Happening, supplied
from services.notify.domain.vocabulary import MAJOR, Trigger
from shared.kernel.instants import parse_instant
from shared.kernel.vocabulary import SEVERITIES

Told = Mapping[str, Any]


def happenings_of_case(case: Told, known: frozenset[int], reply_by: str | None) -> Iterator[Happening]:
    """What the facts tell that are not in `known`; raises KeyError, TypeError or ValueError for what is no case."""
    facts = sorted(case["facts"], key=lambda fact: int(fact["seq"]))
    for index, fact in enumerate(facts):
        if fact["seq"] not in known:
            yield _fact(case, fact, facts[index + 1 :], reply_by)
    yield from _rises(case, facts, known)


def touched(case: Told, known: frozenset[int], names: frozenset[str]) -> Iterator[Happening]:
    """The known facts of these names that new facts may have changed something about."""
    facts = sorted(case["facts"], key=lambda fact: int(fact["seq"]))
    for index, fact in enumerate(facts):
        following = facts[index + 1 :]
        if fact["fact"] in names and fact["seq"] in known and any(each["seq"] not in known for each in following):
            yield _fact(case, fact, following, None)


def fact_named(case: Told, name: str, reply_by: str | None) -> Iterator[Happening]:
    """The facts of this name, known or not."""
    others = frozenset(fact["seq"] for fact in case["facts"] if fact["fact"] != name)
    return (each for each in happenings_of_case(case, others, reply_by) if each.trigger is Trigger.FACT)


def _fact(case: Told, fact: Told, following: Sequence[Told], reply_by: str | None) -> Happening:
    return _happening(
        case,
        fact,
        Trigger.FACT,
        fact["fact"],
        following=tuple((each["fact"], parse_instant(each["at"])) for each in following),
        reply_by=reply_by,
    )


def _rises(case: Told, facts: Sequence[Told], known: frozenset[int]) -> Iterator[Happening]:
    """The facts with which the case became major or critical, each rise once."""
    worst = -1
    for fact in facts:
        severity = (fact.get("set") or {}).get("severity")
        if severity not in SEVERITIES or SEVERITIES.index(severity) <= worst:
            continue
        worst = SEVERITIES.index(severity)
        if severity in MAJOR and fact["seq"] not in known:
            yield _happening(case, fact, Trigger.BECAME, severity)


def _happening(case: Told, fact: Told, trigger: Trigger, name: str, **more: Any) -> Happening:
    customer = case.get("customer") or {}
    reply_by = more.pop("reply_by", None)
    debtors = _debtors(fact)
    known = {
        "at": fact["at"],
        "due_at": fact.get("due_at"),
        "text": fact.get("text"),
        "reply_by": reply_by,
        **_owed(fact, debtors),
        **case_words(case),
    }
    return Happening(
        trigger=trigger,
        name=name,
        key=f"case/{case['case_no']}/{int(fact['seq'])}",
        at=parse_instant(fact["recorded_at"]),
        variables=supplied(trigger, **known),
        customer=Contacts(
            phone=customer.get("phone"), email=customer.get("email"), anonymous=bool(customer.get("anonymous"))
        ),
        debtors=debtors,
        **about_case(case),
        **more,
    )


def _debtors(fact: Told) -> Debtors:
    """Who owes what the fact is about; nobody, where it says nothing of that."""
    owed: Mapping[str, Any] = (fact.get("set") or {}).get("owed_by") or {}
    persons, names = owed.get("persons") or (), owed.get("names") or ()
    return Debtors(persons=tuple(map(str, persons)), department=tuple(map(str, names)))


def _owed(fact: Told, debtors: Debtors) -> dict[str, Any]:
    """What is owed, and by whom, in words."""
    what: Mapping[str, Any] = (fact.get("set") or {}).get("what") or {}
    whose = (*debtors.department[1:2], *debtors.department[:1], *debtors.persons)
    return {"what_zh": what.get("zh"), "what_en": what.get("en"), "owed_by": whose[0] if whose else None}


def case_words(case: Told) -> dict[str, Any]:
    """What texts may say of a case."""
    return {name: case.get(name) for name in ("case_no", "kind", "severity", "region", "category", "owner")}


def about_case(case: Told) -> dict[str, Any]:
    """What every happening about a case has."""
    return {
        "case_no": case["case_no"],
        "region": case["region"],
        "severity": case["severity"],
        "owner": case.get("owner"),
        "complained_about": tuple(map(str, case.get("complained_about") or ())),
        "attributes": {name: str(case.get(name)) for name in ("kind", "severity", "category", "channel")},
    }
