"""Mail over real SMTP: TLS, logging in, what each failure proves, and that nothing waits for long."""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from services.notify.domain.provider import Accepted, Failed, Outgoing, Refused, Result, Unclear
from services.notify.gateways.mime import Sender
from services.notify.gateways.smtp import SmtpGateway
from services.notify.gateways.smtp_server import MailServer
from shared.kernel.errors import Misconfigured
from shared.nodes.ports import LOOPBACK, free_ports
from tests.integration.notify.mail_servers import (
    DRIP,
    HANG,
    HANG_UP,
    Mailbox,
    ScriptedServer,
    authenticator,
    mail_server,
)

NOW = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
SENDER = Sender.parse("售后服务中心 <service@example.cn>")
MAIL = Outgoing(
    reference="m-1.1",
    channel="email",
    to="li@example.cn",
    subject="投诉 202610090017 已登记",
    text="李先生:\n您的投诉已登记。\n.\n..单独的点",
    html="<p>您的投诉已登记。</p>",
    headers={"X-Aftercare-Case": "202610090017"},
)
QUICK = (2.0, 0.3)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(LOOPBACK).configure_cert(context)
    return context


@contextmanager
def gateway(url: str, **options) -> Iterator[SmtpGateway]:
    """A gateway with quick limits; it hangs up before the server ends."""
    made = SmtpGateway(MailServer.parse(url), SENDER, lambda: NOW, **({"limits": QUICK} | options))
    try:
        yield made
    finally:
        made.close()


def send(url: str, mail: Outgoing = MAIL, **options) -> Result:
    with gateway(url, **options) as mailer:
        return mailer.send(mail)


def test_a_mail_arrives_whole_and_as_ours():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        result = send(f"smtp://{LOOPBACK}:{port}")
    assert result == Accepted(provider_reference="250 2.0.0 Ok: queued as 4F2A", is_final=False)
    (mail,) = mailbox.mails
    assert mailbox.envelopes == [("service@example.cn", ["li@example.cn"])]
    assert str(mail["From"]) == "售后服务中心 <service@example.cn>"
    assert (mail["To"], mail["Subject"]) == ("li@example.cn", MAIL.subject)
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<m-1.1@example.cn>", "auto-generated")
    assert mail["X-Aftercare-Case"] == "202610090017"
    assert mail["Date"].datetime == NOW
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert html.get_content().strip() == MAIL.html
    assert mailbox.raw[0].isascii()


def test_starttls_is_taken_where_it_is_offered_and_the_password_goes_under_it(tls, ca_file):
    mailbox = Mailbox()
    options = {"tls_context": tls, "require_starttls": True, "authenticator": authenticator, "auth_required": True}
    with mail_server(mailbox, **options) as port:
        url = f"smtp://notify:p%40ss%2Fword@{LOOPBACK}:{port}?ca={ca_file}"
        assert isinstance(send(url, require_tls=True), Accepted)
        wrong = send(url.replace("p%40ss", "guess"))
    assert wrong == Failed("the mail server cannot be used: it does not take our name and password (535)")
    assert len(mailbox.mails) == 1
    assert mailbox.sessions[0].authenticated
    assert mailbox.sessions[0].ssl is not None


def test_smtps_is_tls_from_the_start_and_certificates_are_verified(tls, ca_file):
    mailbox = Mailbox()
    with mail_server(mailbox, ssl_context=tls) as port:
        assert isinstance(send(f"smtps://{LOOPBACK}:{port}?ca={ca_file}"), Accepted)
        unknown = send(f"smtps://{LOOPBACK}:{port}")
        other_name = send(f"smtps://localhost:{port}?ca={ca_file}")
    assert isinstance(unknown, Failed)
    assert "certificate cannot be trusted" in unknown.reason
    assert isinstance(other_name, Failed)
    assert "Hostname mismatch" in other_name.reason
    assert len(mailbox.mails) == 1


def test_production_mode_goes_nowhere_without_tls():
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        result = send(f"smtp://{LOOPBACK}:{port}", require_tls=True)
    assert isinstance(result, Failed)
    assert "offers no STARTTLS, which production mode requires" in result.reason
    assert not mailbox.mails


def test_a_certificate_is_verified_after_starttls_too(tls):
    with mail_server(Mailbox(), tls_context=tls) as port:
        result = send(f"smtp://{LOOPBACK}:{port}")
    assert isinstance(result, Failed)
    assert "certificate cannot be trusted" in result.reason


