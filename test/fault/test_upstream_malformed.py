"""F7, F8, F9, F19 (answers): streams and bodies that are not what they say."""

import json
import zlib

import pytest

from support import answers, scripts
from support.client import Client, Closed, chat, chat_request, sse_data
from support.recovery import recovers
from support.scale import SANITIZED, pick

from fault.faults import assert_error, assert_error_event, run_stream

FRAMES = answers.frames(("Hel", "lo \u00e9\U0001f600", " there"))
PLAIN = b"".join(FRAMES)
ENDS = {"lf": PLAIN, "crlf": PLAIN.replace(b"\n", b"\r\n"), "cr": PLAIN.replace(b"\n", b"\r"),
        "bom": b"\xef\xbb\xbf" + PLAIN, "bom-crlf": b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n"),
        "comments": b": hello\n\n" + PLAIN.replace(b"data: ", b": note\ndata: "),
        "no-space": PLAIN.replace(b"data: ", b"data:"),
        "event-and-id": PLAIN.replace(b"data: ", b"event: message\nid: 7\nretry: 10\ndata: "),
        "blank-lines": PLAIN.replace(b"\n\n", b"\n\n\n\n")}


def close_delimited(body: bytes, size: int):
    """A stream without chunking, so that the slices are the socket's own."""
    head = scripts.head(200, [("Content-Type", "text/event-stream"), ("Connection", "close")])

    async def script(conn, _):
        await conn.send(head)
        await scripts.raw(body, slice_size=size, close=True)(conn, None)

    return script


@pytest.mark.parametrize("size", [1, 2, 3, 7, 0])
@pytest.mark.parametrize("shape", sorted(ENDS))
def test_f7_line_ends_and_slices(gateway, upstream, shape, size):
    """Whatever the line ends and the slices, the events are the same."""
    upstream.default = close_delimited(ENDS[shape], size)
    with Client(gateway.port) as client:
        client.send(chat_request(stream=True))
        answer = client.read_answer()
    assert answer.status == 200
    got = sse_data(answer.body)
    assert [json.loads(e) for e in got[:-1]] == [json.loads(e) for e in sse_data(PLAIN)[:-1]]
    assert got[-1] == "[DONE]"


BROKEN = {
    "not-json": b"data: {nonsense\n\n",
    "half-json": b'data: {"id":"x","choices":[\n\n',
    "bad-utf8": b'data: {"id":"x","choices":[{"index":0,"delta":{"content":"\xff\xfe"}}]}\n\n',
    "cut-utf8": b'data: {"id":"x","choices":[{"index":0,"delta":{"content":"\xc3"}}]}\n\n',
    "nul": b'data: {"id":"\x00"}\n\n',
    "number": b"data: 7\n\n",
    "duplicate-key": b'data: {"id":"x","id":"y","choices":[]}\n\n',
    "deep": b"data: " + b"[" * 100000 + b"\n\n",
    "html": b"<html><body>502</body></html>\n\n",
}


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_f7_broken_event(gateway, upstream, kind):
    """The good events around it arrive untouched; the broken one as it was, or as an error event."""
    with recovers(gateway, upstream):
        upstream.default = scripts.stream([*FRAMES[:2], BROKEN[kind], *FRAMES[2:]])
        with Client(gateway.port) as client:
            client.send(chat_request(stream=True))
            answer = client.read_answer()
        before, after = b"".join(FRAMES[:2]), b"".join(FRAMES[2:])
        assert answer.body.startswith(before)
        rest = answer.body[len(before):]
        if rest != BROKEN[kind] + after:
            assert b'"error"' in rest and b"[DONE]" not in rest, rest[:300]


def test_f7_error_inside_a_stream_of_200(gateway, upstream):
    """An upstream's own error event reaches the client, and the stream counts as failed."""
    error = answers.sse(answers.error("the model fell over", "server_error"))
    with recovers(gateway, upstream):
        upstream.default = scripts.stream([*FRAMES[:2], error])
        seen = run_stream(gateway)
        assert_error_event(seen)


