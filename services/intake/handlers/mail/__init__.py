"""The mailbox as a channel: letters become cases or join them, once each; what no person wrote is set aside."""

from services.intake.handlers.mail.asking import list_mail, show_mail
from services.intake.handlers.mail.opening import forget_messages, open_mail_room, store_of
from services.intake.handlers.mail.room import MailRoom

__all__ = ["MailRoom", "forget_messages", "list_mail", "open_mail_room", "show_mail", "store_of"]
