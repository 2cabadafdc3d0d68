"""F29, F30: the disk is full, turns read-only, or fails, or its database is locked by somebody else:
what docs/operations.md says happens.

A full disk is a small tmpfs, which only root may mount; errors of other kinds come from the shim.
"""

import asyncio
import collections
import contextlib
import errno
import os
import sqlite3
import subprocess
import threading

import pytest

from support import scripts
from support.change import metric
from support.client import chat, chat_request, fetch
from support.gateway import Gateway, edge
from support.load import run
from support.management import Caller
from support.process import eventually
from support.shim import Shim

REFUSED = b'signalbox_requests_refused_total{error="unavailable"}'
FAILING, WORKING = "the ledger cannot be written", "the ledger can be written again"


class FullDisk:
    """A tmpfs of its own that a file fills."""

    def __init__(self, folder):
        self.folder, self.env = folder / "disk", {}
        self.folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=14m", "none", self.folder],
                              capture_output=True)
        if done.returncode != 0:
            pytest.skip("a tmpfs cannot be mounted here (it needs root)")
        self.filler = self.folder / "filler"

    def spoil(self):
        file = os.open(self.filler, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        with contextlib.suppress(OSError):
            while os.write(file, bytes(4096)):
                pass
        os.close(file)

    def mend(self):
        self.filler.unlink(missing_ok=True)

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


class FailingDisk:
    """Every write to a file fails with one error."""

    def __init__(self, folder, error: int):
        self.folder, self.error = folder, error
        self.shim = Shim(folder, only_clock=True)
        self.env = self.shim.env

    def spoil(self):
        self.shim.fail_writes(self.error)

    def mend(self):
        self.shim.fail_writes(0)

    def close(self):
        pass


DISKS = {"full": FullDisk, "read_only": lambda folder: FailingDisk(folder, errno.EROFS),
         "failing": lambda folder: FailingDisk(folder, errno.EIO)}


@pytest.fixture(params=DISKS)
def disk(request, tmp_path):
    made = DISKS[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def full_disk(tmp_path):
    made = FullDisk(tmp_path)
    yield made
    made.close()


def on(disk, upstream) -> Gateway:
    config = {**edge(upstream.port), "ledger": {"ring": "1MiB"}}
    return Gateway(config, data=str(disk.folder / "data"), env=disk.env)


def call_until_refused(gateway) -> tuple[list[str], list[str]]:
    """Calls until the journal takes no more: ids of the answers that came, what was refused."""
    stop, box = threading.Event(), []

    async def load():
        box.append(await run(gateway.port, lambda number: chat_request("edge/m", f"n{number}"),
                             connections=8, stop=stop))

    thread = threading.Thread(target=lambda: asyncio.run(load()))
    thread.start()
    refused = eventually(lambda: fetch(gateway, "GET", "/metrics").body.count(REFUSED), 60, 0.05)
    stop.set()
    thread.join(10)
    assert refused, "nothing was refused"
    return box[0].request_ids, box[0].failures


def test_f29_calls_go_on_while_the_journal_has_room(disk, upstream):
    upstream.default = scripts.answer()
    with on(disk, upstream) as gateway:
        caller = Caller(gateway)
        first = [chat(gateway).header("x-signalbox-request-id") for _ in range(5)]
        assert eventually(lambda: caller.get("/api/usage/total")["calls"] == 5)
        disk.spoil()
        seen, failures = call_until_refused(gateway)
        check_spoilt(gateway, caller, failures)
        assert len(upstream.requests) == len(first) + len(seen), "a refused call went out"
        disk.mend()
        assert eventually(lambda: metric(gateway, "signalbox_ledger_archive_failing") == 0, 5)
        assert chat(gateway).status == 200
        assert fetch(gateway, "GET", "/readyz").status == 200
        assert len(told(gateway, WORKING)) == 1
        check_booked(gateway, caller, first + seen)
        assert caller.ask("POST", "/api/keys", {"name": "after"}).status == 201


def told(gateway, text: str) -> list[str]:
    return [line for line in gateway.lines if text in line]


def check_spoilt(gateway, caller, failures: list[str]):
    assert all(each.startswith("503") and "the journal is full" in each for each in failures)
    answer = chat(gateway)
    assert answer.status == 503 and answer.header("retry-after") == "1"
    assert fetch(gateway, "GET", "/healthz").status == 200
    ready = fetch(gateway, "GET", "/readyz")
    assert (ready.status, ready.json()) == (503, {"status": "journal full"})
    assert metric(gateway, "signalbox_ledger_archive_failing") == 1
    assert 0.85 < metric(gateway, "signalbox_journal_fill_ratio") <= 1
    assert len(told(gateway, FAILING)) == 1, "the alarm comes once"
    refused = caller.ask("POST", "/api/keys", {"name": "while it is full"})
    assert refused.status == 503 and refused.json()["error"]["message"], refused
    assert caller.get("/api/keys")["data"] == []
    assert caller.ask("GET", "/api/usage/total").status == 200


def check_booked(gateway, caller, seen: list[str]):
    """Every answer that somebody saw is in the ledger and in the database, once."""
    counts = collections.Counter(r["request_id"] for r in gateway.settlements())
    assert not set(seen) - set(counts) and set(counts.values()) == {1}
    eventually(lambda: caller.get("/api/usage/total")["calls"] >= len(counts), 10, 0.1)
    assert caller.get("/api/usage/total")["calls"] == len(counts)


def test_f29_a_kill_on_a_full_disk_loses_nothing(full_disk, upstream):
    with on(full_disk, upstream) as gateway:
        full_disk.spoil()
        seen = [chat(gateway).header("x-signalbox-request-id") for _ in range(20)]
        gateway.kill()
        full_disk.spoil()
        gateway.start()
        assert chat(gateway).status == 200, "what is left of the journal is not used"
        gateway.kill()
        full_disk.mend()
        gateway.start()
        assert gateway.started_in < 2

        def settled():
            return collections.Counter(r["request_id"] for r in gateway.settlements())

        assert eventually(lambda: len(settled()) == 21, 5, 0.05)
        assert set(seen) <= set(settled()) and set(settled().values()) == {1}


def test_f29_a_first_start_on_a_full_disk_says_so_and_leaves_nothing_behind(full_disk, upstream):
    gateway = on(full_disk, upstream)
    try:
        full_disk.spoil()
        with pytest.raises(RuntimeError, match="No space left on device"):
            gateway.start()
        assert gateway.child.returncode == 1
        full_disk.mend()
        gateway.start()
        assert chat(gateway).status == 200
        assert "admin key, shown this once" in gateway.log()
    finally:
        gateway.close()


def test_f29_a_start_on_a_read_only_disk_says_so(full_disk, upstream):
    gateway = on(full_disk, upstream)
    try:
        gateway.start()
        gateway.terminate()
        gateway.kill()
        subprocess.run(["mount", "-o", "remount,ro", full_disk.folder], check=True)
        with pytest.raises(RuntimeError, match="the data directory must be writable"):
            gateway.start()
    finally:
        gateway.close()


def test_f30_calls_go_on_while_another_process_has_the_database(upstream):
    with Gateway({**edge(upstream.port), "ledger": {"ring": "1MiB"}}) as gateway:
        caller = Caller(gateway)
        seen = [chat(gateway).header("x-signalbox-request-id") for _ in range(5)]
        other = sqlite3.connect(os.path.join(gateway.data, "signalbox.db"), isolation_level=None)
        with contextlib.closing(other):
            other.execute("BEGIN EXCLUSIVE")
            seen += [chat(gateway).header("x-signalbox-request-id") for _ in range(20)]
            refused = caller.ask("POST", "/api/keys", {"name": "meanwhile"}, timeout=15)
            assert refused.status == 503
            # Behind one of the gateway's own writers, which waits for the lock, or for it itself.
            message = refused.json()["error"]["message"]
            assert "locked" in message or "other writers" in message
            assert caller.get("/api/keys")["data"] == []
            other.execute("ROLLBACK")
        check_booked(gateway, caller, seen)
        assert caller.ask("POST", "/api/keys", {"name": "after"}).status == 201
