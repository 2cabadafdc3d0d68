"""Requests at a steady rate, each on its own: nobody waits for another one's answer.

Threads: everything on an event loop of its own; `begin` runs it beside the test.
Errors:  a connection that breaks is an answer with status 0 and the reason as its body.
"""

import asyncio
import threading
import time
from dataclasses import dataclass

from .client import chat_request, parse_head


@dataclass
class Seen:
    at: float      # when it was sent
    took: float    # until its last byte
    status: int
    body: bytes
    headers: list

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name), None)


async def ask(port: int, data: bytes) -> Seen:
    began = time.monotonic()
    headers, status, body = [], 0, b""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(data)
            answer = parse_head((await reader.readuntil(b"\r\n\r\n"))[:-4])
            headers = answer.headers
            if length := answer.header("content-length"):
                body = await reader.readexactly(int(length))
            status = answer.status
        finally:
            writer.close()
    except (OSError, asyncio.IncompleteReadError) as error:
        body = repr(error).encode()
    return Seen(began, time.monotonic() - began, status, body, headers)


async def together(port: int, requests: list[bytes]) -> list[Seen]:
    """All at the same time."""
    return await asyncio.gather(*(ask(port, data) for data in requests))


class Steady:
    """`rate` requests a second until `stop`."""

    def __init__(self, port: int, rate: float, model: str = "any"):
        self.port, self.rate, self.model = port, rate, model
        self.seen: list[Seen] = []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> list[Seen]:
        self.ending.set()
        self.thread.join(30)
        return self.seen

    async def _one(self, number: int):
        self.seen.append(await ask(self.port, chat_request(self.model, f"n{number}")))

    async def _run(self):
        tasks, due, number = set(), time.monotonic(), 0
        while not self.ending.is_set():
            task = asyncio.ensure_future(self._one(number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            number += 1
            due += 1 / self.rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        if tasks:
            await asyncio.wait(tasks, timeout=25)


def failures(seen: list[Seen]) -> list[Seen]:
    return [one for one in seen if one.status != 200]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
