"""F43: a successor takes over without a lost connection; the service manager's sockets."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import stat
import sys
import threading
import time

import pytest

from support import answers, process, scripts
from support.change import (Lineage, Load, log_records, reload, rewrite, settled_once)
from support.client import Client, chat, chat_request
from support.gateway import BINARY, Gateway, edge
from support.process import eventually
from support.recovery import settle
from support.scale import pick
from support.upstream import Upstream

SMALL_JOURNAL = {"ring": "16MiB"}  # upgrades follow each other faster than they would


def configuration(port: int, workers: int = 2, **more) -> dict:
    config = edge(port)
    config["server"] = {"workers": workers, "drain": "20s", **more}
    config["ledger"] = SMALL_JOURNAL
    return config


def mixed_request(number: int) -> bytes:
    return chat_request("edge/m", f"n{number % 97}", stream=number % 4 == 0)


async def mixed(conn, request):
    script = scripts.stream(pace=0.01) if b'"stream": true' in request.body else scripts.answer()
    await script(conn, request)
    conn.requests.clear()
    conn.upstream.requests.clear()


def connections_of_their_own(port: int, stop, failures: list, count: list):
    """New connections all the time: one that meets no listener is refused or reset."""
    while not stop.is_set():
        try:
            with Client(port) as client:
                client.send(chat_request("edge/m", "new"))
                answer = client.read_answer()
                if answer.status != 200:
                    failures.append(answer.status)
            count.append(1)
        except Exception as error:  # noqa: BLE001: whatever it is, it must not happen
            failures.append(f"{type(error).__name__}: {error}")


def ledger_of(gateway) -> int:
    """The process that writes the archive."""
    text = (pathlib.Path(gateway.data) / "lock").read_text()
    return int(text) if text.strip() else 0


def test_f43_upgrades_under_load():
    rounds = pick(4, 100)
    with Upstream(mixed) as upstream, Gateway(configuration(upstream.port)) as gateway, \
            Lineage(gateway) as lineage:
        assert chat(gateway, "edge/m").status == 200
        first = process.fd_count(lineage.current)
        stop, failures, count = threading.Event(), [], []
        fresh = threading.Thread(target=connections_of_their_own,
                                 args=(gateway.port, stop, failures, count))
        fresh.start()
        began = time.monotonic()
        with Load(gateway.port, mixed_request, connections=8) as load:
            for _ in range(rounds):
                pid, answered = lineage.upgrade(), len(count)
                assert eventually(lambda: ledger_of(gateway) == pid, 40), \
                    f"the ledger stays behind:\n{gateway.log()[-2000:]}"
                assert eventually(lambda: len(count) > answered, 10), "nobody serves"
        seconds = time.monotonic() - began
        stop.set()
        fresh.join(20)
        result = load.result
        assert not result.failures, f"{len(result.failures)} failed: {set(result.failures)}"
        assert not failures, f"{len(failures)} new connections failed: {set(failures)}"
        lineage.all_ended_but_the_last()
        settled_once(gateway, result.request_ids)
        upstream.drop_all()
        eventually(lambda: process.fd_count(lineage.current) <= first + 2, 5, 0.05)
        left = process.fd_count(lineage.current)
        print(f"{rounds} upgrades in {seconds:.1f} s, {len(result.latencies)} requests on kept "
              f"connections and {len(count)} on new ones, 0 failed, p99 "
              f"{result.percentile(0.99) * 1000:.1f} ms, descriptors {first} -> {left}")
        assert left <= first + 2, f"descriptors: {first} in the first process, {left} in the last"
        ledger = pathlib.Path(gateway.data) / "ledger"
        assert eventually(lambda: len(list(ledger.glob("*.ring"))) == 2, 5, 0.05), \
            f"journals pile up: {sorted(each.name for each in ledger.iterdir())}"


def test_f43_streams_finish_across_an_upgrade(upstream):
    upstream.default = scripts.stream(answers.frames(["x"] * 40), pace=0.03)
    with Gateway(configuration(upstream.port)) as gateway, Lineage(gateway) as lineage:
        clients = [Client(gateway.port).send(chat_request(stream=True)) for _ in range(20)]
        heads = [client.read_head() for client in clients]
        lineage.upgrade()
        upstream.default = scripts.answer()
        assert chat(gateway, text="of the new one").text() == "of the new one"
        for client, head in zip(clients, heads):
            frames = [frame for _, frame in client.frames(head)]
            assert frames[-1] == answers.DONE, "a stream was cut by the upgrade"
            client.close()
        lineage.all_ended_but_the_last()
        settled = gateway.settlements()
        assert sorted(r["outcome"] for r in settled) == ["ok"] * 21, settled


def test_f43_a_kept_connection_moves_on(upstream):
    """The old process answers once more on it and says that it closes; then the new one serves."""
    with Gateway(configuration(upstream.port)) as gateway, Lineage(gateway) as lineage:
        with Client(gateway.port) as client:
            client.send(chat_request())
            assert client.read_answer().status == 200
            lineage.upgrade()

            def told_to_move() -> bool:
                client.send(chat_request())
                answer = client.read_answer()
                assert answer.status == 200
                return (answer.header("connection") or "").lower() == "close"

            assert eventually(told_to_move, 10), "the old one keeps it"
            assert client.at_end()
        lineage.all_ended_but_the_last()


def test_f43_a_stream_that_said_nothing_of_an_end_is_followed_by_a_request(upstream):
    """Its head went out before the upgrade, so that the connection was promised to stay."""
    upstream.default = scripts.stream(answers.frames(["x"] * 20), pace=0.03)
    with Gateway(configuration(upstream.port, workers=1)) as gateway, Lineage(gateway) as lineage:
        with Client(gateway.port) as client:
            client.send(chat_request(stream=True))
            head = client.read_head()
            assert (head.header("connection") or "").lower() != "close"
            lineage.upgrade()
            assert eventually(lambda: log_records(gateway, "draining"), 10)
            assert [frame for _, frame in client.frames(head)][-1] == answers.DONE
            upstream.default = scripts.answer()
            time.sleep(0.1)  # the old one has seen the end of the stream as well
            client.send(chat_request())
            answer = client.read_answer()
            assert answer.status == 200
            assert answer.header("connection").lower() == "close"
        lineage.all_ended_but_the_last()


def test_f43_the_successor_reads_the_configuration_as_it_is_now(upstream):
    """Also what a reload does not change: the number of workers, an option of the journal."""
    with Gateway(configuration(upstream.port, workers=1)) as gateway, Lineage(gateway) as lineage:
        for workers in (3, 1, 2):
            config = configuration(upstream.port, workers=workers)
            config["models"] = {f"with-{workers}": {"targets": ["edge/m"]}}
            rewrite(gateway, config)
            pid = lineage.upgrade()
            assert eventually(lambda: worker_count(pid) == workers), worker_count(pid)
            lineage.all_ended_but_the_last()  # until then the old one may take a connection
            for _ in range(4):  # whichever worker it is
                assert chat(gateway, f"with-{workers}").status == 200
        lineage.all_ended_but_the_last()


def worker_count(pid: int) -> int:
    """By the names that the threads give themselves."""
    names = [each.read_text() for each in pathlib.Path(f"/proc/{pid}/task").glob("*/comm")]
    return sum(name.startswith("worker-") for name in names)


def test_f43_a_port_that_was_free_is_handed_on(upstream):
    config = configuration(upstream.port, metrics="127.0.0.1:0")
    with Gateway(config) as gateway, Lineage(gateway) as lineage:
        for _ in range(2):
            lineage.upgrade()
            assert chat(gateway).status == 200
        lineage.all_ended_but_the_last()
        ports = {record["address"] for record in log_records(gateway, "metrics port")}
        assert len(log_records(gateway, "metrics port")) == 3
        assert ports, "nobody says where the metrics are"


@contextlib.contextmanager
def own_copy(gateway):
    """The gateway started from a copy of the program, which may be replaced."""
    path = pathlib.Path(gateway.folder) / "signalbox"
    shutil.copy(BINARY, path)
    for beside in pathlib.Path(BINARY).parent.glob("signalbox.vocabulary"):
        shutil.copy(beside, gateway.folder)
    gateway.program = str(path)
    with gateway:
        yield path


def put_in_place_of(path: pathlib.Path, text: str):
    path.unlink()
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize("successor, said", [
    ("#!/bin/sh\necho 'cannot start'\nexit 3\n", "ended with status 3"),
    ("#!/bin/sh\nkill -9 $$\n", "ended by a signal"),
    ("not a program\n", "signalbox"),
], ids=["exits", "is_killed", "is_no_program"])
def test_f43_a_successor_that_cannot_start_leaves_the_old_one(upstream, successor, said):
    gateway = Gateway(configuration(upstream.port, workers=1))
    with own_copy(gateway) as path:
        put_in_place_of(path, successor)
        assert chat(gateway).status == 200
        descriptors = settle(gateway, upstream)
        with Load(gateway.port, mixed_request, connections=2) as load:
            gateway.child.send_signal(signal.SIGUSR2)
            assert eventually(lambda: log_records(
                gateway, "the upgrade failed; this process goes on"), 10)
        assert not load.result.failures, load.result.failures
        failed = log_records(gateway, "the upgrade failed; this process goes on")[-1]
        assert said in failed["error"], failed
        assert chat(gateway).status == 200
        assert settle(gateway, upstream) <= descriptors, "descriptors are lost"
        path.unlink()
        shutil.copy(BINARY, path)  # the next try is good
        with Lineage(gateway) as lineage:
            lineage.upgrade()
            assert chat(gateway).status == 200
            lineage.all_ended_but_the_last()


def test_f43_a_successor_with_a_broken_configuration_leaves_the_old_one(upstream):
    with Gateway(configuration(upstream.port, workers=1)) as gateway:
        rewrite(gateway, "server: [\n")
        gateway.child.send_signal(signal.SIGUSR2)
        assert eventually(lambda: log_records(gateway, "the upgrade failed; this process goes on"),
                          10)
        assert "signalbox.yaml:2:1" in gateway.log(), "it does not say what is wrong"
        assert chat(gateway).status == 200


def test_f43_a_successor_that_hangs_does_not_hold_up_the_end(upstream):
    """It has not begun to serve and ignores every signal but the last."""
    gateway = Gateway(configuration(upstream.port, workers=1))
    with own_copy(gateway) as path:
        put_in_place_of(path, "#!/bin/sh\ntrap '' TERM INT\necho hanging\n"
                              "while :; do sleep 0.05; done\n")
        gateway.child.send_signal(signal.SIGUSR2)
        assert eventually(lambda: "hanging" in gateway.log(), 10)
        gateway.child.send_signal(signal.SIGUSR2)
        assert eventually(lambda: log_records(gateway, "an upgrade is on its way already"))
        assert chat(gateway).status == 200
        began = time.monotonic()
        assert gateway.terminate(15) == 0
        assert time.monotonic() - began < 6


def test_f43_the_end_in_the_middle_of_an_upgrade_is_the_end(upstream):
    """All signals at once, in every order that the kernel may deliver them."""
    for _ in range(pick(3, 30)):
        config = configuration(upstream.port, workers=1, grace="100ms")
        with Gateway(config) as gateway, Lineage(gateway) as lineage:
            assert chat(gateway).status == 200
            gateway.child.send_signal(signal.SIGUSR2)
            started = eventually(lambda: log_records(gateway, "upgrading"), 10)
            lineage.pids += [record["pid"] for record in started]
            gateway.child.send_signal(signal.SIGTERM)
            status = gateway.child.wait(8)
            succeeded = any(r["successor"] for r in log_records(gateway, "draining"))
            if status == -signal.SIGTERM or succeeded:
                # Too late: the successor serves, the old one drained already; it may end at once.
                assert eventually(lambda: log_records(gateway, "took over"))
                continue
            assert status == 0
            assert eventually(lambda: not lineage.running(), 8), "the successor is still there"


def test_f43_a_successor_is_killed_after_it_took_over(upstream):
    """What it had is booked at the next start; nothing of the old one's is lost or twice."""
    with Gateway(configuration(upstream.port, workers=1)) as gateway, Lineage(gateway) as lineage:
        ids = [chat(gateway).header("x-signalbox-request-id")]
        pid = lineage.upgrade()
        lineage.all_ended_but_the_last()
        ids.append(chat(gateway).header("x-signalbox-request-id"))
        upstream.default = scripts.hang()
        hanging = Client(gateway.port).send(chat_request())
        assert eventually(lambda: len(upstream.requests) == 3)
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: lineage.status(pid) == -signal.SIGKILL)
        hanging.close()
        upstream.default = scripts.answer()
        gateway.reader.join(5)
        gateway.start()
        settled = eventually(lambda: len(gateway.settlements()) == 3 and gateway.settlements(), 5)
        assert settled, gateway.settlements()
        assert sorted(r["outcome"] for r in settled) == ["ok", "ok", "uncertain"], settled
        assert {r["request_id"] for r in settled} >= set(ids)


