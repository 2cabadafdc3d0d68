"""P8, P16, P30, P33-P35, P38, P39: what felled other gateways, tried on this one.

P1, P15, P32, P43: test_canary_host.py. P17: test_loop.py. P36, P37: test_paths.py.
"""

import pathlib
import signal
import socket
import subprocess
import time

import pytest

from support import scripts
from support.client import Client, chat, chat_body, chat_request, fetch
from support.gateway import Gateway, clean_env, run_cli
from support.process import eventually
from support.recovery import recovers

from fault.faults import assert_error

ROUTES = [("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"), ("GET", "/v1/models"),
          ("GET", "/v1/models/auto"), ("POST", "/v1/chat/completions"), ("POST", "/v1/embeddings")]
BODIES = {"/v1/chat/completions": chat_body("edge/m"),
          "/v1/embeddings": b'{"model":"edge/e","input":"x"}'}


def call(gateway, method, path, **more):
    return fetch(gateway, method, path, BODIES.get(path), **more)


# P8: the router and the guard look at one parsed target

@pytest.mark.parametrize("host", ["a/health?x=", "a#", "127.0.0.1/healthz?x=", "127.0.0.1#",
                                  "a@127.0.0.1", "127.0.0.1:80/healthz"])
@pytest.mark.parametrize("method,path", ROUTES)
def test_p8_a_host_that_is_no_host(gateway, upstream, method, path, host):
    assert call(gateway, method, path, host=host).status in (400, 421)
    assert not upstream.requests


# P16, P30: every guard on every route

@pytest.mark.parametrize("method,path", ROUTES)
def test_p16_p30_a_foreign_host_is_refused_on_every_route(gateway, upstream, method, path):
    for host in ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "0.0.0.0",
                 "169.254.169.254", "10.0.0.1"):
        answer = call(gateway, method, path, host=host)
        assert answer.status in (400, 421), (host, answer.status)
    assert not upstream.requests


@pytest.mark.parametrize("origin", ["https://evil.example", "http://evil.example", "null",
                                    "http://localhost.evil.example", "http://127.0.0.1.nip.example",
                                    "http://localhost@evil.example", "file://", "https://"])
def test_p30_a_cross_site_origin_on_a_write(gateway, upstream, origin):
    for path in BODIES:
        answer = call(gateway, "POST", path, headers=[("Origin", origin)])
        assert_error(answer, 403)
        assert answer.header("access-control-allow-origin") is None
    assert not upstream.requests


def test_p30_a_cross_site_fetch_metadata_header(gateway, upstream):
    """`Sec-Fetch-Site: cross-site` alone is what a no-cors form post brings."""
    answer = chat(gateway, headers=[("Origin", "null"), ("Sec-Fetch-Site", "cross-site")])
    assert answer.status == 403


def test_p30_our_own_origin_may_write(gateway, upstream):
    for origin in (f"http://127.0.0.1:{gateway.port}", f"http://localhost:{gateway.port}"):
        answer = fetch(gateway, "POST", "/v1/chat/completions", chat_body(),
                       [("Origin", origin)], host=origin.removeprefix("http://"))
        assert answer.status == 200, (origin, answer)


def test_p30_a_text_plain_body_is_no_way_round(gateway, upstream):
    """A simple request needs no preflight; the Origin rule must hold for it too."""
    answer = chat(gateway, headers=[("Origin", "https://evil.example"),
                                    ("Content-Type", "text/plain")])
    assert answer.status == 403


