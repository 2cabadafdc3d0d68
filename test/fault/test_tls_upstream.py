"""F25: upstreams whose TLS is not in order: refused, with the cause, and never in the plain."""

import asyncio
import contextlib
import socket
import ssl
import threading
import time

import pytest

from support import answers, scripts
from support.certs import Authority, self_signed
from support.client import chat
from support.gateway import Gateway, edge
from support.recovery import recovers
from support.upstream import Upstream

from fault.faults import of_request

SECRET = "sk-secret-0123456789"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def server_context(cert: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def secure(port: int, ca: str | None, host: str = "localhost", **more) -> dict:
    more.setdefault("key", SECRET)
    config = edge(port, timeouts={"connect": "1s"}, **more)
    config["providers"]["edge"]["base_url"] = f"https://{host}:{port}/v1"
    config["retry"] = {"attempts": 1}
    if ca:
        config["providers"]["edge"]["ca"] = ca
    return config


def refused(gateway, *words: str, provider: str = "edge"):
    """The caller gets 502 that says what is wrong, the ledger a failure that cost nothing."""
    answer = chat(gateway, f"{provider}/m")
    assert answer.status == 502, (provider, answer)
    error = answer.json()["error"]
    assert error["code"] == "connect_failed", error
    assert provider in error["message"] and SECRET not in error["message"], error
    assert not words or any(word in error["message"] for word in words), error["message"]
    settled = of_request(gateway, answer.header("x-signalbox-request-id"))
    assert [(r["outcome"], r["cost_usd"]) for r in settled] == [("failed", 0)], settled
    assert gateway.alive()
    return error["message"]


@pytest.mark.parametrize("host,san", [("localhost", "DNS:localhost"),
                                      ("127.0.0.1", "IP:127.0.0.1")])
def test_f25_an_authority_of_our_own_is_believed(authority, host, san):
    cert, key = authority.sign(f"good-{host}", san)
    with Upstream(tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, authority.pem, host)) as gateway:
        for number in range(3):
            assert chat(gateway, text=f"n{number}").text() == f"n{number}"
        assert len(upstream.connections) == 1, "TLS connections are not reused"
        upstream.default = scripts.stream()
        assert chat(gateway, stream=True).events()[-1] == "[DONE]"
        big = "y" * 300_000
        upstream.default = scripts.answer()
        assert chat(gateway, text=big).text() == big


# How the certificate is made, and the words one of which the caller is told.
REFUSED = {
    "expired": (lambda a: a.sign("expired", "DNS:localhost", days=-1), ["expired"]),
    "wrong-name": (lambda a: a.sign("wrong", "DNS:other.example"), ["hostname mismatch"]),
    "wrong-name-with-our-cn": (lambda a: a.sign("localhost", "DNS:other.example"),
                               ["hostname mismatch"]),
    "wildcard-too-wide": (lambda a: a.sign("wild", "DNS:*"), ["hostname mismatch"]),
    "name-for-an-address": (lambda a: a.sign("address", "IP:127.0.0.1"), ["hostname mismatch"]),
    "client-certificate": (lambda a: a.sign("usage", "DNS:localhost", usage="clientAuth"),
                           ["purpose"]),
    "self-signed": (lambda a: self_signed(a.folder, "selfish", "DNS:localhost"), ["self-signed"]),
    "other-authority": (lambda a: Authority(a.folder, "stranger").sign("strange", "DNS:localhost"),
                        ["issuer"]),
}


def of_each_kind(authority, ports: dict) -> dict:
    """One gateway for many upstreams: each kind is a provider of its own."""
    config = {"server": {"workers": 1}, "retry": {"attempts": 1}, "providers": {}}
    for kind, port in ports.items():
        config["providers"][kind] = {
            "type": "openai", "base_url": f"https://localhost:{port}/v1", "key": SECRET,
            "ca": authority.pem, "timeouts": {"connect": "300ms"}}
    return config


def test_f25_certificates_that_are_refused_with_their_reason(authority):
    with contextlib.ExitStack() as stack:
        upstreams = {kind: stack.enter_context(Upstream(tls=server_context(*make(authority))))
                     for kind, (make, _) in REFUSED.items()}
        ports = {kind: upstream.port for kind, upstream in upstreams.items()}
        gateway = stack.enter_context(Gateway(of_each_kind(authority, ports)))
        for kind, (_, words) in REFUSED.items():
            refused(gateway, *words, provider=kind)
            assert not upstreams[kind].requests, f"{kind}: the request was sent all the same"


def test_f25_the_systems_authorities_do_not_know_ours(authority):
    cert, key = authority.sign("unknown", "DNS:localhost")
    with Upstream(tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, None)) as gateway:
        refused(gateway, "issuer")
        assert not upstream.requests


