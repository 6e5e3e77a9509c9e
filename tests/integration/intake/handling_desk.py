"""Departments at work: tasks and evidence, asked for as a caller would."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.intake import handlers
from services.intake.domain.handling.tasks import tasks_of
from services.intake.gateways.files import Files
from services.intake.schemas import GetEvidence, PutEvidence, RenewTasks, TakeStep, Tasks
from services.intake.storage import tasks as stored
from services.intake.storage.repository import CaseFile
from services.intake.storage.tables import tasks
from shared.base.schema import load
from tests.integration.intake.office import Answer, Office

PHOTO = b"\x89PNG a wall"
DIGEST = f"sha256:{hashlib.sha256(PHOTO).hexdigest()}"


@dataclass
class HandlingDesk:
    """An office with a folder for evidence."""

    office: Office
    folder: Path
    most_bytes: int = 1000

    @property
    def cupboard(self) -> handlers.Cupboard:
        """Where evidence lies."""
        return handlers.Cupboard(Files(self.folder), self.most_bytes)

    @property
    def rights(self) -> handlers.Rights:
        """Who may what."""
        return handlers.Rights(self.office.people)

    def step(self, case_no: str, step: str, by: str = "desk", **fields: Any) -> Answer:
        """Take a step, with its evidence checked first."""
        request = load(TakeStep(), {"case_no": case_no, "step": step, "by": by, **fields})
        with self.office.database.write() as uow:
            handlers.refuse_unkept(self.cupboard, uow.connection, request)
            return handlers.take_step(uow, self.office.people, request, self.office.book)

    def asked(self, *departments: str, **more: Any) -> str:
        """The number of a new case in which these departments were asked for their findings."""
        case_no = self.office.case_no(**more)
        self.step(case_no, "hand_over", owner="li.qiang")
        self.step(case_no, "request_analysis", departments=list(departments))
        return case_no

    def put(self, case_no: str, content: bytes | str = PHOTO, **more: Any) -> Answer:
        """Keep a file."""
        coded = content if isinstance(content, str) else base64.b64encode(content).decode()
        asked = {"case_no": case_no, "by": "desk", "name": "wall.png", "content": coded, **more}
        request = load(PutEvidence(), asked)
        with self.office.database.write() as uow:
            self.cupboard.take_in(uow.connection, self.rights, request)
            return handlers.put_evidence(uow, request)

    def fetch(self, case_no: str, ref: str) -> Answer:
        """A file with its content."""
        request = load(GetEvidence(), {"case_no": case_no, "ref": ref, "by": "desk"})
        with self.office.database.read() as connection:
            return handlers.get_evidence(self.rights, self.cupboard, connection, request)

    def check(self) -> list[Answer]:
        """What is wrong with the files."""
        with self.office.database.read() as connection:
            return list(handlers.check_evidence(connection, self.cupboard.files))

    def tasks(self, **asked: Any) -> Answer:
        """A page of tasks."""
        now, duties = self.office.clock.now(), self.office.book.duties
        with self.office.database.read() as connection:
            return handlers.find_tasks(self.rights, duties, now, connection, load(Tasks(), asked))

    def owed(self, **asked: Any) -> list[tuple[str, str]]:
        """The names of open tasks, each with its state."""
        return [(each["task_id"], each["state"]) for each in self.tasks(**asked)["tasks"]]

    def renew(self, **asked: Any) -> Answer:
        """Make the tasks of all cases again."""
        with self.office.database.write() as uow:
            return handlers.renew_tasks(uow, self.office.people, self.office.book, load(RenewTasks(), asked))

    def rows(self, case_no: str) -> tuple[list[Any], list[Any]]:
        """The rows of a case as they are stored, and as the case makes them."""
        with self.office.database.read() as connection:
            kept = CaseFile(connection).find(case_no)
            assert kept
            query = tasks.select().where(tasks.c.case_id == kept.id)
            found = [dict(row) for row in connection.execute(query).mappings()]
        made = stored.rows_of(kept.id, kept.case, tasks_of(kept.case, self.office.book.duties))
        return _sorted({name: row[name] for name in row if name != "id"} for row in found), _sorted(made)


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: row["task_id"])
