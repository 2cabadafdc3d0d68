"""A toy name server on loopback: tells the truth, lies, fails, is slow or silent, by name.

Owner:   one test; `with NameServer() as dns`, then `dns.say("llm.example", ["127.0.0.1"])`.
Threads: one of its own; what it is told counts from the next question on.
"""

import socket
import struct
import threading
import time
from dataclasses import dataclass, field

A, AAAA = 1, 28
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5


@dataclass
class Word:
    addresses: list[str] = field(default_factory=list)  # IPv4, or IPv6 with colons
    ttl: int = 60
    code: int = NOERROR
    delay: float = 0.0
    silent: tuple = ()  # types of question that get no answer at all
    garbage: bytes | None = None


def question(data: bytes) -> tuple[str, int, int]:
    """(name, type, where the question ends)."""
    labels, at = [], 12
    while size := data[at]:
        labels.append(data[at + 1:at + 1 + size].decode("latin-1"))
        at += 1 + size
    return ".".join(labels).lower(), struct.unpack(">H", data[at + 1:at + 3])[0], at + 5


def packed(address: str) -> bytes:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address)


def reply(data: bytes, word: Word) -> bytes:
    _, kind, end = question(data)
    size = {A: 4, AAAA: 16}.get(kind, 0)
    found = [p for p in map(packed, word.addresses) if len(p) == size] if not word.code else []
    head = data[:2] + struct.pack(">HHHHH", 0x8180 | word.code, 1, len(found), 0, 0)
    records = b"".join(struct.pack(">HHHIH", 0xc00c, kind, 1, word.ttl, len(p)) + p for p in found)
    return head + data[12:end] + records


class NameServer:
    def __init__(self):
        self.words: dict[str, Word] = {}
        self.asked: list[tuple[float, str, int]] = []  # when, name, type

    def say(self, name: str, addresses=(), **more):
        self.words[name] = Word(list(addresses), **more)

    def count(self, name: str, kind: int = A) -> int:
        return sum(1 for _, asked, type_ in self.asked if (asked, type_) == (name, kind))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        ender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ender.sendto(b"", ("127.0.0.1", self.port))
        ender.close()
        self.thread.join(5)
        self.socket.close()

    def _serve(self):
        while True:
            data, peer = self.socket.recvfrom(2048)
            if not data:
                return
            name, kind, _ = question(data)
            self.asked.append((time.monotonic(), name, kind))
            word = self.words.get(name, Word(code=NXDOMAIN))
            if kind in word.silent:
                continue
            answer = word.garbage if word.garbage is not None else reply(data, word)
            if word.delay:
                timer = threading.Timer(word.delay, self._late, (answer, peer))
                timer.daemon = True
                timer.start()
            else:
                self.socket.sendto(answer, peer)

    def _late(self, answer: bytes, peer):
        try:
            self.socket.sendto(answer, peer)
        except OSError:  # the test is over
            pass
