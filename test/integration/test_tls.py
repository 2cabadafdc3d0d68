"""TLS towards clients and towards upstreams; F25: what must be refused."""

import socket
import ssl
import struct
import threading
import time

import pytest

from support import answers, scripts
from support.certs import Authority, self_signed
from support.client import Client, chat, chat_request, request
from support.gateway import Gateway, edge, run_cli
from support.process import eventually
from support.recovery import recovers
from support.upstream import Upstream


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def server_context(cert: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def secure(port: int, ca: str | None, host: str = "localhost", **more) -> dict:
    config = edge(port, timeouts={"connect": "2s"}, **more)
    config["providers"]["edge"]["base_url"] = f"https://{host}:{port}/v1"
    if ca:
        config["providers"]["edge"]["ca"] = ca
    return config


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


REFUSED = {
    "expired": lambda a: a.sign("expired", "DNS:localhost", days=-1),
    "wrong-name": lambda a: a.sign("wrong", "DNS:other.example"),
    "wrong-name-with-our-cn": lambda a: a.sign("localhost", "DNS:other.example"),
    "wildcard-too-wide": lambda a: a.sign("wild", "DNS:*"),
    "name-for-an-address": lambda a: a.sign("address", "IP:127.0.0.1"),
    "client-certificate": lambda a: a.sign("usage", "DNS:localhost", usage="clientAuth"),
    "self-signed": lambda a: self_signed(a.folder, "selfish", "DNS:localhost"),
    "other-authority": lambda a: Authority(a.folder, "stranger").sign("strange", "DNS:localhost"),
}


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_f25_refused(authority, kind):
    cert, key = REFUSED[kind](authority)
    with Upstream(tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, authority.pem,
                           key="sk-secret-0123456789")) as gateway:
        answer = chat(gateway)
        assert answer.status == 502, answer
        assert answer.json()["error"]["message"]
        assert not upstream.requests, "the request was sent all the same"
        assert gateway.alive()


def test_f25_the_systems_authorities_do_not_know_ours(authority):
    cert, key = authority.sign("unknown", "DNS:localhost")
    with Upstream(tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, None)) as gateway:
        assert chat(gateway).status == 502
        assert not upstream.requests


def test_f25_no_fallback_to_plain(authority, upstream):
    """The upstream speaks plain HTTP on the port: not one byte of the request goes out."""
    with Gateway(secure(upstream.port, authority.pem, key="sk-secret-0123456789")) as gateway:
        assert chat(gateway).status in (502, 504)  # it waits in vain for a handshake
        assert not upstream.requests
        assert all(b"sk-secret" not in conn.buffer for conn in upstream.connections)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_f25_old_versions(authority, version):
    cert, key = authority.sign("old", "DNS:localhost")
    context = server_context(cert, key)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    with Upstream(tls=context) as upstream, \
            Gateway(secure(upstream.port, authority.pem)) as gateway:
        assert chat(gateway).status == 502


def test_f25_truncated_handshake(authority):
    """Half a handshake, then nothing: the connect limit ends it."""
    listener = socket.create_server(("127.0.0.1", 0))
    held = []

    def serve():
        try:
            while True:
                conn, _ = listener.accept()
                conn.recv(100)
                conn.sendall(b"\x16\x03\x03\x00\x7a\x02\x00\x00")
                held.append(conn)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    config = secure(listener.getsockname()[1], authority.pem)
    config["providers"]["edge"]["timeouts"] = {"connect": "500ms"}
    with Gateway(config) as gateway:
        began = time.monotonic()
        answer = chat(gateway)
        assert answer.status in (502, 504)
        assert time.monotonic() - began < 2
        assert gateway.alive()
    listener.close()
    for conn in held:
        conn.close()


def test_f25_a_stream_cut_without_close_notify(authority):
    """An attacker can cut a connection; without the end of the framing it is not an answer."""
    cert, key = authority.sign("cut", "DNS:localhost")
    body = b"".join(answers.frames(done=False))

    async def script(conn, _):
        await conn.send(scripts.head(200, [("Content-Type", "text/event-stream"),
                                           ("Connection", "close")]) + body)
        import asyncio
        await asyncio.sleep(0.05)
        conn.transport.abort()

    with Upstream(script, tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, authority.pem)) as gateway:
        answer = chat(gateway, stream=True)
        assert "[DONE]" not in answer.events()
        assert '"error"' in answer.events()[-1]


