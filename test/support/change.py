"""A running program that is changed: its configuration rewritten, reloaded, a successor started.

Owner:   one test; `Lineage` and `Load` are context managers.
Threads: `Load` has an event loop in a thread of its own; the rest is the test's.
"""

import asyncio
import ctypes
import json
import os
import pathlib
import re
import signal
import threading
import time

from . import yaml_text
from .client import fetch
from .gateway import run_cli
from .load import run
from .process import eventually

PR_SET_CHILD_SUBREAPER = 36
SEEN_BY_ANOTHER = -1000  # how it ended is known to its predecessor alone


def config_path(gateway) -> str:
    return os.path.join(gateway.folder, "signalbox.yaml")


def replace_file(path: str, text: str):
    """As editors do it: another file under the same name, never a half-written one."""
    pathlib.Path(path + ".new").write_text(text)
    os.replace(path + ".new", path)


def rewrite(gateway, config: dict | str):
    text = config if isinstance(config, str) else yaml_text.dump(config)
    replace_file(config_path(gateway), text)


def reload_command(gateway):
    """`signalbox config reload`: asks, and says how it ended."""
    return run_cli("config", "reload", "--config", config_path(gateway), "--data", gateway.data)


def reload(gateway, config: dict | str | None = None):
    """Takes `config` over, or fails."""
    if config is not None:
        rewrite(gateway, config)
    done = reload_command(gateway)
    assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
    return done


def note_number(gateway) -> int:
    """How many reloads the program has noted down, right or wrong."""
    path = pathlib.Path(gateway.data) / "config-history" / "last-reload.json"
    return json.loads(path.read_text())["number"] if path.exists() else 0


def hang_up(gateway, pid: int | None = None, timeout: float = 10):
    """SIGHUP, and waits until one more reload is noted down."""
    before = note_number(gateway)
    os.kill(pid or gateway.pid, signal.SIGHUP)
    assert eventually(lambda: note_number(gateway) > before, timeout, 0.002), \
        f"no reload within {timeout} s:\n{gateway.log()[-2000:]}"


def metric(gateway, name: str, headers=()) -> float:
    """The sum of a metric over its labels."""
    text = fetch(gateway, "GET", "/metrics", None, headers).body.decode()
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not there"
    return sum(map(float, found))


def log_records(gateway, message: str) -> list[dict]:
    """The log lines with just this message."""
    found = []
    for line in list(gateway.lines):
        if line.startswith("{") and message in line:
            record = json.loads(line)
            if record.get("message") == message:
                found.append(record)
    return found


class Load:
    """Requests in a closed loop until the block is left; then `result` is there."""

    def __init__(self, port: int, make_request, connections: int = 8, pause: float = 0.0):
        self.rate = connections / pause if pause else 0.0
        self.arguments = (port, make_request, connections)
        self.stop = threading.Event()
        self.result = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        port, make_request, connections = self.arguments
        self.result = asyncio.run(run(port, make_request, connections=connections, stop=self.stop,
                                      rate=self.rate))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(60)
        assert self.result is not None, "the load did not end"


class Lineage:
    """The processes that one program becomes: itself, its successor, that one's successor, …"""

    def __init__(self, gateway):
        self.gateway = gateway
        self.pids = [gateway.pid]
        self.ended: dict[int, int] = {}  # exit status by pid; negative: the signal

    def __enter__(self):
        # Successors whose predecessor has ended become children of this process.
        assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
        return self

    def __exit__(self, *_):
        for patience in (1, 10):
            for pid in self.running():
                os.kill(pid, signal.SIGTERM)
            if eventually(lambda: not self.running(), patience):
                return
        for pid in self.running():
            os.kill(pid, signal.SIGKILL)
        eventually(lambda: not self.running(), 5)

    @property
    def current(self) -> int:
        return self.pids[-1]

    def running(self) -> list[int]:
        return [pid for pid in self.pids if self.status(pid) is None]

    def status(self, pid: int) -> int | None:
        """How a process ended; None while it runs."""
        if pid == self.gateway.pid:
            return self.gateway.child.poll()
        if pid not in self.ended:
            try:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    self.ended[pid] = os.waitstatus_to_exitcode(status)
            except ChildProcessError:  # its predecessor has not ended yet, or has seen it end
                if not os.path.exists(f"/proc/{pid}"):
                    self.ended[pid] = SEEN_BY_ANOTHER
        return self.ended.get(pid)

    def upgrade(self, timeout: float = 20) -> int:
        """SIGUSR2, and waits until a successor says that it serves; its pid."""
        os.kill(self.current, signal.SIGUSR2)
        known = set(self.pids)

        def successor():
            for record in log_records(self.gateway, "took over"):
                if record["pid"] not in known:
                    return record["pid"]
            return None

        pid = eventually(successor, timeout, 0.005)
        assert pid, f"no successor within {timeout} s:\n{self.gateway.log()[-3000:]}"
        self.pids.append(pid)
        return pid

    def all_ended_but_the_last(self, timeout: float = 20):
        eventually(lambda: len(self.running()) == 1, timeout, 0.02)
        assert self.running() == [self.current], f"still there: {self.running()}"
        wrong = {pid: self.status(pid) for pid in self.pids[:-1] if self.status(pid) != 0}
        assert not wrong, f"exit statuses: {wrong}\n{self.gateway.log()[-3000:]}"


def settled_once(gateway, request_ids: list[str], timeout: float = 10):
    """Every request that was answered is in the ledger just once, as ok; every intent settled."""
    def complete():
        records = gateway.ledger()
        intents = {(r["request_id"], r["attempt"]) for r in records if r["type"] == "intent"}
        settled = [(r["request_id"], r["attempt"]) for r in records if r["type"] == "settlement"]
        return (records, settled) if intents == set(settled) else None

    found = eventually(complete, timeout, 0.2)
    assert found, "an intent without a settlement, or the other way round"
    records, settled = found
    assert len(settled) == len(set(settled)), "a call is settled twice"
    good = {r["request_id"] for r in records if r["type"] == "settlement" and r["outcome"] == "ok"}
    lost = [each for each in request_ids if each not in good]
    assert not lost, f"{len(lost)} of {len(request_ids)} answers are not in the ledger: {lost[:3]}"


def until(moment: float):
    time.sleep(max(0.0, moment - time.monotonic()))
