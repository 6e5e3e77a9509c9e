"""Customers who cannot exist: names by Faker, numbers that no exchange gives out, addresses kept for examples."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from shared.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from faker import Faker

AREA_CODES: Final = {
    "foshan": "757",
    "guangzhou": "20",
    "shenzhen": "755",
    "hangzhou": "571",
    "ningbo": "574",
    "suzhou": "512",
    "shijiazhuang": "311",
    "beijing": "10",
    "chengdu": "28",
}
NAME_LENGTH: Final = 3
"""Of two characters, a name would be found in texts that do not mean it."""


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up customer."""

    name: str
    phone: str
    email: str
    address: str

    def contact(self, *, by_mail: bool = False) -> dict[str, Any]:
        """The customer as intake takes them."""
        return {"name": self.name, **({"email": self.email} if by_mail else {"phone": self.phone})}


class Crowd:
    """Makes customers up, the same ones for the same seed."""

    def __init__(self, seed: int, avoid: Iterable[str] = ()) -> None:
        self._faker = chinese_faker(seed)
        self._random = Random(seed)
        self._used: set[str] = set(avoid)
        self._numbers: set[str] = set()

    def person(self, city: str) -> Person:
        """Somebody who lives there and was not made up before."""
        name, phone = self._name(), self._phone(city)
        email = f"k{phone[-8:]}.{len(self._used)}@example.com"
        return Person(name, phone, email, self._faker.street_address())

    def _name(self) -> str:
        while True:
            name: str = self._faker.name()
            if len(name) == NAME_LENGTH and name not in self._used:
                self._used.add(name)
                return name

    def _phone(self, city: str) -> str:
        """A fixed line of the city whose own number begins with 0: well formed, but 0 leads out of town there."""
        while True:
            number = f"+86{AREA_CODES[city]}0000{self._random.randrange(10_000):04}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number


def chinese_faker(seed: int) -> "Faker":
    """Faker with a seed; raises Misconfigured where it is not installed."""
    try:
        from faker import Faker
    except ImportError:
        raise Misconfigured(
            ["`aftercare demo` needs Faker and pygal; install them: pip install aftercare[demo]"]
        ) from None
    faker = Faker("zh_CN")
    faker.seed_instance(seed)
    return faker
