"""FC: a client at the level of bytes. Sends what it is told, reads answers strictly.

Owner:   one test. Not for several threads at once.
Errors:  `Malformed` when the gateway's answer breaks RFC 9112; socket errors as they come.
"""

import json
import socket
import ssl as tls_module
import struct
import time
from dataclasses import dataclass, field

TOKEN = set(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
WITHOUT_BODY = (204, 304)


class Malformed(Exception):
    """The gateway's own bytes are not valid HTTP/1.1."""


class Closed(Exception):
    """The connection ended before the answer was complete."""


@dataclass
class Answer:
    status: int
    version: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    interim: list[int] = field(default_factory=list)
    raw_head: bytes = b""

    def header(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) < 2, f"{name} came {len(values)} times: {values}"
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def json(self):
        return json.loads(self.body)

    def text(self) -> str:
        """The text of a chat completion."""
        return self.json()["choices"][0]["message"]["content"]

    def events(self) -> list[str]:
        return sse_data(self.body)


def sse_data(body: bytes) -> list[str]:
    """The data of every event, by the WHATWG rules: CR, LF or CRLF, one BOM, comments ignored."""
    text = body.decode("utf-8").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    events, data = [], []
    for line in text.split("\n"):
        if line == "":
            if data:
                events.append("\n".join(data))
            data = []
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif line == "data":
            data.append("")
    return events


def request(method: str, path: str, body: bytes | None = None, headers=(), *,
            host: str = "127.0.0.1", version: str = "1.1") -> bytes:
    """A correct request, unless `headers` spoil it."""
    lines = [f"{method} {path} HTTP/{version}", f"Host: {host}"]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
        if not any(n.lower() == "content-type" for n, _ in headers):
            lines.append("Content-Type: application/json")
    lines += [f"{n}: {v}" for n, v in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + (body or b"")


def chat_body(model: str = "edge/gpt-4o-mini", text: str = "hi", **more) -> bytes:
    return json.dumps({"model": model, "messages": [{"role": "user", "content": text}],
                       **more}).encode()


def chat_request(model: str = "edge/gpt-4o-mini", text: str = "hi", headers=(), **more) -> bytes:
    return request("POST", "/v1/chat/completions", chat_body(model, text, **more), headers)


class Client:
    def __init__(self, port: int, *, host: str = "127.0.0.1", timeout: float = 10.0,
                 receive_buffer: int | None = None, tls: tls_module.SSLContext | None = None,
                 server_name: str | None = None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=server_name or host)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # sending

    def send(self, data: bytes):
        self.socket.sendall(data)
        return self

    def send_lenient(self, data: bytes) -> int:
        """Sends as much as the peer takes before it closes; how much that was."""
        sent = 0
        try:
            while sent < len(data):
                sent += self.socket.send(data[sent:sent + 65536])
        except (ConnectionError, TimeoutError):
            pass
        return sent

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    # reading

    def _more(self) -> bool:
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            if not self._more():
                raise Closed(f"after {self.buffer[:200]!r}")
        found, _, self.buffer = self.buffer.partition(mark)
        return found

    def _exactly(self, count: int) -> bytes:
        parts, missing = [self.buffer[:count]], count - len(self.buffer)
        self.buffer = self.buffer[count:]
        while missing > 0:
            data = self.socket.recv(min(missing, 1 << 20))
            if not data:
                raise Closed(f"{missing} of {count} bytes are missing")
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    def read_head(self) -> Answer:
        """Status line and fields; interim answers are passed over and remembered."""
        interim = []
        while True:
            answer = parse_head(self._until(b"\r\n\r\n"))
            if answer.status >= 200 or answer.status == 101:
                answer.interim = interim
                return answer
            interim.append(answer.status)

    def read_answer(self, method: str = "GET") -> Answer:
        answer = self.read_head()
        answer.body = b"".join(self.pieces(answer, method))
        return answer

    def pieces(self, answer: Answer, method: str = "GET"):
        """The body piece by piece, as the framing brings them."""
        if method == "HEAD" or answer.status in WITHOUT_BODY:
            return
        coding = answer.all("transfer-encoding")
        length = answer.header("content-length")
        if coding:
            if length is not None or [c.lower() for c in coding] != ["chunked"]:
                raise Malformed(f"framing: {answer.headers}")
            yield from self._chunks()
        elif length is not None:
            if not length.isdigit():
                raise Malformed(f"content-length: {length!r}")
            yield self._exactly(int(length))
        else:
            yield self.buffer
            self.buffer = b""
            while data := self.socket.recv(65536):
                yield data

    def _chunks(self):
        while True:
            line = self._until(b"\r\n")
            size = int(line.split(b";")[0], 16)
            if size == 0:
                while self._until(b"\r\n"):
                    pass
                return
            data = self._exactly(size)
            if self._exactly(2) != b"\r\n":
                raise Malformed("no CRLF after a chunk")
            yield data

    def at_end(self, timeout: float = 3.0) -> bool:
        """True when the peer closes (FIN or RST) within `timeout` and sends nothing more."""
        self.socket.settimeout(timeout)
        try:
            return not self.buffer and self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def read_rest(self, timeout: float = 3.0) -> bytes:
        """Everything until the peer closes or is silent for `timeout`."""
        self.socket.settimeout(timeout)
        try:
            while self._more():
                pass
        except (ConnectionError, TimeoutError):
            pass
        rest, self.buffer = self.buffer, b""
        return rest

    def frames(self, answer: Answer):
        """(time, bytes) of every SSE frame as it arrives."""
        pending = b""
        for piece in self.pieces(answer):
            pending += piece
            while b"\n\n" in pending:
                frame, _, pending = pending.partition(b"\n\n")
                yield time.monotonic(), frame + b"\n\n"


def parse_head(head: bytes) -> Answer:
    lines = head.split(b"\r\n")
    parts = lines[0].split(b" ", 2)
    if len(parts) < 3 or parts[0] not in (b"HTTP/1.1", b"HTTP/1.0") or len(parts[1]) != 3:
        raise Malformed(f"status line: {lines[0]!r}")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or not name or not set(name) <= TOKEN or b"\n" in value or b"\0" in value:
            raise Malformed(f"field: {line!r}")
        headers.append((name.decode(), value.strip(b" \t").decode("latin-1")))
    return Answer(int(parts[1]), parts[0].decode(), headers, raw_head=head)


def fetch(gateway, method: str, path: str, body: bytes | None = None, headers=(), *,
          host: str | None = None, timeout: float = 10.0) -> Answer:
    """One request on a connection of its own."""
    with Client(gateway.port, timeout=timeout) as client:
        client.send(request(method, path, body, headers,
                            host=host or f"127.0.0.1:{gateway.port}"))
        return client.read_answer(method)


def chat(gateway, model: str = "edge/gpt-4o-mini", text: str = "hi", headers=(), *,
         timeout: float = 10.0, **more) -> Answer:
    return fetch(gateway, "POST", "/v1/chat/completions", chat_body(model, text, **more), headers,
                 timeout=timeout)