@pytest.fixture(scope="module")
def secured(shared_upstream, authority):
    cert, key = authority.sign("front", "DNS:localhost,IP:127.0.0.1")
    config = edge(shared_upstream.port)
    config["server"]["tls"] = {"cert": cert, "key": key}
    config["server"]["timeouts"] = {"header": "1s", "idle": "2s"}
    with Gateway(config) as gateway:
        yield gateway


@pytest.fixture
def trust(authority):
    return ssl.create_default_context(cafile=authority.pem)


def test_tls_towards_clients(secured, upstream, trust):
    assert secured.scheme == "https"
    with Client(secured.port, tls=trust) as client:
        for number in range(3):
            client.send(chat_request(text=f"n{number}"))
            assert client.read_answer("POST").text() == f"n{number}"
        upstream.default = scripts.stream()
        client.send(chat_request(stream=True))
        assert client.read_answer("POST").events()[-1] == "[DONE]"
        assert client.socket.version() in ("TLSv1.2", "TLSv1.3")


def test_tls_large_bodies(secured, upstream, trust):
    text = "z" * 2_000_000
    with Client(secured.port, tls=trust) as client:
        client.send(chat_request(text=text))
        assert client.read_answer("POST").text() == text


def test_tls_client_gone(secured, upstream, trust):
    upstream.default = scripts.hang()
    client = Client(secured.port, tls=trust).send(chat_request())
    assert eventually(lambda: upstream.requests)
    client.close()
    assert eventually(lambda: not upstream.open_connections(), 1.0), "the call lives on"


def test_plain_http_on_the_tls_port(secured, upstream):
    with Client(secured.port) as client:
        client.send(request("GET", "/healthz"))
        rest = client.read_rest(3)
        assert b" 200 " not in rest
    assert secured.alive()


def test_a_handshake_that_never_ends(secured, upstream):
    began = time.monotonic()
    with Client(secured.port) as client:
        client.send(b"\x16\x03\x01\x02\x00\x01")
        client.read_rest(5)
    assert time.monotonic() - began < 4
    with Client(secured.port) as client:
        began = time.monotonic()
        client.read_rest(5)
    assert time.monotonic() - began < 4, "a connection without a handshake is kept"


def test_garbage_handshakes(secured, upstream, trust):
    for data in (b"\x16\x03\x01\xff\xff" + b"\0" * 70000, b"\x80\x2e\x01\0\x02", b"\0" * 1000,
                 struct.pack(">BHH", 23, 0x303, 5) + b"hello"):
        with Client(secured.port) as client:
            client.send_lenient(data)
            client.read_rest(3)
    with Client(secured.port, tls=trust) as client:
        client.send(request("GET", "/healthz"))
        assert client.read_answer().status == 200


def test_old_versions_of_clients_are_refused(secured):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        Client(secured.port, tls=context)


def test_a_key_that_does_not_fit_is_said_at_start(authority, tmp_path):
    cert, _ = authority.sign("fits-not", "DNS:localhost")
    _, key = authority.sign("other", "DNS:localhost")
    path = tmp_path / "c.yaml"
    path.write_text(f'server: {{ tls: {{ cert: "{cert}", key: "{key}" }} }}\n')
    done = run_cli("serve", "--config", str(path), "--listen", "127.0.0.1:0", "--data",
                   str(tmp_path / "d"), timeout=10)
    assert done.returncode not in (0, -6, -11)
    assert "key" in done.stderr + done.stdout


def test_tls_descriptors_come_back(authority):
    cert, key = authority.sign("again", "DNS:localhost")
    with Upstream(tls=server_context(cert, key)) as upstream, \
            Gateway(secure(upstream.port, authority.pem)) as gateway:
        with recovers(gateway, upstream, rss_kib=2048):
            for _ in range(50):
                upstream.drop_all()
                assert chat(gateway).status == 200
