"""How content customers are (IN-17)."""

from functools import partial

from services.intake import handlers
from services.intake.doors.common import Answer, ask, do, handbook_of, people_of, rights_of, settings_of
from services.intake.schemas import AskSurveys, FindSurveys, RecordSurvey, SurveyStatistics
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Work
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc


def survey_url_of(resources: Resources) -> str | None:
    """The operator's page for answers, where there is one."""
    return settings_of(resources).survey_url


class Surveys(Operated):
    """Surveys."""

    work = Work()
    people = Built(people_of)
    rights = Built(rights_of)
    handbook = Built(handbook_of)
    survey_url = Built(survey_url_of)

    @rpc(RecordSurvey)
    def record_survey(self, request: Answer) -> Answer:
        """Keep what a customer answered."""
        self.rights.refuse_method("record_survey", request.get("by"))
        return do(self.work, lambda uow: handlers.record_survey(uow, self.people, request, self.handbook))

    @rpc(AskSurveys)
    def ask_surveys(self, request: Answer) -> Answer:
        """Ask a page of customers for a period."""
        self.rights.refuse_method("ask_surveys", request.get("by"))
        return do(self.work, lambda uow: handlers.ask_surveys(uow, self.people, self.survey_url, request))

    @rpc(FindSurveys)
    def find_surveys(self, request: Answer) -> Answer:
        """A page of answers."""
        return ask(self.work, partial(handlers.find_surveys, rights=self.rights), request)

    @rpc(SurveyStatistics)
    def survey_statistics(self, request: Answer) -> Answer:
        """How content customers are."""
        return ask(self.work, handlers.survey_statistics, request)
