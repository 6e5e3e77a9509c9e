"""A private PostgreSQL server: one folder, one loopback port, a password of its own (design 8)."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from shared.kernel.errors import Misconfigured, Unavailable
from shared.nodes.folders import kept_secret, make_folder
from shared.nodes.output import last_line
from shared.nodes.ports import LOOPBACK, kept_ports
from shared.nodes.process import Identity, end_leftovers, start_child, stop_child, wait_until

USER = "aftercare"
STOP_SECONDS = 15.0
MISSING = "PostgreSQL is not installed; run `make setup` as root, or `apt-get install postgresql`"
# As small as it comes, the server writes whole pages into its log again and again while much changes: for a million
# clocks that moved it is two thirds of its work. Nothing here makes it less safe.
SIZED = ("shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=15min")
# Where the server was built so that it can: whole pages in its log are a quarter as long, and a history of 150 kB takes
# half the time.
COMPRESSED = ("wal_compression=lz4", "default_toast_compression=lz4")
# Committed data may be lost with the machine's power: for tests only, where it saves most of the time.
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresNode:
    """A database server that lives in a folder, beside any others.

    It refuses to run as root: started by root, it runs as `postgres` (or `nobody`) and the data folder is theirs.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self.port = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._identity = _unprivileged()

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "output.log"

    def start(self) -> None:
        """Make the data folder at first use and start the server without waiting for it."""
        make_folder(self.folder)
        self.stop()
        end_leftovers(self.folder)
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        (self.port,) = kept_ports(self.folder / "ports.json", 1)
        settings = [
            f"listen_addresses={LOOPBACK}",
            f"port={self.port}",
            "unix_socket_directories=",
            *SIZED,
            *self._compressed(),
        ]
        settings += () if self.durable else UNSAFE
        options = [word for setting in settings for word in ("-c", setting)]
        self._server = start_child(
            [program("postgres"), "-D", self._data, *options],
            owner=self.folder,
            log=self.log,
            environment=self._environment(),
            identity=self._identity,
        )

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Wait until the server takes connections."""
        wait_until(self._answers, timeout, f"PostgreSQL did not get ready in {timeout:g} s; see {self.log}")

    def stop(self) -> None:
        """Stop the server, ending its sessions; nothing happens when it is not running."""
        if self._server:
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to go.
            stop_child(self._server, STOP_SECONDS, signal.SIGINT)
        self._server = None

    def create_database(self, name: str) -> str:
        """Make an empty database; the URL under which SQLAlchemy finds it."""
        self._run("psql", *self._address, "-d", "postgres", "-qc", f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg2://{USER}:{self._password}@{LOOPBACK}:{self.port}/{name}"

    def _compressed(self) -> tuple[str, ...]:
        built = subprocess.run([program("pg_config"), "--configure"], capture_output=True, text=True, check=False)
        return COMPRESSED if "--with-lz4" in built.stdout else ()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _password(self) -> str:
        return kept_secret(self._password_file)

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    @property
    def _address(self) -> tuple[str, ...]:
        return ("-h", LOOPBACK, "-p", str(self.port), "-U", USER)

    def _answers(self) -> bool:
        if self._server is None or self._server.poll() is not None:
            raise Unavailable(f"PostgreSQL ended while starting: {last_line(self.log)}; see {self.log}")
        ready = [str(program("pg_isready")), "-q", *self._address]
        return subprocess.run(ready, env=self._environment(), check=False).returncode == 0

    def _initialise(self) -> None:
        self._give_away()
        safety = () if self.durable else ("--no-sync",)
        login = ("-U", USER, "-A", "scram-sha-256", f"--pwfile={self._password_file}")
        self._run("initdb", "-D", str(self._data), "-E", "UTF8", "--locale=C", *login, *safety)

    def _give_away(self) -> None:
        """Under root, the data folder belongs to the user as which the server runs."""
        self._data.mkdir(mode=0o700, exist_ok=True)
        kept_secret(self._password_file)
        if self._identity is None:
            return
        self.folder.chmod(0o711)
        for path in (self._data, self._password_file):
            os.chown(path, self._identity.uid, self._identity.gid)
        try:
            self._run("pg_config", "--version", cwd=self._data)
        except PermissionError:
            why = f"the server runs as {pwd.getpwuid(self._identity.uid).pw_name}, who cannot enter {self._data}"
            raise Misconfigured([f"{why}; choose a folder below /var or /tmp"]) from None

    def _run(self, name: str, *arguments: str, cwd: Path | None = None) -> None:
        done = subprocess.run(
            [str(program(name)), *arguments],
            stdin=subprocess.DEVNULL,
            env=self._environment(),
            cwd=cwd or "/",
            user=self._identity.uid if self._identity else None,
            group=self._identity.gid if self._identity else None,
            extra_groups=[] if self._identity else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{name} failed: {done.stderr.strip()}")

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PGPASSWORD": self._password}


def program(name: str) -> Path:
    """One of PostgreSQL's programs, of the newest version installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = versions[-1] / name if versions else shutil.which(name)
    if found is None:
        raise Misconfigured([MISSING])
    return Path(found)


def _unprivileged() -> Identity | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return Identity(entry.pw_uid, entry.pw_gid)
