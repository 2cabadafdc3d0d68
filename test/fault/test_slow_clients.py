"""F13-F16: slow readers, slow senders, idle crowds, no descriptors left."""

import asyncio
import contextlib
import resource
import shutil
import socket
import statistics
import subprocess
import time

import pytest

from support import answers, process, scripts
from support.client import Client, chat, chat_request, fetch, request
from support.gateway import Gateway, edge
from support.process import eventually
from support.recovery import recovers, settle
from support.scale import SANITIZED, pick

QUICK_LIMITS = {"header": "1s", "body": "1s", "idle": "2s", "write": "2s"}
FRAME = answers.sse(answers.delta({"content": "x" * 1000}))


def slow_config(port: int, **timeouts) -> dict:
    config = edge(port, timeouts={"idle": "60s", "total": "600s"})
    config["server"]["timeouts"] = {**QUICK_LIMITS, **timeouts}
    return config


@contextlib.contextmanager
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_f13_slow_readers_hold_back_the_upstream(upstream):
    """Readers at 1 kB/s: the upstream is held back, and a stream costs a bounded buffer."""
    count = pick(50, 500)
    upstream.send_buffer = None
    upstream.default = scripts.endless(FRAME)
    config = slow_config(upstream.port, write="60s")
    with Gateway(config) as gateway:
        chat(gateway, "sim/echo")
        before = gateway.rss_kib()
        clients = [Client(gateway.port, receive_buffer=4096) for _ in range(count)]
        for client in clients:
            client.send(chat_request(stream=True))
        end = time.monotonic() + pick(3, 20)
        while time.monotonic() < end:
            for client in clients:
                client.socket.recv(1000)
            time.sleep(0.5)
        sent = [conn.bytes_out for conn in upstream.connections]
        time.sleep(0.5)
        assert [conn.bytes_out for conn in upstream.connections] == sent or \
            max(sent) < 16 << 20, "the upstream is never held back"
        grown = gateway.rss_kib() - before
        for client in clients:
            client.close()
        assert eventually(lambda: not upstream.open_connections(), 3), "calls stay behind"
        upstream.default = scripts.answer()
        assert chat(gateway).status == 200
        if not SANITIZED:
            assert grown <= count * 128, f"{grown / count:.0f} KiB per slow stream"


def test_f13_a_reader_that_stops_for_good_is_given_up(upstream):
    upstream.default = scripts.endless(FRAME)
    with Gateway(slow_config(upstream.port)) as gateway:
        with Client(gateway.port, receive_buffer=4096) as client:
            client.send(chat_request(stream=True))
            client.read_head()
            assert eventually(lambda: upstream.open_connections(), 2)
            assert eventually(lambda: not upstream.open_connections(), 8), \
                "the upstream call lives as long as the client that does not read"
        assert gateway.alive()


