"""FU: a fake upstream that does exactly what a script says, and remembers what it saw.

Owner:   one test; `with Upstream() as upstream`.
Threads: the server runs on an event loop in its own thread. Scripts are coroutines on that loop;
         what they recorded may be read from the test's thread at any time.
Scripts: `async def script(conn, request)`, see scripts.py. One per request: first those of `plan`,
         in order, then `default` for ever.
"""

import asyncio
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

from . import scripts
from .process import eventually


@dataclass
class Request:
    raw: bytes
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    def header(self, name: str) -> str | None:
        """The only value of a field; None when absent, an error when it came twice."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        assert len(values) < 2, f"{name} came {len(values)} times: {values}"
        return values[0] if values else None


def parse_request(data: bytes) -> tuple[Request, int] | None:
    """The first whole request in `data` and its length; None while it is not complete."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = data[:end].decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = [(n, v.strip(" \t")) for n, v in (line.split(":", 1) for line in lines[1:])]
    names = {n.lower(): v for n, v in headers}
    start = end + 4
    if names.get("transfer-encoding", "").lower() == "chunked":
        body, stop = unchunk(data, start)
        if stop < 0:
            return None
    else:
        stop = start + int(names.get("content-length", "0"))
        if len(data) < stop:
            return None
        body = data[start:stop]
    return Request(bytes(data[:stop]), method, target, headers, bytes(body)), stop


def unchunk(data: bytes, at: int) -> tuple[bytes, int]:
    """The body that starts at `at`, and where it ends; -1 while it is not complete."""
    body = bytearray()
    while True:
        eol = data.find(b"\r\n", at)
        if eol < 0:
            return b"", -1
        size = int(data[at:eol].split(b";")[0], 16)
        at = eol + 2
        if len(data) < at + size + 2:
            return b"", -1
        if size == 0:
            if data[at:at + 2] == b"\r\n":
                return bytes(body), at + 2
            end = data.find(b"\r\n\r\n", at)
            return (bytes(body), end + 4) if end >= 0 else (b"", -1)
        body += data[at:at + size]
        at += size + 2


class Connection(asyncio.Protocol):
    """One accepted connection: the handle a script acts through."""

    def __init__(self, upstream: "Upstream"):
        self.upstream = upstream
        self.buffer = bytearray()
        self.requests: list[Request] = []
        self.bytes_in = self.bytes_out = 0
        self.opened_at = time.monotonic()
        self.closed_at: float | None = None
        self.by_peer = self.dropped = False
        self.gone = asyncio.Event()
        self.writable = asyncio.Event()
        self.writable.set()
        self.task: asyncio.Task | None = None

    # asyncio's side

    def connection_made(self, transport):
        self.transport = transport
        self.upstream.connections.append(self)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.upstream.on_connect:
            self.task = asyncio.ensure_future(self._run(self.upstream.on_connect, None))

    def data_received(self, data: bytes):
        self.bytes_in += len(data)
        self.buffer += data
        self._pump()

    def eof_received(self):
        self._mark_gone(True)
        return False

    def connection_lost(self, exc):
        self._mark_gone(True)

    def pause_writing(self):
        self.writable.clear()

    def resume_writing(self):
        self.writable.set()

    def _mark_gone(self, by_peer: bool):
        if self.closed_at is None:
            self.closed_at = time.monotonic()
            self.by_peer = by_peer
        self.gone.set()
        self.writable.set()

    def _pump(self):
        if self.task and not self.task.done():
            return
        found = parse_request(self.buffer)
        if not found:
            return
        request, length = found
        del self.buffer[:length]
        self.requests.append(request)
        self.upstream.requests.append(request)
        self.task = asyncio.ensure_future(self._run(self.upstream.next_script(), request))

    async def _run(self, script, request):
        try:
            await script(self, request)
        except (ConnectionError, asyncio.CancelledError):
            pass
        except Exception as error:  # a broken script is a broken test: show it there
            self.upstream.errors.append(error)
            self.transport.abort()
        asyncio.get_running_loop().call_soon(self._pump)

    # the script's side

    async def send(self, data: bytes):
        """Sends now; waits while the peer does not read; raises when it is gone."""
        if self.gone.is_set() or self.dropped:
            raise ConnectionResetError
        self.transport.write(data)
        self.bytes_out += len(data)
        if not self.writable.is_set():
            await self.writable.wait()

    async def until_gone(self, limit: float = 60):
        await asyncio.wait_for(self.gone.wait(), limit)

    def close(self):
        """FIN after what was sent."""
        if self.closed_at is None:
            self._mark_gone(False)
        self.transport.close()

    def reset(self):
        """RST now: SO_LINGER with zero seconds, then close."""
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if self.closed_at is None:
            self._mark_gone(False)
        self.transport.abort()


