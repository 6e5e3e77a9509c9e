"""A Postfix of the test's own: its configuration, queue and mailboxes in one folder, on a loopback port."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
import trustme

from shared.nodes.ports import LOOPBACK, free_ports
from shared.nodes.process import start_child, stop_child
from tests.support.waiting import wait_for

POSTFIX = "/usr/sbin/postfix"
MASTER_PROGRAM = "/usr/lib/postfix/sbin/master"
REMEDY = "Postfix is not there: run `make setup` as root, or `apt-get install postfix`"
NOBODY = 65534
DOMAIN = "customers.example"

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
multi_instance_name = postfix-aftercare-test
myhostname = mail.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = {loopback}
inet_protocols = ipv4
mynetworks = {loopback}/32
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/tls.pem
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ li@{domain}=li/ }}
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
virtual_minimum_uid = 100
"""

MASTER = """\
{loopback}:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
"""


class Postfix:
    """Where it listens, and what it delivered."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.ca_file = folder / "ca.pem"

    def mails(self) -> list[EmailMessage]:
        """Li's mailbox."""
        files = (self.folder / "mail" / "li" / "new").glob("*")
        return [BytesParser(EmailMessage, policy=policy.default).parsebytes(each.read_bytes()) for each in files]


@contextmanager
def running_postfix(folder: Path) -> Iterator[Postfix]:
    """It, ready; skips the test where Postfix is not installed or may not be started."""
    if not Path(POSTFIX).exists() or os.geteuid() != 0:
        pytest.skip(REMEDY if os.geteuid() == 0 else f"only root can start Postfix; {REMEDY}")
    postfix = Postfix(folder, free_ports(1)[0])
    _configure(postfix)
    etc = str(folder / "etc")
    # What `postfix start` does, but its master is our own child and not a daemon.
    checked = subprocess.run([POSTFIX, "-c", etc, "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    child = start_child(
        [MASTER_PROGRAM, "-c", etc, "-s"], owner=folder, log=folder / "said", environment={"PATH": os.environ["PATH"]}
    )
    try:
        wait_for(lambda: child.poll() is not None or _greets(postfix.port), "Postfix greets")
        assert child.poll() is None, (folder / "log").read_text()
        yield postfix
    finally:
        stop_child(child, 30)


def _configure(postfix: Postfix) -> None:
    folder = postfix.folder
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", NOBODY, NOBODY)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(postfix.ca_file))
    authority.issue_cert(LOOPBACK).private_key_and_cert_chain_pem.write_to_path(str(folder / "tls.pem"))
    values = {"folder": folder, "loopback": LOOPBACK, "port": postfix.port, "domain": DOMAIN, "nobody": NOBODY}
    (folder / "etc" / "main.cf").write_text(MAIN.format(**values))
    (folder / "etc" / "master.cf").write_text(MASTER.format(**values))


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), 1) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False