def test_a_refused_recipient_is_refused_for_good_and_the_next_one_still_served():
    mailbox = Mailbox(gone="550 5.1.1 <gone@example.cn>: no such user", busy="451 4.3.0 later")
    with mail_server(mailbox) as port, gateway(f"smtp://{LOOPBACK}:{port}") as mailer:
        assert mailer.send(replace(MAIL, to="gone@example.cn")) == Refused("550 5.1.1 (address) no such user")
        assert mailer.send(replace(MAIL, to="busy@example.cn")) == Failed("451 4.3.0 later")
        assert isinstance(mailer.send(MAIL), Accepted)
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("stage", "reply", "kind"),
    [
        ("greeting", "554 not you", Failed),
        ("greeting", HANG, Failed),
        ("greeting", HANG_UP, Failed),
        ("greeting", DRIP, Failed),
        ("EHLO", HANG, Failed),
        ("MAIL", "451 later", Failed),
        ("MAIL", "550 sender unknown", Failed),
        ("MAIL", HANG_UP, Failed),
        ("RCPT", "450 greylisted", Failed),
        ("RCPT", "421 closing", Failed),
        ("RCPT", "530 who are you?", Failed),
        ("RCPT", "550 no such user", Refused),
        ("RCPT", HANG, Failed),
        ("DATA", "451 no room", Failed),
        ("DATA", "554 no valid recipients", Refused),
        ("DATA", HANG_UP, Failed),
        ("DOT", "452 no room", Failed),
        ("DOT", "554 looks like spam", Refused),
        ("DOT", HANG_UP, Unclear),
        ("DOT", HANG, Unclear),
        ("DOT", DRIP, Unclear),
    ],
)
def test_the_stage_decides_what_is_known(stage, reply, kind):
    with ScriptedServer({stage: reply}) as server:
        result = send(f"smtp://{LOOPBACK}:{server.port}")
        assert type(result) is kind, result


def test_nobody_listening_is_a_failure_that_may_be_tried_again():
    (port,) = free_ports(1)
    result = send(f"smtp://{LOOPBACK}:{port}")
    assert result == Failed("the mail server cannot be used: Connection refused")


def test_connections_are_used_again_and_replaced_when_the_server_hung_up():
    with ScriptedServer({}) as server, gateway(f"smtp://{LOOPBACK}:{server.port}") as mailer:
        assert [type(mailer.send(MAIL)) for _ in range(3)] == [Accepted] * 3
        assert server.connections == 1
        server.say_from_now_on(MAIL="421 idle for too long")
        assert isinstance(mailer.send(MAIL), Failed)
        assert server.connections == 2
        server.say_from_now_on(MAIL="250 ok")
        assert isinstance(mailer.send(MAIL), Accepted)
        server.say_from_now_on(MAIL=HANG_UP)
        assert isinstance(mailer.send(MAIL), Failed)
        server.say_from_now_on(MAIL="250 ok")
        assert isinstance(mailer.send(MAIL), Accepted)


def test_a_lost_word_after_the_dot_is_not_sent_again():
    with ScriptedServer({}) as server, gateway(f"smtp://{LOOPBACK}:{server.port}") as mailer:
        mailer.send(MAIL)
        server.say_from_now_on(DOT=HANG_UP)
        assert isinstance(mailer.send(MAIL), Unclear)
        assert server.seen.count("DATA") == 2


def test_many_go_out_at_once():
    mailbox = Mailbox()
    with (
        mail_server(mailbox) as port,
        gateway(f"smtp://{LOOPBACK}:{port}", limits=(5.0, 5.0)) as mailer,
        ThreadPoolExecutor(8) as pool,
    ):
        results = list(pool.map(lambda n: mailer.send(replace(MAIL, reference=f"m-{n}")), range(40)))
    assert {type(each) for each in results} == {Accepted}
    assert {mail["Message-ID"] for mail in mailbox.mails} == {f"<m-{n}@example.cn>" for n in range(40)}


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "hello\r\nBcc: other@example.cn"},
        {"subject": "hello\u2028Bcc: other@example.cn"},
        {"subject": "a" * 501},
        {"to": "li@example.cn\r\nRCPT TO:<other@example.cn>"},
        {"to": "li@example.cn, other@example.cn"},
        {"to": "nobody"},
        {"headers": {"X-A": "b\r\nBcc: other@example.cn"}},
        {"headers": {"X-A: b\r\nBcc": "other@example.cn"}},
        {"headers": {"Bcc": "other@example.cn"}},
        {"headers": {"content-type": "text/html"}},
        {"reference": "a@b>\r\nBcc: x"},
    ],
)
def test_nothing_breaks_out_of_a_header(change):
    with ScriptedServer({}) as server:
        assert isinstance(send(f"smtp://{LOOPBACK}:{server.port}", replace(MAIL, **change)), Refused)
        assert server.connections == 0


def test_smtp_cannot_be_asked():
    with gateway("smtp://mail.example.cn") as mailer:
        assert mailer.ask("m-1") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.cn",
        "smtp://",
        "smtp://mail.example.cn:0",
        "smtp://mail.example.cn:70000",
        "smtp://user@mail.example.cn",
        "smtp://user:secr%C3%A9t@mail.example.cn",
        "smtp://mail.example.cn/path",
        "smtp://user:half/a-password@mail.example.cn",
        "smtp://mail.example.cn?tls=no",
    ],
)
def test_a_wrong_url_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match=r"smtp://user:password@host") as refused:
        MailServer.parse(url)
    assert "mail.example.cn" not in str(refused.value)
    assert "half" not in str(refused.value)


def test_a_right_url_names_everything(tmp_path):
    server = MailServer.parse("smtps://u:p%40@mail.example.cn")
    assert (server.host, server.port, server.user, server.password) == ("mail.example.cn", 465, "u", "p@")
    assert "p@" not in repr(server)
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(Misconfigured, match="no file of CA certificates"):
        MailServer.parse(f"smtp://mail.example.cn?ca={tmp_path}/ca.pem").tls()


def test_a_password_is_not_sent_in_the_clear_to_another_machine():
    server = MailServer.parse("smtp://u:p@mail.example.cn")
    assert not server.is_local
    assert MailServer.parse("smtp://localhost").is_local