async def hold(port: int, data: bytes, more: bytes, pause: float, limit: float):
    """Sends `data`, then `more` again and again; (seconds, what came back) when it ends."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    try:
        writer.write(data)
        while time.monotonic() - began < limit:
            try:
                got += await asyncio.wait_for(reader.read(4096), pause) or b""
                if reader.at_eof():
                    break
            except TimeoutError:
                writer.write(more)
    except ConnectionError:
        pass
    writer.close()
    return time.monotonic() - began, got


HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
BODY = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")


@pytest.mark.parametrize("kind", ["head", "body", "chunked", "nothing"])
def test_f14_slowloris(gateway_with_limits, kind):
    """A byte at a time does not reset the limit; others are served meanwhile."""
    gateway, upstream = gateway_with_limits
    data, more = {"head": (HEAD, b"X-A: b\r\n"), "body": (BODY, b" "),
                  "chunked": (BODY.replace(b"Content-Length: 100000", b"Transfer-Encoding: chunked")
                              [:-1], b"1\r\n \r\n"),
                  "nothing": (b"", b"")}[kind]
    count = pick(60, 1000)
    times = []

    async def attack():
        holders = [asyncio.create_task(hold(gateway.port, data, more, 0.2, 8))
                   for _ in range(count)]
        await asyncio.sleep(0.3)
        for _ in range(30):
            began = time.monotonic()
            answer = await asyncio.to_thread(fetch, gateway, "GET", "/healthz")
            assert answer.status == 200
            times.append(time.monotonic() - began)
        return await asyncio.gather(*holders)

    with recovers(gateway, upstream, rss_kib=2048), many_descriptors():
        held = asyncio.run(attack())
    longest = max(seconds for seconds, _ in held)
    bar = 3.2 if kind == "nothing" else 2.2  # an idle connection: the idle limit of 2 s
    assert longest <= bar, f"held for {longest:.1f} s"
    for _, got in held:
        assert got == b"" or got.startswith(b"HTTP/1.1 408 "), got[:80]
    assert statistics.quantiles(times, n=20)[-1] < 0.25, "others waited"


@pytest.fixture(scope="module")
def gateway_with_limits(shared_upstream):
    with Gateway(slow_config(shared_upstream.port)) as gateway:
        yield gateway, shared_upstream


@pytest.mark.skipif(not shutil.which("slowhttptest"), reason="slowhttptest is not installed")
@pytest.mark.parametrize("mode", ["-H", "-B"])
def test_f14_slowhttptest(gateway_with_limits, mode, tmp_path):
    gateway, upstream = gateway_with_limits
    count, seconds = pick(200, 1000), pick(5, 30)
    path = "/healthz" if mode == "-H" else "/v1/chat/completions"
    with recovers(gateway, upstream, rss_kib=4096):
        tool = subprocess.Popen(
            ["slowhttptest", mode, "-c", str(count), "-r", str(count), "-i", "1", "-l",
             str(seconds), "-s", "100000", "-x", "10", "-p", "2", "-t",
             "GET" if mode == "-H" else "POST", "-u", gateway.url + path],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
        end = time.monotonic() + seconds
        worst = 0.0
        while time.monotonic() < end and tool.poll() is None:
            began = time.monotonic()
            assert fetch(gateway, "GET", "/healthz").status == 200
            worst = max(worst, time.monotonic() - began)
            time.sleep(0.05)
        tool.wait(30)
        assert worst < 0.5, f"a normal request took {worst:.2f} s"


def test_f14_an_idle_keep_alive_connection_is_closed(gateway_with_limits):
    gateway, _ = gateway_with_limits
    with Client(gateway.port) as client:
        client.send(request("GET", "/healthz"))
        assert client.read_answer().status == 200
        began = time.monotonic()
        assert client.at_end(5), "still open after 5 s"
        assert 1.5 <= time.monotonic() - began <= 3.5


def test_f15_idle_connections(upstream):
    """A crowd that says nothing: memory by formula, and others are accepted."""
    count = pick(1000, 9500)
    config = slow_config(upstream.port, idle="120s", header="120s")
    with many_descriptors(), Gateway(config) as gateway:
        chat(gateway)
        fds, before = settle(gateway, upstream), gateway.rss_kib()
        crowd = []
        for number in range(count):
            crowd.append(socket.create_connection(("127.0.0.1", gateway.port)))
            if number % 2:  # half of them have been served once
                crowd[-1].sendall(request("GET", "/healthz"))
        for sock in crowd[1::2]:
            sock.settimeout(5)
            assert sock.recv(4096).startswith(b"HTTP/1.1 200")
        assert eventually(lambda: gateway.fd_count() >= fds + count, 5), "not all were accepted"
        assert chat(gateway).status == 200
        grown = gateway.rss_kib() - before
        for sock in crowd:
            sock.close()
        upstream.drop_all()
        assert eventually(lambda: gateway.fd_count() <= fds, 5), "descriptors stay behind"
        assert chat(gateway).status == 200
        if not SANITIZED:
            assert grown <= count * 6 + 512, f"{grown / count:.1f} KiB per idle connection"


def test_f16_no_descriptors_left(upstream):
    """At the limit accept pauses, does not spin, and goes on when there is room again."""
    with Gateway(edge(upstream.port), nofile=64) as gateway:
        # Both providers once: a sanitizer needs a descriptor to look at a kind of object that it
        # has not seen yet.
        assert chat(gateway).status == 200
        assert chat(gateway, "sim/echo").status == 200
        crowd = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(120)]
        time.sleep(0.3)
        began = process.cpu_seconds(gateway.pid)
        time.sleep(1.5)
        used = (process.cpu_seconds(gateway.pid) - began) / 1.5
        assert gateway.alive()
        assert used < 0.2, f"{used:.0%} CPU while nothing can be done"
        for sock in crowd:
            sock.close()
        assert eventually(lambda: ok(gateway), 5), "does not recover"
        assert chat(gateway).status == 200


def ok(gateway) -> bool:
    try:
        return fetch(gateway, "GET", "/healthz", timeout=1).status == 200
    except OSError:
        return False


@pytest.mark.skipif(SANITIZED, reason="the sanitizer's own checks need a descriptor")
def test_f16_no_descriptor_for_the_upstream(upstream):
    """A client is served, but there is none left for the call: an error answer, no end."""
    upstream.default = scripts.answer(delay=0.3)
    with Gateway(edge(upstream.port), nofile=64) as gateway:
        clients = [Client(gateway.port) for _ in range(60)]
        for client in clients:
            client.send_lenient(chat_request())
        time.sleep(1.0)
        for client in clients:
            client.close()
        assert gateway.alive()
        upstream.default = scripts.answer()
        assert eventually(lambda: ok(gateway), 5)
        assert eventually(lambda: chat(gateway).status == 200, 3)
