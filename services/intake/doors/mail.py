"""The mailbox (IN-1, IN-16)."""

from functools import partial

from services.intake.doors.common import Answer, ask, house_of, promise_asker, settings_of
from services.intake.handlers.mail import MailRoom, forget_messages, list_mail, open_mail_room, show_mail
from services.intake.schemas.mail import ListMail, OneLetter
from shared.kernel.errors import Unavailable
from shared.runtime.operations import Operated
from shared.runtime.providers import Work
from shared.runtime.regular import Regular, aside
from shared.runtime.remote import Remote
from shared.runtime.resources import Resources
from shared.runtime.rpc import rpc

NOTIFY_SECONDS = 5.0
"""How long notify is waited for when a mail of its own came back: nobody waits."""


def mail_room(resources: Resources) -> MailRoom:
    """Where letters are taken; without a mailbox in the settings none come."""

    def tell_notify(receipt: Answer) -> Answer:
        caller = resources.callers.get("notify")
        if caller is None:
            raise Unavailable("notify is not asked")
        answer: Answer = caller.call("take_receipt", receipt)
        return answer

    house, promise = house_of(resources), promise_asker(resources)
    return open_mail_room(settings_of(resources), resources.database, house, promise, tell_notify, aside)


def forget_old_mail(resources: Resources) -> int:
    """Delete messages that were set aside long ago; how many."""
    return forget_messages(settings_of(resources))


class Mail(Operated):
    """The mailbox."""

    work = Work()
    notify = Remote("notify", NOTIFY_SECONDS)
    mail = Regular("mail", mail_room)

    @rpc(ListMail)
    def list_mail(self, request: Answer) -> Answer:
        """A page of letters."""
        return ask(self.work, partial(list_mail, self.mail), request)

    @rpc(OneLetter)
    def show_mail(self, request: Answer) -> Answer:
        """One letter."""
        return ask(self.work, partial(show_mail, self.mail), request)

    @rpc(OneLetter)
    def retry_mail(self, request: Answer) -> Answer:
        """Take a letter that was set aside."""
        answer: Answer = self.mail.retry(request["id"], self.work.do)
        return answer
