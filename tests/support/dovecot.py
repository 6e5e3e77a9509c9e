"""A Dovecot of the test's own: its configuration, mailboxes and sockets in one folder, on loopback ports."""

import imaplib
import os
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
import trustme

from shared.base.clock import wall_now
from shared.nodes.ports import LOOPBACK, free_ports
from shared.nodes.process import start_child, stop_child
from tests.support.waiting import wait_for

DOVECOT = "/usr/sbin/dovecot"
REMEDY = "Dovecot is not there: run `make setup` as root, or `apt-get install dovecot-imapd`"
USER, PASSWORD = "service@example.com", "p@ss/wörd"
NOBODY = 65534

CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl_cert = <{folder}/tls.pem
ssl_key = <{folder}/tls.pem
ssl = yes
ssl_dh =
disable_plaintext_auth = no
protocols = imap
listen = {loopback}
instance_name = aftercare-test
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = {nobody}
last_valid_uid = {nobody}
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
mailbox_list_index = no
auth_mechanisms = plain login
auth_failure_delay = 0
login_greeting = ready
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service stats {{
  unix_listener stats-reader {{
    mode = 0666
  }}
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


class Dovecot:
    """Where it listens, and what lies in its mailbox."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plain, self.secure = free_ports(2)
        self.ca_file = folder / "ca.pem"
        self._child: Popen[bytes] | None = None
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
        shutil.chown(folder / "mail", NOBODY, NOBODY)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        authority.issue_cert(LOOPBACK).private_key_and_cert_chain_pem.write_to_path(str(folder / "tls.pem"))
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        values = {"folder": folder, "loopback": LOOPBACK, "nobody": NOBODY, "plain": self.plain, "secure": self.secure}
        (folder / "dovecot.conf").write_text(CONFIG.format(**values))

    def url(self, folder: str = "INBOX", *, secure: bool = True) -> str:
        """The mailbox as the setting names it."""
        scheme, port = ("imaps", self.secure) if secure else ("imap", self.plain)
        return f"{scheme}://service%40example.com:p%40ss%2Fw%C3%B6rd@{LOOPBACK}:{port}/{folder}?ca={self.ca_file}"

    def start(self) -> None:
        """Start it, and wait until it greets."""
        self._child = start_child(
            [DOVECOT, "-F", "-c", self.folder / "dovecot.conf"],
            owner=self.folder,
            log=self.folder / "said",
            environment={"PATH": os.environ["PATH"]},
        )
        child = self._child
        wait_for(lambda: child.poll() is not None or _greets(self.plain), "Dovecot greets")
        assert child.poll() is None, (self.folder / "said").read_text() + self.log()

    def stop(self) -> None:
        """Stop it; its mailboxes stay."""
        if self._child is not None:
            stop_child(self._child, 30)

    def log(self) -> str:
        """What it said."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def deliver(self, raw: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Put a message into the mailbox, as a mail server does."""
        arrived = (at or wall_now()).astimezone(UTC).strftime('"%d-%b-%Y %H:%M:%S +0000"')
        with self.client() as client:
            client.create(folder)
            kind, told = client.append(folder, "", arrived, raw)
            assert kind == "OK", told

    def recreate(self, folder: str) -> None:
        """The folder is deleted and made again with the same messages: other UIDVALIDITY, UIDs from 1."""
        with self.client() as client:
            client.select(folder, readonly=True)
            raws = [each[1] for each in client.fetch("1:*", "(BODY.PEEK[])")[1] if isinstance(each, tuple)]
            client.unselect()
            client.delete(folder)
            client.create(folder)
        for raw in raws:
            self.deliver(bytes(raw), folder=folder)

    def flags(self, folder: str = "INBOX") -> list[set[str]]:
        """The flags of each message in a folder."""
        with self.client() as client:
            kind, count = client.select(folder, readonly=True)
            if kind != "OK" or count[0] == b"0":
                return []
            told = client.fetch("1:*", "(FLAGS)")[1]
        return [{flag.decode() for flag in imaplib.ParseFlags(each)} for each in told if isinstance(each, bytes)]

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """A client of somebody else, logged in."""
        found: Any = imaplib.IMAP4_SSL(LOOPBACK, self.secure, ssl_context=self._tls(), timeout=60)
        try:
            found.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield found
        finally:
            found.logout()

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


def why_none() -> str | None:
    """Why there is no Dovecot here, and the remedy."""
    if os.geteuid() != 0:
        return f"only root can start Dovecot; {REMEDY}"
    return None if Path(DOVECOT).exists() else REMEDY


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """It, ready; skips the test where Dovecot is not installed or may not be started."""
    if why := why_none():
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="aftercare-dovecot-"))  # a short path: its sockets lie there
    folder.chmod(0o755)  # its processes are several users
    dovecot = Dovecot(folder)
    try:
        dovecot.start()
        yield dovecot
    finally:
        dovecot.stop()
        shutil.rmtree(folder)


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), 1) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False
