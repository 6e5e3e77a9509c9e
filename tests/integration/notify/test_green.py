"""The gateways on eventlet's sockets, as in the service: all at once, over TLS too, and nobody stops the others."""

import json
import ssl
import subprocess
import sys
from pathlib import Path

import trustme

from shared.nodes.ports import LOOPBACK
from tests.integration.notify.http_servers import site
from tests.integration.notify.mail_servers import HANG, Mailbox, ScriptedServer, mail_server

ROOT = Path(__file__).parents[3]


def test_everything_goes_out_while_one_server_hangs(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(LOOPBACK).configure_cert(tls)
    mailbox = Mailbox()
    with (
        mail_server(mailbox, tls_context=tls) as starttls,
        mail_server(mailbox, ssl_context=tls) as smtps,
        ScriptedServer({"DOT": HANG}) as hanging,
        site() as receiver,
    ):
        trusted = f"?ca={tmp_path}/ca.pem"
        urls = [f"smtp://{LOOPBACK}:{starttls}{trusted}", f"smtps://{LOOPBACK}:{smtps}{trusted}"]
        words = [*urls, receiver.url, f"smtp://{LOOPBACK}:{hanging.port}"]
        ended = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.integration.notify.green_sender", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["results"] == ["Unclear"] * 3 + ["Accepted"] * 24
    assert len(mailbox.mails) == 12
    assert len(receiver.asked) == 12
    # A wait that is not green would stop everything for the whole limit of five seconds.
    assert told["longest_stop"] < 4, told
