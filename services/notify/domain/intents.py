"""From what happened to who is to be told: pure, and the same however often it is asked (NO-9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.notify.domain import later
from services.notify.domain.happening import Happening
from services.notify.domain.policy import Policy, Rule, When
from services.notify.domain.recipients import Directory, Nobody, Recipient
from services.notify.domain.vocabulary import PERSONAL_CHANNELS, TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One message to be: to one recipient on one channel, for one reason.

    (key, recipient, channel) tells it from every other. `fallbacks` are the ways that are left when this one fails.
    `body` is for machines; for people `template` and `variables` make the text.
    """

    key: str
    rule: str
    recipient: str
    audience: str
    category: str
    channel: str
    address: str = field(repr=False)
    language: str
    at: datetime
    expires_at: datetime
    not_before: datetime | None = None
    urgent: bool = False
    bundle: bool = True
    quiet: bool = True
    is_major: bool = False
    person: str | None = None
    template: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    body: str = field(default="", repr=False)
    case_no: str | None = None
    order_no: str | None = None
    fallbacks: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it this message and no other."""
        return self.key, self.recipient, self.channel


@dataclass(frozen=True, slots=True)
class Skip:
    """Somebody a rule means but cannot reach, and why."""

    key: str
    rule: str
    who: str
    reason: str
    case_no: str | None = None


def intents(happenings: Iterable[Happening], policy: Policy, directory: Directory) -> tuple[list[Intent], list[Skip]]:
    """Every message that the policy wants for what happened, and everybody it could not reach."""
    found: dict[tuple[str, str, str], Intent] = {}
    skips: dict[tuple[str, str, str], Skip] = {}
    for happening in happenings:
        for rule in rules_for(policy, happening):
            for each in of_rule(rule, happening, policy, directory):
                if isinstance(each, Intent):
                    found.setdefault(each.identity, each)
                else:
                    skips.setdefault((each.key, each.who, each.reason), each)
    return list(found.values()), list(skips.values())


def rules_for(policy: Policy, happening: Happening) -> Iterator[Rule]:
    """The rules that speak of what happened."""
    return (
        rule
        for rule in policy.rules.values()
        if takes(rule.when, happening) and not (rule.later and later.is_dropped(rule.later, happening))
    )


def takes(when: When, happening: Happening) -> bool:
    """Whether a condition holds."""
    return (
        when.trigger is happening.trigger
        and (happening.name in when.names or "any" in when.names)
        and when.least <= happening.fraction < when.below
        and all(happening.attributes.get(name) in values for name, values in when.conditions.items())
    )


def of_rule(rule: Rule, happening: Happening, policy: Policy, directory: Directory) -> Iterator[Intent | Skip]:
    """The messages of one rule, and whom it could not reach."""
    happening = replace(happening, variables=directory.named(happening.variables))
    for who in rule.who:
        for found in directory.find(who, happening):
            if isinstance(found, Nobody):
                yield Skip(f"{happening.key}/{rule.name}", rule.name, found.who, found.reason, happening.case_no)
            else:
                yield from _to_recipient(rule, happening, policy, found)


def _to_recipient(rule: Rule, happening: Happening, policy: Policy, to: Recipient) -> Iterator[Intent | Skip]:
    ways = _ways(rule, to)
    key = f"{happening.key}/{rule.name}"
    if not ways:
        yield Skip(key, rule.name, to.person or to.id, "has none of the rule's channels", happening.case_no)
    for index, (channel, address) in enumerate(ways if rule.everywhere else ways[:1]):
        rest = () if rule.everywhere else tuple(ways[index + 1 :])
        yield _intent(rule, happening, policy, to, (key, channel, address, rest))


def _ways(rule: Rule, to: Recipient) -> Sequence[tuple[str, str]]:
    """How this recipient can be reached by this rule, in the rule's order; a team by its subscription alone."""
    if to.audience == TEAM:
        return list(to.contacts.items())
    return [(channel, to.contacts[channel]) for channel in rule.channels if channel in to.contacts]


def _intent(rule: Rule, happening: Happening, policy: Policy, to: Recipient, way: tuple[str, str, str, Any]) -> Intent:
    key, channel, address, rest = way
    category = policy.category_of(rule)
    not_before = _not_before(happening, rule)
    for_people = channel in PERSONAL_CHANNELS
    return Intent(
        key=key,
        rule=rule.name,
        recipient=to.id,
        audience=to.audience,
        category=category.name,
        channel=channel,
        address=address,
        language=policy.languages[to.audience],
        at=happening.at,
        expires_at=(not_before or happening.at) + category.expires_after,
        not_before=not_before,
        urgent=rule.urgent,
        bundle=category.bundle and not rule.urgent and for_people,
        quiet=category.quiet and to.audience in policy.quiet,
        is_major=happening.is_major,
        person=to.person,
        template=rule.template if for_people else None,
        variables={**happening.variables, "name": to.name, "code": to.code} if for_people else {},
        body="" if for_people else happening.body,
        case_no=happening.case_no,
        order_no=happening.order_no,
        fallbacks=rest,
    )


def _not_before(happening: Happening, rule: Rule) -> datetime | None:
    """When a message that waits is due; None: at once."""
    if rule.later is not None:
        return later.due_at(rule.later, happening)
    if rule.promised is None or happening.variables.get("reply_by"):
        return None
    return happening.at + rule.promised.wait
