"""Many keep-alive connections at once: closed loop (as fast as answers come) or open loop (paced).

Threads: everything on the caller's event loop. Latencies in seconds from the scheduled time, so
that a late sender counts as latency.
"""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Result:
    latencies: list[float] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


async def read_answer(reader) -> tuple[str, str, bool]:
    """(what went wrong, request id, whether another request may follow) of an answer with a length
    or in chunks. Its text is looked at for an error event alone."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = {}
    for line in head.split(b"\r\n")[1:-2]:
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip()
    status = int(head[9:12])
    if b"content-length" in fields:
        body = await reader.readexactly(int(fields[b"content-length"]))
    else:
        parts = []
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            data = await reader.readexactly(size + 2)
            if not size:
                break
            parts.append(data[:-2])
        body = b"".join(parts)
    wrong = "" if status == 200 else f"{status} {body[:200].decode('utf-8', 'replace')}"
    if b'data: {"error"' in body:
        wrong = "error event"
    stays = fields.get(b"connection", b"").lower() != b"close"
    return wrong, fields.get(b"x-signalbox-request-id", b"").decode(), stays


async def worker(port: int, make_request, until, result: Result, interval: float, offset: float):
    reader = writer = None
    due = time.monotonic() + offset
    number = 0
    try:
        while not until():
            if interval:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                began, due = due, due + interval
            else:
                began = time.monotonic()
            if until():
                return
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(make_request(number))
                wrong, request_id, stays = await read_answer(reader)
            except (OSError, asyncio.IncompleteReadError) as error:
                result.failures.append(type(error).__name__)
                writer = None
                await asyncio.sleep(0.01)
                continue
            number += 1
            if not wrong:
                result.latencies.append(time.monotonic() - began)
                result.request_ids.append(request_id)
            else:
                result.failures.append(wrong)
            if not stays:
                writer.close()
                writer = None
    finally:
        if writer:
            writer.close()


async def run(port: int, make_request, *, connections: int, seconds: float = 0.0, stop=None,
              rate: float = 0.0) -> Result:
    """Loads `port`; with `rate` (requests/s over all connections) in an open loop."""
    result = Result()
    began = time.monotonic()

    def over() -> bool:
        return (stop is not None and stop.is_set()) or \
            (seconds and time.monotonic() - began >= seconds)

    interval = connections / rate if rate else 0.0
    await asyncio.gather(*(worker(port, make_request, over, result, interval,
                                  interval * n / connections) for n in range(connections)))
    result.seconds = time.monotonic() - began
    return result