def test_p30_preflight_gives_nothing_away(gateway, upstream):
    answer = fetch(gateway, "OPTIONS", "/v1/chat/completions", None,
                   [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")])
    assert answer.header("access-control-allow-origin") is None
    assert answer.header("access-control-allow-credentials") is None


# P33: nothing open to the network without a credential

@pytest.mark.parametrize("listen", ["0.0.0.0:0", "[::]:0"])
def test_p33_refuses_to_listen_elsewhere_without_a_credential(tmp_path, listen):
    from support.gateway import BINARY

    child = subprocess.Popen([BINARY, "serve", "--listen", listen, "--data", str(tmp_path)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_env())
    try:
        out, _ = child.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        out, _ = child.communicate()
        pytest.fail(f"it listens on {listen} without a credential: {out.decode()}")
    assert child.returncode not in (0, -6, -11)
    assert b"listening" not in out
    assert b"credential" in out or b"key" in out or b"loopback" in out, out.decode()


def test_p33_by_default_only_loopback_is_bound(gateway):
    lines = [line.split() for name in ("tcp", "tcp6")
             for line in pathlib.Path(f"/proc/{gateway.pid}/net/{name}").read_text().splitlines()]
    port = f":{gateway.port:04X}"
    bound = {f[1] for f in lines if f[1].endswith(port) and f[3] == "0A"}
    assert bound, "the listener is not found"
    assert bound <= {"0100007F" + port, "00000000000000000000000001000000" + port}, bound


# P34: an upstream cannot make a tunnel

@pytest.mark.parametrize("head", [
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}",
])
@pytest.mark.parametrize("asked", [False, True])
def test_p34_an_upgrade_by_the_upstream_is_no_tunnel(gateway, upstream, head, asked):
    fields = [("Connection", "Upgrade"), ("Upgrade", "websocket")] if asked else []
    with recovers(gateway, upstream), Client(gateway.port) as client:
        upstream.plan.append(scripts.raw(head))
        client.send(chat_request(headers=fields))
        answer = client.read_answer("POST")
        assert answer.status != 101 and answer.header("upgrade") is None
        before = sum(c.bytes_in for c in upstream.connections)
        client.send_lenient(b"tunnelled bytes\r\n\r\n")
        time.sleep(0.1)
        assert sum(c.bytes_in for c in upstream.connections) == before, "bytes went through"


def test_p35_dependencies_that_fail_at_once():
    pytest.skip("feature absent: no database, Redis or limiter to fail yet")


# P38: bytes after Upgrade, see also framing/request_connection.txt

def test_p38_bytes_after_an_upgrade_are_a_new_request(gateway, upstream):
    fields = [("Connection", "Upgrade"), ("Upgrade", "h2c")]
    with Client(gateway.port) as client:
        client.send(chat_request(text="one", headers=fields) + chat_request(text="two"))
        assert client.read_answer("POST").text() == "one"
        assert client.read_answer("POST").text() == "two"
    assert all(r.header("upgrade") is None for r in upstream.requests)


def test_p39_bare_lf_in_a_chunk_extension(gateway, upstream):
    with Client(gateway.port) as client:
        client.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                    b"Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n0\r\n\r\n" + chat_request())
        assert_error(client.read_answer("POST"), 400)
        assert client.at_end()
    assert not upstream.requests


def test_p33_config_without_credential_cannot_listen_elsewhere(tmp_path):
    path = tmp_path / "open.yaml"
    path.write_text('server: { listen: "0.0.0.0:0" }\n')
    done = run_cli("serve", "--config", str(path), "--data", str(tmp_path / "d"), timeout=10)
    assert done.returncode not in (0, -6, -11), done.stdout


def test_p33_other_addresses_of_this_machine_do_not_answer(gateway):
    """The listening address is one this machine's other addresses cannot reach."""
    try:
        own = socket.gethostbyname(socket.gethostname())
    except socket.gaierror:  # a host whose name nobody knows
        own = "127.0.0.1"
    if own.startswith("127."):
        pytest.skip("this machine has no other address")
    with pytest.raises(OSError):
        socket.create_connection((own, gateway.port), timeout=1)


def test_p33_a_reload_does_not_open_the_port_that_is_open():
    """The key goes and so does the address, but only the key could take effect at once."""
    config = {"server": {"workers": 1, "listen": "0.0.0.0:0"},
              "access": {"key": "sb-test-key-0123456789abcdef"}}
    with Gateway(config, listen=None) as gateway:
        gateway.host = "127.0.0.1"
        assert fetch(gateway, "GET", "/v1/models").status == 401
        path = pathlib.Path(gateway.folder, "signalbox.yaml")
        path.write_text("server:\n  workers: 1\n  listen: 127.0.0.1:0\n")
        gateway.child.send_signal(signal.SIGHUP)
        assert eventually(lambda: "the one in effect stays" in gateway.log(), 5), gateway.log()
        assert "access.key" in gateway.log() and "restart" in gateway.log()
        assert fetch(gateway, "GET", "/v1/models").status == 401
        assert fetch(gateway, "GET", "/v1/models", host="localhost").status == 401


@pytest.mark.parametrize("metrics", ["0.0.0.0:0", "[::]:0"])
def test_p33_metrics_do_not_listen_elsewhere_without_a_credential(tmp_path, metrics):
    path = tmp_path / "open.yaml"
    path.write_text(f'server: {{ listen: "127.0.0.1:0", metrics: "{metrics}" }}\n')
    done = run_cli("serve", "--config", str(path), "--data", str(tmp_path / "d"), timeout=10)
    assert done.returncode == 2, done.stdout
    assert "access.key" in done.stderr + done.stdout
