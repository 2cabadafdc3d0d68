"""TLS towards clients. Towards upstreams: fault/test_tls_upstream.py."""

import ssl
import struct
import time

import pytest

from support import scripts
from support.certs import Authority
from support.client import Client, chat_request, request
from support.gateway import Gateway, edge, run_cli
from support.process import eventually


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


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