def test_f25_a_certificate_that_is_renewed_is_believed(authority):
    """The upstream puts a good one in its place: the next request finds it, without a restart."""
    bad = authority.sign("late", "DNS:localhost", days=-1)
    good = authority.sign("new", "DNS:localhost")
    context = server_context(*bad)
    with Upstream(tls=context) as upstream, \
            Gateway(secure(upstream.port, authority.pem)) as gateway:
        refused(gateway, "expired")
        context.load_cert_chain(*good)
        assert chat(gateway).status == 200


def test_f25_no_fallback_to_plain(authority):
    """The upstream speaks plain HTTP on the port, at once or when it is asked: not one byte of the
    request goes out."""
    async def greet(conn, _):
        await conn.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    for on_connect in (None, greet):
        with Upstream(on_connect=on_connect) as upstream, \
                Gateway(secure(upstream.port, authority.pem)) as gateway:
            refused(gateway)
            assert not upstream.requests
            assert upstream.connections
            assert all(SECRET.encode() not in conn.buffer and b"HTTP/" not in conn.buffer
                       for conn in upstream.connections)


@contextlib.contextmanager
def served(serve):
    """A listener; `serve` gets each connection and closes it, or keeps it in the list."""
    held = []

    def accept():
        with contextlib.suppress(OSError):
            while True:
                serve(listener.accept()[0], held)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for conn in held:
        conn.close()


def shakes(context: ssl.SSLContext):
    """Makes the handshake as OpenSSL does it, alerts included."""
    def serve(conn, held):
        with conn, contextlib.suppress(OSError):
            held.append(context.wrap_socket(conn, server_side=True))

    return serve


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_f25_old_versions(authority, version):
    context = server_context(*authority.sign("old", "DNS:localhost"))
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    with served(shakes(context)) as port, Gateway(secure(port, authority.pem)) as gateway:
        refused(gateway, "protocol version", "unsupported protocol")


def test_f25_ciphers_that_nobody_should_use(authority):
    context = server_context(*authority.sign("weak", "DNS:localhost"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:eNULL:@SECLEVEL=0")
    with served(shakes(context)) as port, Gateway(secure(port, authority.pem)) as gateway:
        refused(gateway, "handshake failure")


# What comes instead of a whole handshake, whether the connection is then closed.
CUT = {"half-a-hello": (b"\x16\x03\x03\x00\x7a\x02\x00\x00", False),
       "half-a-hello-then-closed": (b"\x16\x03\x03\x00\x7a\x02\x00\x00", True),
       "closed-at-once": (b"", True),
       "an-alert": (b"\x15\x03\x03\x00\x02\x02\x28", True),
       "garbage": (b"\xff" * 200, False),
       "a-record-that-is-too-long": (b"\x16\x03\x03\xff\xff" + b"\0" * 70000, False)}


def sends(data: bytes, closes: bool):
    def serve(conn, held):
        conn.recv(2000)
        conn.sendall(data)
        conn.close() if closes else held.append(conn)

    return serve


def test_f25_truncated_handshakes(authority):
    with contextlib.ExitStack() as stack:
        ports = {kind: stack.enter_context(served(sends(*what))) for kind, what in CUT.items()}
        gateway = stack.enter_context(Gateway(of_each_kind(authority, ports)))
        for kind in CUT:
            began = time.monotonic()
            refused(gateway, provider=kind)
            assert time.monotonic() - began < 1.5, kind


def test_f25_another_provider_serves_meanwhile(authority):
    cert, key = authority.sign("stale", "DNS:localhost", days=-1)
    with Upstream(tls=server_context(cert, key)) as broken, Upstream() as good:
        config = secure(broken.port, authority.pem)
        del config["retry"]
        config["providers"]["good"] = {"type": "openai", "base_url": good.url, "key": "none"}
        config["models"] = {"any": {"targets": ["edge/m"], "fallback": ["good/m"]}}
        with Gateway(config) as gateway:
            for _ in range(10):
                answer = chat(gateway, "any")
                assert answer.status == 200
                assert answer.header("x-signalbox-provider") == "good"
            assert not broken.requests


def test_f25_a_stream_cut_without_close_notify(authority):
    """An attacker can cut a connection; without the end of the framing it is not an answer."""
    cert, key = authority.sign("cut", "DNS:localhost")
    body = b"".join(answers.frames(done=False))

    async def script(conn, _):
        await conn.send(scripts.head(200, [("Content-Type", "text/event-stream"),
                                           ("Connection", "close")]) + body)
        await asyncio.sleep(0.05)
        conn.transport.abort()

    with Upstream(script, tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, authority.pem)) as gateway:
        answer = chat(gateway, stream=True)
        assert "[DONE]" not in answer.events()
        assert '"error"' in answer.events()[-1]


def test_f25_descriptors_come_back(authority):
    cert, key = authority.sign("again", "DNS:localhost")
    with Upstream(tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, authority.pem)) as gateway:
        with recovers(gateway, upstream, rss_kib=2048):
            for _ in range(50):
                upstream.drop_all()
                assert chat(gateway).status == 200