def test_f7_a_line_of_16_mb(gateway, upstream):
    async def script(conn, _):
        await conn.send(scripts.STREAM_HEAD + scripts.chunk(FRAMES[0]))
        await conn.send(scripts.chunk(b"data: {\"id\":\""))
        for _ in range(256):
            await conn.send(scripts.chunk(b"x" * 65536))
        await conn.send(scripts.chunk(b"\"}\n\n") + scripts.chunk(answers.DONE) + b"0\r\n\r\n")

    with recovers(gateway, upstream, rss_kib=2048):
        upstream.default = script
        before = gateway.rss_kib()
        peak = before
        with Client(gateway.port, timeout=20) as client:
            client.send(chat_request(stream=True))
            try:
                head = client.read_head()
                for _ in client.pieces(head):
                    peak = max(peak, gateway.rss_kib())
            except (Closed, ConnectionError):
                pass
        if not SANITIZED:
            assert peak - before < 8 * 1024, f"{peak - before} KiB for one line"


def test_f8_surplus_bytes_never_become_the_next_answer(gateway, upstream):
    evil = scripts.whole(json.dumps(answers.completion("POISON")).encode())

    async def script(conn, request):
        good = json.dumps(answers.completion(answers.last_user_text(request.body))).encode()
        await conn.send(scripts.whole(good) + evil)

    upstream.default = script
    for number in range(50):
        answer = chat(gateway, text=f"request {number}")
        assert answer.text() == f"request {number}"
    assert all(len(conn.requests) == 1 for conn in upstream.connections)


def test_f9_64_mb_body(gateway, upstream):
    async def script(conn, _):
        await conn.send(scripts.head(200, [("Content-Type", "application/json"),
                                           ("Content-Length", str(64 << 20))]))
        for _ in range(1024):
            await conn.send(b" " * 65536)

    with recovers(gateway, upstream, rss_kib=2048):
        upstream.default = script
        assert_error(chat(gateway), 502)


def test_f9_64_mb_body_in_chunks(gateway, upstream):
    async def script(conn, _):
        await conn.send(scripts.head(200, [("Content-Type", "application/json"),
                                           ("Transfer-Encoding", "chunked")]))
        for _ in range(1024):
            await conn.send(scripts.chunk(b" " * 65536))
        await conn.send(b"0\r\n\r\n")

    with recovers(gateway, upstream, rss_kib=2048):
        upstream.default = script
        try:
            assert_error(chat(gateway, timeout=20), 502)
        except (Closed, ConnectionError):
            pass


def bomb(size: int, kind: str) -> bytes:
    """`size` zeros, compressed. The same flushed block over and over costs nothing to make."""
    if kind == "br":
        import brotli
        return brotli.compress(b"0" * size, quality=5)
    if kind == "zstd":
        import zstandard
        return zstandard.ZstdCompressor().compress(b"0" * size)
    maker = zlib.compressobj(9, zlib.DEFLATED, 31)
    first = maker.compress(b"0" * (1 << 20)) + maker.flush(zlib.Z_FULL_FLUSH)
    again = maker.compress(b"0" * (1 << 20)) + maker.flush(zlib.Z_FULL_FLUSH)
    return first + again * (size // (1 << 20))


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd"])
def test_f19_bomb_in_an_answer(gateway, upstream, kind):
    data = bomb(pick(512 << 20, 10 << 30) if kind == "gzip" else 256 << 20, kind)
    with recovers(gateway, upstream, rss_kib=4096):
        upstream.default = scripts.answer(data, headers=[("Content-Encoding", kind)])
        try:
            assert_error(chat(gateway, timeout=20), 502)
        except (Closed, ConnectionError):
            pass


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd"])
def test_f19_a_compressed_answer_is_read(gateway, upstream, kind):
    import brotli
    import gzip
    import zstandard

    pack = {"gzip": gzip.compress, "br": brotli.compress,
            "zstd": zstandard.ZstdCompressor().compress}[kind]
    body = json.dumps(answers.completion("packed")).encode()
    upstream.default = scripts.answer(pack(body), headers=[("Content-Encoding", kind)])
    answer = chat(gateway)
    assert answer.status == 200
    assert answer.header("content-encoding") is None, "the client did not ask for a coding"
    assert answer.body == body


def test_f19_an_unknown_coding_of_an_answer(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.default = scripts.answer(b"??", headers=[("Content-Encoding", "x-squeeze")])
        assert_error(chat(gateway), 502)


def test_f19_a_truncated_compressed_answer(gateway, upstream):
    import gzip

    data = gzip.compress(json.dumps(answers.completion("packed " * 100)).encode())[:-20]
    with recovers(gateway, upstream):
        upstream.default = scripts.answer(data, headers=[("Content-Encoding", "gzip")])
        try:
            assert_error(chat(gateway), 502)
        except (Closed, ConnectionError):
            pass
