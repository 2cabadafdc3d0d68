"""F17-F19 (requests): bodies, heads and codings that are too large."""

import json
import time

import pytest

from support.client import Client, chat_body, request
from support.gateway import Gateway, edge
from support.recovery import recovers
from support.scale import SANITIZED, pick

from fault.faults import assert_error
from fault.test_upstream_malformed import bomb

MIB = 1 << 20
CHUNKED_HEAD = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = edge(shared_upstream.port)
    config["server"]["limits"] = {"body_bytes": "1MiB"}
    with Gateway(config) as gateway:
        yield gateway


def test_f17_a_body_of_1_gb_is_refused_before_it_is_read(gateway, upstream):
    with recovers(gateway, upstream):
        with Client(gateway.port) as client:
            client.send(request("POST", "/v1/chat/completions", None,
                                [("Content-Length", str(1 << 30))]))
            began = time.monotonic()
            assert_error(client.read_answer("POST"), 413)
            assert time.monotonic() - began < 0.5


def test_f17_a_body_of_1_gb_that_is_sent_all_the_same(gateway, upstream):
    """The connection ends soon, however much is still coming."""
    with recovers(gateway, upstream):
        with Client(gateway.port) as client:
            client.send(request("POST", "/v1/chat/completions", None,
                                [("Content-Length", str(1 << 30))]))
            taken = 0
            block = b"\0" * MIB
            while taken < 1 << 30:
                sent = client.send_lenient(block)
                taken += sent
                if sent < len(block):
                    break
            assert taken < 64 * MIB, f"{taken >> 20} MiB were taken in"


def test_f17_chunked_ends_at_the_limit(gateway, upstream):
    with recovers(gateway, upstream):
        with Client(gateway.port) as client:
            client.send(CHUNKED_HEAD)
            block = b"10000\r\n" + b" " * 65536 + b"\r\n"
            for _ in range(16):  # exactly the limit: not refused yet
                client.send(block)
            assert not client.at_end(0.2)
            client.send_lenient(block)
            client.socket.settimeout(5)
            assert_error(client.read_answer("POST"), 413)
            assert client.at_end()


def test_f17_a_body_at_the_limit_passes(gateway, upstream):
    body = chat_body("edge/m", "x")
    body += b" " * (MIB - len(body))
    with Client(gateway.port) as client:
        client.send(request("POST", "/v1/chat/completions", body))
        assert client.read_answer("POST").status == 200
        client.send(request("POST", "/v1/chat/completions", body + b" "))
        assert client.read_answer("POST").status == 413


@pytest.mark.parametrize("kind", ["target", "field", "fields", "name", "extension", "trailer"])
def test_f18_bombs_leave_memory_flat(gateway, upstream, kind):
    start = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    data = {"target": b"GET /" + b"a" * (8 * MIB),
            "field": start + b"X-A: " + b"a" * (8 * MIB),
            "fields": start + b"X: y\r\n" * MIB,
            "name": start + b"a" * (8 * MIB),
            "extension": CHUNKED_HEAD + b"1;" + b"a" * (8 * MIB),
            "trailer": CHUNKED_HEAD + b"1\r\n{\r\n0\r\n" + b"X: y\r\n" * MIB}[kind]
    with recovers(gateway, upstream):
        before = gateway.rss_kib()
        for _ in range(5):
            with Client(gateway.port) as client:
                client.send_lenient(data)
                if not SANITIZED:
                    assert gateway.rss_kib() - before < 2048
                rest = client.read_rest(3)
                assert rest == b"" or rest[9:12] in (b"431", b"414", b"400", b"413"), rest[:60]


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd"])
def test_f19_bomb_in_a_request(gateway, upstream, kind):
    data = bomb(pick(512 * MIB, 10 << 30) if kind == "gzip" else 256 * MIB, kind)[:MIB]
    with recovers(gateway, upstream, rss_kib=2048):
        upstream.forget()
        with Client(gateway.port) as client:
            client.send(request("POST", "/v1/chat/completions", data,
                                [("Content-Encoding", kind)]))
            answer = client.read_answer("POST")
            assert answer.status in (400, 413), answer
            assert_error(answer, answer.status)
        assert not upstream.requests


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd"])
def test_f19_a_compressed_request_is_read(gateway, upstream, kind):
    import brotli
    import gzip
    import zstandard

    pack = {"gzip": gzip.compress, "br": brotli.compress,
            "zstd": zstandard.ZstdCompressor().compress}[kind]
    upstream.forget()
    with Client(gateway.port) as client:
        client.send(request("POST", "/v1/chat/completions", pack(chat_body("edge/m", "packed")),
                            [("Content-Encoding", kind)]))
        answer = client.read_answer("POST")
    assert answer.status == 200 and answer.text() == "packed", answer
    assert json.loads(upstream.requests[0].body)["model"] == "m"
    assert upstream.requests[0].header("content-encoding") is None


@pytest.mark.parametrize("coding", ["x-squeeze", "gzip, br", "deflate64", "gzip, gzip, gzip"])
def test_f19_an_unknown_coding_of_a_request(gateway, upstream, coding):
    upstream.forget()
    with Client(gateway.port) as client:
        client.send(request("POST", "/v1/chat/completions", chat_body(),
                            [("Content-Encoding", coding)]))
        answer = client.read_answer("POST")
        assert answer.status in (400, 415), answer
    assert not upstream.requests


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b", b"not gzip at all", b"\x1f\x8b\x08\0" * 50],
                         ids=["empty", "magic", "text", "header"])
def test_f19_broken_gzip_in_a_request(gateway, upstream, data):
    with recovers(gateway, upstream):
        with Client(gateway.port) as client:
            client.send(request("POST", "/v1/chat/completions", data,
                                [("Content-Encoding", "gzip")]))
            assert client.read_answer("POST").status == 400


def test_f18_json_depth_and_size(gateway, upstream):
    """Nesting costs no stack, and a body that is no document is a 400."""
    with recovers(gateway, upstream):
        for body in (b"[" * 500_000, b'{"a":' * 100_000, b'{"model":"edge/m","messages":' + b"[" *
                     400_000, b'{"model":"edge/m","x":' + b"[" * 300_000 + b"]" * 300_000 + b"}"):
            with Client(gateway.port) as client:
                client.send(request("POST", "/v1/chat/completions", body))
                assert client.read_answer("POST").status == 400
