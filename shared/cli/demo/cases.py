"""Some hundred cases of two weeks, made up from a seed: who brings what, when, and how well it is then looked after.

Pure but for its own random numbers: the same seed gives the same cases and the same acts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from shared.cli.demo.acts import Act, Ref
from shared.cli.demo.care import Care, care_for
from shared.cli.demo.people import Crowd, Person
from shared.cli.demo.words import ZONE, read_words

KINDS: Final = {
    "complaint": 26,
    "repair": 18,
    "guidance": 14,
    "inquiry": 24,
    "suggestion": 10,
    "dispute": 4,
    "accident": 4,
}
CHANNELS: Final = {"phone": 45, "online": 15, "email": 10, "store": 8, "onsite": 10, "sales": 8, "authority": 4}
REGIONS: Final = {
    "south.guangdong.foshan": 24,
    "south.guangdong.guangzhou": 18,
    "south.guangdong.shenzhen": 12,
    "east.zhejiang.hangzhou": 13,
    "east.zhejiang.ningbo": 6,
    "east.jiangsu.suzhou": 11,
    "north.hebei.shijiazhuang": 6,
    "north.beijing": 7,
    "west.sichuan.chengdu": 5,
}
SEVERITIES: Final[Mapping[str, Mapping[str, int]]] = {
    "accident": {"serious": 4, "major": 3, "critical": 3},
    "dispute": {"minor": 4, "serious": 6},
    "complaint": {"minor": 12, "serious": 7, "major": 1},
}
ORDINARY: Final = {"minor": 8, "serious": 2}
CATEGORIES: Final = {"workmanship": 4, "product_quality": 6, "misuse": 3, "staff_attitude": 1, "other": 2}
REPEATED: Final = 0.06
ANONYMOUS: Final = 0.05
DAYTIME: Final = 0.78
FIRST_HOUR, LAST_HOUR = 8, 18
WEEKEND: Final = (5, 6)
ANOTHER_DAY: Final = 0.6
"""How many of those who have something at the weekend wait until Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCase:
    """One made-up case: what it is, who brought it, and everything that will be done about it."""

    label: str
    care: Care
    person: Person | None
    acts: tuple[Act, ...]

    @property
    def request(self) -> Mapping[str, Any]:
        """How it is registered."""
        return self.acts[0].request


class CaseMaker:
    """Makes cases up."""

    def __init__(self, seed: int, crowd: Crowd, begin: datetime, days: int) -> None:
        self._seed = seed
        self._random = Random(seed)
        self._crowd = crowd
        self._begin = begin
        self._days = days
        self._texts = read_words("texts.yaml")
        self._made: list[MadeCase] = []

    def make(self, count: int) -> list[MadeCase]:
        """So many cases, in the order in which they come in."""
        for number, at in enumerate(sorted(self._arrival() for _ in range(count)), start=1):
            self._made.append(self._case(f"c{number}", at))
        return self._made

    def _arrival(self) -> datetime:
        """Most people call by day and few at the weekend; the hotline answers around the clock."""
        day = self._begin + timedelta(days=self._random.randrange(self._days))
        if day.weekday() in WEEKEND and self._random.random() < ANOTHER_DAY:
            day += timedelta(days=2 if day.weekday() == WEEKEND[0] else 1)
        if self._random.random() < DAYTIME:
            hour, minute = self._random.randrange(FIRST_HOUR, LAST_HOUR), self._random.randrange(60)
        else:
            hour, minute = self._random.randrange(24), self._random.randrange(60)
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
        return max(at, self._begin + timedelta(minutes=self._random.randrange(60)))

    def _case(self, label: str, at: datetime) -> MadeCase:
        first = self._first_of_a_repeat(at)
        request = self._repeat(first) if first else self._request()
        person = first.person if first else self._customer(request)
        # Numbers of its own: how cases are looked after changes no case.
        care_random = Random(f"{self._seed} {label}")
        care = care_for(care_random, request["kind"])
        registered = {**request, "source": "demo", "external_ref": label, **_customer_of(request, person)}
        opening = Act(at=at, label=label, method="intake.register_case", request=registered)
        acts = care.acts(care_random, self._texts, opening)
        return MadeCase(label=label, care=care, person=person, acts=(opening, *acts))

    def _first_of_a_repeat(self, at: datetime) -> MadeCase | None:
        if self._random.random() >= REPEATED:
            return None
        early = at - timedelta(days=2)
        able = [each for each in self._made if each.request["kind"] == "complaint" and each.acts[0].at < early]
        able = [each for each in able if "repeat_of" not in each.request and each.person]
        return self._random.choice(able) if able else None

    def _repeat(self, first: MadeCase) -> dict[str, Any]:
        text = self._random.choice(self._texts["repeats"]).format_map(self._gaps())
        same = {name: first.request[name] for name in ("kind", "region", "severity", "category", "subject")}
        return {**same, "channel": "phone", "repeat_of": Ref("case", first.label), "description": text}

    def _request(self) -> dict[str, Any]:
        kind, region, channel = self._weighed(KINDS), self._weighed(REGIONS), self._weighed(CHANNELS)
        texts, gaps = self._texts["kinds"][kind], self._gaps()
        request = {
            "kind": kind,
            "channel": channel,
            "region": region,
            "severity": self._weighed(SEVERITIES.get(kind, ORDINARY)),
            "category": self._weighed(CATEGORIES),
            "subject": self._random.choice(texts["subjects"]).format_map(gaps),
            "description": self._random.choice(texts["descriptions"]).format_map(gaps),
            "demand": self._random.choice(texts["demands"]),
            "verifiable": kind not in ("complaint", "dispute") or self._random.random() < 0.8,
        }
        if kind in ("complaint", "repair"):
            request["product"] = self._product()
        if channel == "authority":
            request["authority"] = self._authority()
        return request

    def _product(self) -> dict[str, Any]:
        quantity = self._random.randrange(20, 400)
        return {
            "model": self._random.choice(self._texts["models"]),
            "batch": f"P2609{self._random.randrange(1, 29):02}",
            "order_no": f"D{self._random.randrange(10**6):06}",
            "quantity": quantity,
            "defective_quantity": self._random.randrange(1, quantity),
        }

    def _authority(self) -> dict[str, Any]:
        name = self._random.choice(self._texts["authorities"])
        return {"name": name, "reference": f"ZB-{self._random.randrange(10**5):05}"}

    def _customer(self, request: Mapping[str, Any]) -> Person | None:
        if self._random.random() < ANONYMOUS:
            return None
        return self._crowd.person(request["region"].rpartition(".")[2])

    def _weighed(self, weights: Mapping[str, int]) -> str:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _gaps(self) -> dict[str, str]:
        """What fills the sentences of one case."""
        lists = {"product": "products", "place": "places", "flaw": "flaws", "count": "counts"}
        return {gap: self._random.choice(self._texts[name]) for gap, name in lists.items()}


def _customer_of(request: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    if person is None:
        return {"customer": {"anonymous": True}}
    description = f"{request['description']}联系地址：{person.address}"
    by_mail = request["channel"] == "email"
    return {"customer": person.contact(by_mail=by_mail), "description": description}


def made_cases(seed: int, count: int, crowd: Crowd, begin: datetime, days: int) -> Sequence[MadeCase]:
    """The cases of a run."""
    return CaseMaker(seed, crowd, begin, days).make(count)
