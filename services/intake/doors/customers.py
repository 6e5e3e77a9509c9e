"""The customer file (IN-10, IN-12, AL-4)."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from services.intake import handlers
from services.intake.doors.common import (
    Answer,
    ask,
    cupboard_of,
    do,
    people_of,
    rights_of,
    settings_of,
    warranty_of,
)
from services.intake.doors.proof import reads_of, recorded
from services.intake.gateways.files import Files
from services.intake.gateways.mail import Store
from services.intake.handlers.mail import store_of
from services.intake.schemas import AddCustomer, EraseCustomer, ExportCustomer, GetCustomer
from shared.base.erasure_key import digest_of
from shared.base.people import People
from shared.kernel.erasing import Digest
from shared.outbox.forgotten import Forgotten
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc


class Erasing(NamedTuple):
    """With what data are erased: what is remembered of it, how digests are made, where letters lie."""

    forgotten: Forgotten
    digest: Callable[[], Digest]
    store: Store
    evidence: Files


def erasing_with(resources: Resources) -> Erasing:
    """This process's memory of erasures, the suite's key, the folder of mail."""
    return Erasing(
        resources.forgotten,
        digest_of(resources.settings),
        store_of(settings_of(resources)),
        cupboard_of(resources).files,
    )


def erase_customer(desk: Desk, people: People, erasing: "Erasing", request: Answer) -> Answer:
    """Erase somebody's data once per request id; a dry run changes nothing and is never kept."""
    if request["dry_run"]:
        return desk.ask(lambda connection: handlers.foresee_erasure(connection, erasing.digest, request))
    answer = desk.do(lambda uow: handlers.erase_customer(uow, people, erasing.forgotten, erasing.digest, request))
    handlers.forget_files(erasing.store, erasing.evidence, answer)
    return answer


class Customers(Operated):
    """The customer file."""

    work = Work()
    people = Built(people_of)
    rights = Built(rights_of)
    warranty = Built(warranty_of)
    erasing = Built(erasing_with)
    reads = Built(reads_of)

    @rpc(AddCustomer)
    def add_customer(self, request: Answer) -> Answer:
        """Put a customer on file, or complete one."""
        self.rights.refuse_method("add_customer", request.get("by"))
        return do(self.work, lambda uow: handlers.add_customer(uow, self.people, self.warranty, request))

    @rpc(GetCustomer)
    def get_customer(self, request: Answer) -> Answer:
        """One customer with everything, or the candidates."""
        finding = partial(handlers.get_customer, self.warranty, self.work.now(), rights=self.rights)
        return recorded(self.reads, "get_customer", request, ask(self.work, finding, request))

    @rpc(EraseCustomer)
    def erase_customer(self, request: Answer) -> Answer:
        """Erase somebody's personal data."""
        self.rights.refuse_method("erase_customer", request["by"])
        return erase_customer(self.work, self.people, self.erasing, request)

    @rpc(ExportCustomer)
    def export_customer(self, request: Answer) -> Answer:
        """Hand over what is held about somebody."""
        self.rights.refuse_method("export_customer", request["by"])
        exporting = partial(handlers.export_customer, self.people, self.warranty, self.work.now())
        return recorded(self.reads, "export_customer", request, ask(self.work, exporting, request))
