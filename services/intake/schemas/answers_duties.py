"""What the methods about tasks and evidence answer."""

from marshmallow import Schema, fields

from services.intake.domain.handling.tasks import STATES
from services.intake.schemas.common import nested
from services.intake.schemas.evidence import KINDS
from shared.base.fields import CaseNumber, Choice, Flag, Moment, Whole


class Task(Schema):
    """Something that is owed; `owed_by` names a department with its names, or a person."""

    case_no = CaseNumber(required=True)
    region = fields.String(required=True)
    task_id = fields.String(required=True)
    duty = fields.String(required=True)
    what = fields.Dict(required=True)
    steps = fields.List(fields.String(), required=True)
    field = fields.String()
    owed_by = fields.Dict(required=True)
    since = Moment(required=True)
    due_at = Moment(required=True)
    state = Choice(STATES, required=True)
    settled_at = Moment()
    urged = Whole(0, required=True)
    last_urged_at = Moment()
    last_urged_by = fields.String()


class TaskPage(Schema):
    """A page of tasks; `next` is there while there are more."""

    tasks = fields.List(nested(Task), required=True)
    next = fields.String()


class KeptEvidence(Schema):
    """A file that is kept; a step names it by `ref`."""

    ref = fields.String(required=True)
    digest = fields.String(required=True)
    size = Whole(1, required=True)


class EvidenceFile(KeptEvidence):
    """A file with its content in base64."""

    name = fields.String()
    kind = Choice(KINDS, required=True)
    by = fields.String(required=True)
    at = Moment(required=True)
    kept = Flag(required=True)
    content = fields.String(required=True)
