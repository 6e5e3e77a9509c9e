"""The customer file without a broker: requests go through the real schemas and handlers into a real database."""

from dataclasses import dataclass
from typing import Any

from services.intake import handlers
from services.intake.schemas import AddCustomer, EraseCustomer, ExportCustomer, GetCustomer
from services.intake.storage.tables import MESSAGING
from shared.base.schema import load
from shared.kernel.erasing import digester
from shared.outbox.forgotten import Forgotten
from tests.integration.intake.office import WARRANTY, Office

Answer = dict[str, Any]
DIGEST = digester(b"a key of the tests")


@dataclass
class Counter:
    """Asks about customers as a caller would, one unit of work each."""

    office: Office

    def add(self, **told: Any) -> Answer:
        """Put a customer on file, or complete one."""
        with self.office.database.write() as uow:
            return handlers.add_customer(uow, self.office.people, WARRANTY, load(AddCustomer(), told))

    def get(self, **wanted: Any) -> Answer:
        """Find customers."""
        with self.office.database.read() as connection:
            request, rights = load(GetCustomer(), wanted), handlers.Rights(self.office.people)
            return handlers.get_customer(WARRANTY, self.office.clock.now(), connection, request, rights)

    def erase(self, **asked: Any) -> Answer:
        """Erase somebody's data, or only see what would go."""
        request = load(EraseCustomer(), {"by": "desk", "reason": "asked for it", **asked})
        forgotten = Forgotten(MESSAGING, lambda: DIGEST)
        if request["dry_run"]:
            with self.office.database.read() as connection:
                return handlers.foresee_erasure(connection, lambda: DIGEST, request)
        with self.office.database.write() as uow:
            return handlers.erase_customer(uow, self.office.people, forgotten, lambda: DIGEST, request)

    def export(self, **asked: Any) -> Answer:
        """Everything held about somebody."""
        with self.office.database.read() as connection:
            request = load(ExportCustomer(), {"by": "desk", **asked})
            now = self.office.clock.now()
            return handlers.export_customer(self.office.people, WARRANTY, now, connection, request)

    def page(self, **wanted: Any) -> Answer:
        """The page of the only one who is found."""
        found: Answer = self.get(**wanted)["customer"]
        return found
