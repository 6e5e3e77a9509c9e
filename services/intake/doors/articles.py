"""Knowledge articles (IN-24)."""

from services.intake import handlers
from services.intake.doors.common import Answer, ask, do, people_of, rights_of
from services.intake.schemas import FindArticles, GetArticle, PutArticle
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, Work
from shared.runtime.rpc import rpc


class Articles(Operated):
    """What is known."""

    work = Work()
    people = Built(people_of)
    rights = Built(rights_of)

    @rpc(PutArticle)
    def put_article(self, request: Answer) -> Answer:
        """Keep a version of an article."""
        self.rights.refuse_method("put_article", request.get("by"))
        return do(self.work, lambda uow: handlers.put_article(uow, self.people, request))

    @rpc(GetArticle)
    def get_article(self, request: Answer) -> Answer:
        """One article."""
        return ask(self.work, handlers.get_article, request)

    @rpc(FindArticles)
    def find_articles(self, request: Answer) -> Answer:
        """The articles that fit a matter."""
        return ask(self.work, handlers.find_articles, request)
