"""The customer file without a broker: requests go through the real schemas and handlers into a real database."""

from dataclasses import dataclass
from typing import Any

from services.intake import handlers
from services.intake.schemas import AddCustomer, GetCustomer
from shared.base.schema import load
from tests.integration.intake.office import Office

Answer = dict[str, Any]


@dataclass
class Counter:
    """Asks about customers as a caller would, one unit of work each."""

    office: Office

    def add(self, **told: Any) -> Answer:
        """Put a customer on file, or complete one."""
        with self.office.database.write() as uow:
            return handlers.add_customer(uow, self.office.people, load(AddCustomer(), told))

    def get(self, **wanted: Any) -> Answer:
        """Find customers."""
        with self.office.database.read() as connection:
            return handlers.get_customer(connection, load(GetCustomer(), wanted))

    def page(self, **wanted: Any) -> Answer:
        """The page of the only one who is found."""
        found: Answer = self.get(**wanted)["customer"]
        return found
