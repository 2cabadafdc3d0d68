"""What a fake upstream may do with one request. Each function returns a script for upstream.py."""

import asyncio
import json

from . import answers


def head(status: int = 200, headers=(), reason: str = "X") -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}"] + [f"{n}: {v}" for n, v in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(body: bytes, status: int = 200, headers=(), kind: str = "application/json") -> bytes:
    """A complete answer as bytes, with Content-Length."""
    fields = [("Content-Type", kind), ("Content-Length", str(len(body))), *headers]
    return head(status, fields) + body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def answer(body=None, status: int = 200, headers=(), delay: float = 0.0):
    """One JSON answer. `body`: bytes, plain data, a function of the request, or a completion."""

    async def script(conn, request):
        value = body(request) if callable(body) else body
        if value is None:
            value = answers.completion(answers.last_user_text(request.body))
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        if delay:
            await asyncio.sleep(delay)
        await conn.send(whole(data, status, headers))

    return script


def raw(data: bytes, *, slice_size: int = 0, pause: float = 0.0, close: bool = False):
    """Exactly these bytes, in slices of `slice_size`, then a FIN when `close`."""

    async def script(conn, _):
        step = slice_size or len(data) or 1
        for at in range(0, len(data), step):
            await conn.send(data[at:at + step])
            if slice_size:
                await asyncio.sleep(pause)
        if close:
            conn.close()

    return script


STREAM_HEAD = head(200, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")])


def stream(frames=None, *, pace: float = 0.0, end: str = "done", first_delay: float = 0.0,
           headers=()):
    """Server-sent events, one chunk per frame. `end`: done, close, reset, hang or cut.

    done ends the chunked body; close sends a FIN without the last chunk; cut ends the body
    cleanly but leaves `[DONE]` to the frames (so give frames without it).
    """

    async def script(conn, request):
        asked = json.loads(request.body or b"{}").get("stream_options") or {}
        data = frames if frames is not None else answers.frames(
            usage=bool(asked.get("include_usage")))
        await asyncio.sleep(first_delay)
        await conn.send(STREAM_HEAD if not headers else head(200, [
            ("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked"), *headers]))
        for frame in data:
            await conn.send(chunk(frame))
            if pace:
                await asyncio.sleep(pace)
        if end in ("done", "cut"):
            await conn.send(b"0\r\n\r\n")
        elif end == "close":
            conn.close()
        elif end == "reset":
            await asyncio.sleep(0.05)  # the frames before it must have left the machine
            conn.reset()
        else:
            await conn.until_gone()

    return script


def endless(frame: bytes, pace: float = 0.0):
    """Streams one frame for ever, as fast as the peer reads."""

    async def script(conn, _):
        await conn.send(STREAM_HEAD)
        while not conn.gone.is_set():
            await conn.send(chunk(frame))
            await asyncio.sleep(pace)

    return script


def drip(data: bytes, pause: float):
    return raw(data, slice_size=1, pause=pause)


def hang():
    """Takes the request and never answers."""

    async def script(conn, _):
        await conn.until_gone()

    return script


def partial(data: bytes):
    """Sends a part of an answer and then nothing."""

    async def script(conn, _):
        await conn.send(data)
        await conn.until_gone()

    return script


def reset(after: bytes = b""):
    async def script(conn, _):
        if after:
            await conn.send(after)
            await asyncio.sleep(0.05)
        conn.reset()

    return script


def close(after: bytes = b""):
    async def script(conn, _):
        if after:
            await conn.send(after)
        conn.close()

    return script


def by_streaming():
    """A stream for who asks for one, else a whole answer."""
    whole_one, streamed = answer(), stream()

    async def script(conn, request):
        await (streamed if json.loads(request.body).get("stream") else whole_one)(conn, request)

    return script


def by_model(table: dict, otherwise=None):
    """Chooses the script by the request's model, so that concurrent requests keep their own."""

    async def script(conn, request):
        model = json.loads(request.body).get("model")
        await table.get(model, otherwise or answer())(conn, request)

    return script
