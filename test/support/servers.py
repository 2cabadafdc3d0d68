"""Real Redis and PostgreSQL servers of a test's own, with nothing but what they need in a temporary folder.

Owner:   one test or one fixture; `with Redis() as redis`, `with Postgres() as postgres`.
Errors:  a server that does not start raises with its log; `needs(Redis)` skips where none is
         installed.
"""

import ctypes
import itertools
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

from . import process

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def needs(*kinds):
    """Skips the test where a server's program is not installed."""
    for kind in kinds:
        if kind.program() is None:
            pytest.skip(f"{kind.__name__} is not installed ({kind.PACKAGE})")


def children_of(pid: int) -> list[int]:
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


class _Server:
    """Started on a free port (another one when somebody was quicker), ended with the test."""

    user: str | None = None

    def __init__(self, *options: str):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="signalbox-server-")
        self.log = os.path.join(self.folder, "log")
        self.port = 0
        self.child: subprocess.Popen | None = None

    def __enter__(self):
        for _ in range(10):
            self.port = free_port()
            if self.start():
                return self
        raise RuntimeError(f"{type(self).__name__} does not start:\n{self.read_log()}")

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def read_log(self) -> str:
        path = pathlib.Path(self.log)
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def _spawn(self, command: list[str]) -> subprocess.Popen:
        account = pwd.getpwnam(self.user) if self.user and os.geteuid() == 0 else None

        def prepare():
            if account:
                os.setgroups([])
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

        with open(self.log, "ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    cwd=self.folder, preexec_fn=prepare)

    def start(self, timeout: float = 20) -> bool:
        """Starts it, again too: on its port, with what it saved. Tells whether it answers."""
        self.child = self._spawn(self.command())
        if process.eventually(lambda: self.child.poll() is not None or self.answers(), timeout) \
                and self.child.poll() is None:
            return True
        self.kill()
        return False

    def kill(self):
        """At once, as with a power cut."""
        if self.child and self.child.poll() is None:
            self._signal(signal.SIGCONT)
            self.child.kill()
            self.child.wait()

    def _signal(self, number):
        for pid in [self.child.pid, *children_of(self.child.pid)]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def freeze(self):
        """It stands still and keeps its connections; nobody is told."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)


class Redis(_Server):
    """`Redis("--requirepass", "secret")`: options as on redis-server's command line."""

    PACKAGE = "redis-server"

    @staticmethod
    def program() -> str | None:
        return shutil.which("redis-server")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [self.program(), "--bind", "127.0.0.1", "--port", str(self.port), "--dir",
                self.folder, "--save", "", "--appendonly", "no", *self.options]

    def answers(self) -> bool:
        try:
            answer = self.tell("PING")
        except OSError:
            return False
        return bool(answer) and not answer.startswith("-LOADING")

    def tell(self, words: str, timeout: float = 10) -> str:
        """Sends one command on a connection of its own; the answer as Redis writes it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as line:
            line.sendall(words.encode() + b"\r\n")
            return line.recv(1 << 16).decode("utf-8", "replace")


class Postgres(_Server):
    """`Postgres("max_connections=20")`: options as in postgresql.conf. What is lost with the machine
    does not matter to it."""

    PACKAGE = "postgresql-15"
    user = "postgres"

    def __init__(self, *options: str):
        super().__init__(*options)
        self.names = itertools.count()
        if os.geteuid() == 0:  # which PostgreSQL refuses to be
            shutil.chown(self.folder, self.user)

    @staticmethod
    def program() -> str | None:
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        return str(found[-1]) if found else None

    def tool(self, name: str) -> str:
        return str(pathlib.Path(self.program()).with_name(name))

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://signalbox@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """An empty database's URL."""
        name = f"test_{next(self.names)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url_of(name)

    def command(self) -> list[str]:
        data = os.path.join(self.folder, "data")
        if not os.path.exists(data):
            made = self._spawn([self.tool("initdb"), "-D", data, "-U", "signalbox", "-A", "trust",
                                "-E", "UTF8", "--locale=C", "-N", "--no-instructions"])
            if made.wait(120) != 0:
                raise RuntimeError(f"initdb failed:\n{self.read_log()}")
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1",
                    f"unix_socket_directories={self.folder}", "fsync=off", *self.options]
        return [self.program(), "-D", data,
                *itertools.chain.from_iterable(("-c", each) for each in settings)]

    def _psql(self, text: str, url: str, timeout: float) -> subprocess.CompletedProcess:
        return subprocess.run([self.tool("psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1",
                               "-c", text, url], capture_output=True, text=True, timeout=timeout)

    def answers(self) -> bool:
        return self._psql("SELECT 1", self.url, 10).returncode == 0

    def sql(self, text: str, url: str | None = None, timeout: float = 30) -> str:
        """Runs a statement as psql does; rows as lines, columns between `|`."""
        done = self._psql(text, url or self.url, timeout)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout.strip()

    def kill(self):
        """Everything of it at once; memory that its processes share goes with them."""
        if self.child and self.child.poll() is None:
            self.thaw()
            self.child.send_signal(signal.SIGQUIT)
            self.child.wait()
