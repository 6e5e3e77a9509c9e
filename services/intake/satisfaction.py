"""The half of intake on nameko that asks customers how content they are (IN-17)."""

from typing import Any

from services.intake import handlers
from services.intake.afterwards import ask
from services.intake.schemas import AskSurveys, FindSurveys, RecordSurvey, SurveyStatistics
from services.intake.settings import Settings
from shared.base.people import People, load_people
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Desk, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

Answer = dict[str, Any]


def people_of(resources: Resources) -> People:
    """The operator's people, or the example organisation."""
    return load_people(resources.settings.people)


def survey_url_of(resources: Resources) -> str | None:
    """The operator's page for answers, where there is one."""
    settings = resources.settings
    return settings.survey_url if isinstance(settings, Settings) else None


def record_survey(desk: Desk, people: People, request: Answer) -> Answer:
    """Keep an answer once per request id."""
    return desk.do(lambda uow: handlers.record_survey(uow, people, request))


def ask_surveys(desk: Desk, people: People, link: str | None, request: Answer) -> Answer:
    """Ask a page of customers once per request id."""
    return desk.do(lambda uow: handlers.ask_surveys(uow, people, link, request))


class Satisfaction(Operated):
    """Surveys."""

    work = Work()
    people = Built(people_of)
    survey_url = Built(survey_url_of)

    @rpc(RecordSurvey)
    def record_survey(self, request: Answer) -> Answer:
        """Keep what a customer answered."""
        return record_survey(self.work, self.people, request)

    @rpc(AskSurveys)
    def ask_surveys(self, request: Answer) -> Answer:
        """Ask a page of customers for a period."""
        return ask_surveys(self.work, self.people, self.survey_url, request)

    @rpc(FindSurveys)
    def find_surveys(self, request: Answer) -> Answer:
        """A page of answers."""
        return ask(self.work, handlers.find_surveys, request)

    @rpc(SurveyStatistics)
    def survey_statistics(self, request: Answer) -> Answer:
        """How content customers are."""
        return ask(self.work, handlers.survey_statistics, request)