class Upstream:
    def __init__(self, default=None, *, plan=(), on_connect=None, tls=None, send_buffer=None,
                 address=("127.0.0.1", 0)):
        self.address = address
        self.default = default or scripts.answer()
        self.plan = list(plan)
        self.on_connect = on_connect
        self.tls = tls
        self.send_buffer = send_buffer
        self.connections: list[Connection] = []
        self.requests: list[Request] = []
        self.errors: list[Exception] = []
        self.port = 0

    def next_script(self):
        return self.plan.pop(0) if self.plan else self.default

    def __enter__(self):
        started = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(10), "the fake upstream did not start"
        return self

    def __exit__(self, kind, *_):
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join(10)
        if kind is None:
            assert not self.errors, f"a script failed: {self.errors!r}"

    def _serve(self, started: threading.Event):
        asyncio.run(self._main(started))

    async def _main(self, started: threading.Event):
        self.loop = asyncio.get_running_loop()
        self.stopped = asyncio.Event()
        keeper = self._bound(self.address)  # never listens: keeps the port ours meanwhile
        self.port = keeper.getsockname()[1]
        await self._listen()
        started.set()
        await self.stopped.wait()
        self.server.close()
        keeper.close()
        self._drop()

    def _bound(self, address) -> socket.socket:
        sock = socket.socket()
        if self.send_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.send_buffer)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        return sock

    async def _listen(self):
        self.server = await self.loop.create_server(
            lambda: Connection(self), sock=self._bound((self.address[0], self.port)),
            ssl=self.tls, backlog=1024)

    async def _refuse(self):
        self.server.close()
        self._drop()

    def _drop(self):
        for conn in self.connections:
            conn.transport.abort()

    # the test's side

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/v1"

    def refuse(self):
        """Gone: connections break, new ones are refused, until `come_back`."""
        asyncio.run_coroutine_threadsafe(self._refuse(), self.loop).result(10)

    def come_back(self):
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)

    def open_connections(self) -> list[Connection]:
        return [conn for conn in self.connections if conn.closed_at is None]

    def drop_all(self):
        """Closes every connection and waits until the gateway has noticed: its pool is empty."""
        dropped = self.open_connections()

        def drop(patient: bool):
            for conn in dropped:
                if conn.closed_at is None and not conn.transport.is_closing():
                    conn.dropped = True
                    if patient and not self.tls:
                        conn.transport.write_eof()
                    elif self.tls:  # a close would wait for the peer's part of it
                        conn._mark_gone(False)
                        conn.transport.abort()
                    else:
                        conn.close()

        self.loop.call_soon_threadsafe(drop, True)
        eventually(lambda: all(conn.closed_at is not None for conn in dropped), 1, 0.002)
        self.loop.call_soon_threadsafe(drop, False)
        eventually(lambda: all(conn.closed_at is not None for conn in dropped), 1, 0.002)

    def forget(self):
        """Drops what was recorded (not the connections that are open)."""
        self.connections = self.open_connections()
        self.requests.clear()
