"""Mail through a real Postfix, to a mailbox on this machine."""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from services.notify.domain.provider import Accepted, Outgoing, Refused
from services.notify.gateways.mime import Sender
from services.notify.gateways.smtp import SmtpGateway
from services.notify.gateways.smtp_server import MailServer
from shared.nodes.ports import LOOPBACK
from tests.integration.notify.postfix import DOMAIN, running_postfix
from tests.support.waiting import wait_for

MAIL = Outgoing(
    reference="m-1.1",
    channel="email",
    to=f"li@{DOMAIN}",
    subject="投诉 202610090017 已登记",
    text="李先生:\n.\n您的投诉已登记。",
    html="<p>您的投诉已登记。</p>",
)


def test_a_mail_goes_through_postfix_into_a_mailbox():
    folder = Path(tempfile.mkdtemp(prefix="aftercare-postfix-"))
    folder.chmod(0o755)  # its processes are several users
    try:
        with running_postfix(folder) as postfix:
            server = MailServer.parse(f"smtp://{LOOPBACK}:{postfix.port}?ca={postfix.ca_file}")
            sender = Sender.parse("售后 <service@aftercare.example>")
            mailer = SmtpGateway(server, sender, lambda: datetime(2026, 10, 9, 14, 0, tzinfo=UTC), require_tls=True)
            sent = mailer.send(MAIL)
            assert isinstance(sent, Accepted), sent
            assert "queued as" in str(sent.provider_reference)
            assert isinstance(mailer.send(replace(MAIL, to=f"nobody@{DOMAIN}")), Refused)
            assert isinstance(mailer.send(replace(MAIL, to="someone@elsewhere.example")), Refused)
            (mail,) = wait_for(postfix.mails, "the mail is delivered")
            mailer.close()
    finally:
        shutil.rmtree(folder)
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert (mail["Subject"], mail["Message-ID"]) == (MAIL.subject, "<m-1.1@aftercare.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["From"]) == "售后 <service@aftercare.example>"
