"""What the methods answer, for whoever writes a program against them; answers may gain members, never lose any."""

from marshmallow import Schema, fields

from services.intake.domain.vocabulary import MODES, STATES
from services.intake.schemas.answers_handling import Handling
from services.intake.schemas.common import CustomerSchema, ProductSchema, nested
from shared.base.fields import CaseNumber, Choice, Flag, Moment, Text, Whole
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, KINDS, SEVERITIES


class Promise(Schema):
    """When the customer may expect an answer (IN-11)."""

    reply_by = Moment(required=True)
    opinion_by = Moment()
    provisional = Flag(required=True)
    explanation = fields.Raw()


class Registered(Schema):
    """A registration; `differs` names what a repeated one said differently."""

    case_no = CaseNumber(required=True)
    state = Choice(STATES, required=True)
    version = Whole(1, required=True)
    duplicate = Flag(required=True)
    differs = fields.List(fields.String())
    promise = nested(Promise, required=True, allow_none=True)
    articles = fields.List(fields.Dict())


class Fact(Schema):
    """One fact of a case."""

    seq = Whole(1, required=True)
    fact = fields.String(required=True)
    at = Moment(required=True)
    recorded_at = Moment(required=True)
    by = fields.String(required=True)
    key = fields.String()
    due_at = Moment()
    set = fields.Dict()
    voids = fields.String()
    text = fields.String()


class Entry(Fact):
    """One line of the history: a fact, and what intake alone keeps of it."""

    version = Whole(1, required=True)
    detail = fields.Dict(required=True)


class ListedCase(Schema):
    """A case as one of many."""

    case_no = CaseNumber(required=True)
    source = fields.String()
    external_ref = fields.String()
    mode = Choice(MODES, required=True)
    repeat_of = CaseNumber()
    version = Whole(1, required=True)
    state = Choice(STATES, required=True)
    waiting = Flag(required=True)
    kind = Choice(KINDS, required=True)
    channel = Choice(CHANNELS, required=True)
    region = fields.String(required=True)
    category = Choice(CATEGORIES, required=True, allow_none=True)
    severity = Choice(SEVERITIES, required=True)
    verifiable = Flag(required=True)
    cause = fields.String()
    department = fields.String()
    owner = fields.String()
    product = nested(ProductSchema)
    milestones = fields.Dict(required=True)
    customer = nested(CustomerSchema, required=True)
    subject = fields.String(required=True)
    seems_repeat_of = CaseNumber()
    complained_about = fields.List(fields.String())


class CaseWithFacts(ListedCase):
    """A case with everything that happened."""

    description = fields.String(required=True)
    demand = fields.String()
    repeat_proposal = fields.Dict()
    tasks = fields.List(fields.Dict())
    evidence = fields.List(fields.Dict())
    needs_owner = fields.Dict()
    facts = fields.List(nested(Fact), required=True)
    handling = nested(Handling)


class CaseWithHistory(CaseWithFacts):
    """A case with everything that happened, and what people wrote."""

    history = fields.List(nested(Entry), required=True)


class CasePage(Schema):
    """A page of cases; `next` is there while there are more."""

    cases = fields.List(nested(ListedCase), required=True)
    next = fields.String()


class OpenCase(Schema):
    """A case that is open for a caller."""

    case_no = CaseNumber(required=True)
    state = Choice(STATES, required=True)
    subject = fields.String(required=True)
    reply_by = Moment()


class Caller(Schema):
    """Who is calling."""

    customer = fields.Dict()
    open_cases = fields.List(nested(OpenCase), required=True)
    equipment = fields.List(fields.Dict(), required=True)
    calls = fields.List(fields.Dict(), required=True)
    repeat = Flag(required=True)
    repeats = fields.List(fields.Dict())


class Words(Schema):
    """The same in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class SpokenCase(Schema):
    """How a case stands, to be said aloud."""

    case_no = Text(required=True)
    state = Choice(STATES, required=True)
    say = nested(Words, required=True)


class SpokenCases(Schema):
    """How the caller's cases stand."""

    cases = fields.List(nested(SpokenCase), required=True)


class RegionList(Schema):
    """Every region of the tree, each before those below it."""

    regions = fields.List(fields.String(), required=True)


class LoadedRegions(RegionList):
    """The tree as it is now, and what changed."""

    added = fields.List(fields.String(), required=True)
    removed = fields.List(fields.String(), required=True)


class Survey(Schema):
    """A survey; `text` is what the customer said, `answers` how often they answered."""

    code = fields.String(required=True)
    kind = fields.String(required=True)
    case_no = CaseNumber()
    customer_id = fields.String()
    period = fields.String()
    region = fields.String(required=True)
    score = fields.Float()
    text = fields.String()
    via = fields.String()
    asked_at = Moment(required=True)
    answered_at = Moment()
    answers = Whole(0, required=True)


class Surveyed(Schema):
    """An answer that was kept; of a case, how it stands now."""

    survey = nested(Survey, required=True)
    state = Choice(STATES)
    version = Whole(1)


class SurveyPage(Schema):
    """A page of answers."""

    surveys = fields.List(nested(Survey), required=True)
    next = fields.String()


class SurveyFigures(Schema):
    """Figures by groups."""

    rows = fields.List(fields.Dict(), required=True)


class Offer(Schema):
    """An article as it is offered, and by what it fits."""

    article_id = fields.String(required=True)
    title = fields.Dict(required=True)
    because = fields.List(fields.String(), required=True)


class Offers(Schema):
    """Articles, the closest first."""

    articles = fields.List(nested(Offer), required=True)


class Article(Schema):
    """One version of an article."""

    article_id = fields.String(required=True)
    version = Whole(1, required=True)
    active = Flag(required=True)
    title = fields.Dict(required=True)
    text = fields.Dict(required=True)
    products = fields.List(fields.String())
    categories = fields.List(fields.String())
    causes = fields.List(fields.String())
    kinds = fields.List(fields.String())
    words = fields.List(fields.String())
    at = Moment(required=True)
    by = fields.String()