# The service manager

LAUNCH = """
import os, sys
descriptor = int(sys.argv[1])
os.dup2(descriptor, 3)
os.set_inheritable(3, True)
if descriptor != 3:
    os.close(descriptor)
os.environ['LISTEN_PID'] = str(os.getpid())
os.environ['LISTEN_FDS'] = '1'
os.execv(sys.argv[2], sys.argv[2:])
"""


class Activated(Gateway):
    """Started as systemd starts a service with a socket unit: the socket is descriptor 3."""

    def __init__(self, config, listener: socket.socket, **more):
        super().__init__(config, listen=None, **more)
        self.pass_fds = (listener.fileno(),)
        self.listener = listener

    def command(self):
        return [sys.executable, "-c", LAUNCH, str(self.listener.fileno()), *super().command()]


@pytest.fixture
def listener():
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    bound.listen(64)
    yield bound
    bound.close()


class Notices:
    """NOTIFY_SOCKET: what the program tells the service manager."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(10)

    def next(self) -> dict:
        lines = self.socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)


def test_systemd_opens_the_socket(listener, upstream):
    port = listener.getsockname()[1]
    early = Client(port)  # before there is a program: it waits in the socket's queue
    early.send(chat_request(text="early"))
    with Activated(configuration(upstream.port), listener) as gateway:
        assert gateway.port == port
        assert early.read_answer().text() == "early"
        assert chat(gateway).status == 200
        early.close()
        assert gateway.terminate() == 0
    with Client(port) as waiting:  # between two starts nobody is refused
        waiting.send(chat_request(text="between"))
        with Activated(configuration(upstream.port), listener):
            assert waiting.read_answer().text() == "between"


def test_systemd_socket_survives_an_upgrade(listener, upstream):
    with Activated(configuration(upstream.port), listener) as gateway, Lineage(gateway) as lineage:
        for _ in range(2):
            lineage.upgrade()
            assert chat(gateway).status == 200
        lineage.all_ended_but_the_last()


def test_systemd_socket_beyond_this_machine_wants_a_credential(upstream):
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen(8)
        gateway = Activated(configuration(upstream.port), everywhere)
        with pytest.raises(RuntimeError, match="set access.key"):
            gateway.start(10)
        gateway.close()


def test_systemd_is_told_how_it_goes(tmp_path, upstream):
    notices = Notices(tmp_path)
    config = configuration(upstream.port)
    with Gateway(config, env={"NOTIFY_SOCKET": notices.path}) as gateway, \
            Lineage(gateway) as lineage:
        assert notices.next() == {"READY": "1", "MAINPID": str(gateway.pid)}
        before = time.monotonic_ns() // 1000
        reload(gateway)
        told = notices.next()
        assert told["RELOADING"] == "1"
        assert before <= int(told["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000
        assert notices.next()["READY"] == "1"
        rewrite(gateway, "server: [\n")
        gateway.child.send_signal(signal.SIGHUP)
        assert notices.next()["RELOADING"] == "1"
        told = notices.next()
        assert told["READY"] == "1" and "wrong" in told["STATUS"], told
        rewrite(gateway, config)
        told = notices.next()
        assert told["RELOADING"] == "1"
        assert notices.next()["READY"] == "1"
        pid = lineage.upgrade()
        assert notices.next() == {"READY": "1", "MAINPID": str(pid)}
        lineage.all_ended_but_the_last()
        os.kill(pid, signal.SIGTERM)
        assert notices.next() == {"STOPPING": "1"}, "the old one's end is not the service's"
