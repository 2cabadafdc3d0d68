"""P8, P15-P17, P30, P33-P39: what felled other gateways, tried on this one."""

import asyncio
import json
import socket
import subprocess
import time

import pytest

from support import answers, scripts
from support.client import Client, chat, chat_body, chat_request, fetch, request
from support.gateway import Gateway, clean_env, edge, run_cli
from support.recovery import recovers
from support.upstream import Upstream

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


# P1, P15: a destination chosen by the caller

URL_FIELDS = ["api_base", "base_url", "baseUrl", "endpoint", "azure_endpoint", "api_url", "url",
              "host", "custom_host", "proxy", "upstream", "target", "callback_url", "webhook_url",
              "aws_bedrock_runtime_endpoint", "vertex_ai_location", "openai_api_base", "server"]
URL_HEADERS = ["x-portkey-custom-host", "x-portkey-config", "x-portkey-provider", "x-base-url",
               "x-api-base", "x-signalbox-base-url", "x-signalbox-upstream", "x-signalbox-provider",
               "x-forwarded-host", "x-original-url", "x-rewrite-url", "helicone-target-url",
               "helicone-openai-api-base", "x-target-url", "cf-aig-endpoint", "forwarded",
               "x-host", "api-base", "openai-base-url"]


def test_p15_no_field_chooses_the_destination(gateway, upstream):
    with Upstream() as canary:
        for name in URL_FIELDS:
            for value in (canary.url, {"url": canary.url}, [canary.url]):
                answer = chat(gateway, **{name: value})
                assert answer.status in (200, 400), (name, answer)
            chat(gateway, metadata={name: canary.url})
            chat(gateway, extra_body={name: canary.url}, litellm_params={name: canary.url})
        assert not canary.connections


def test_p15_no_header_chooses_the_destination(gateway, upstream):
    with Upstream() as canary:
        for name in URL_HEADERS:
            for value in (canary.url, f"127.0.0.1:{canary.port}", json.dumps(
                    {"custom_host": canary.url, "provider": "openai", "base_url": canary.url})):
                answer = chat(gateway, headers=[(name, value)])
                assert answer.status in (200, 400), (name, answer)
        assert not canary.connections


def test_p15_no_model_name_chooses_the_destination(gateway, upstream):
    with Upstream() as canary:
        for model in (canary.url, f"openai/{canary.url}", f"edge@127.0.0.1:{canary.port}/m",
                      f"{canary.url}/edge/m", f"//127.0.0.1:{canary.port}/m",
                      f"edge/../../@127.0.0.1:{canary.port}/m"):
            assert chat(gateway, model).status in (200, 400, 404)
        assert not canary.connections


def test_p15_an_image_url_is_not_fetched(gateway, upstream):
    with Upstream() as canary:
        content = [{"type": "image_url", "image_url": {"url": canary.url + "/x.png"}}]
        answer = chat(gateway, messages=[{"role": "user", "content": content}])
        assert answer.status == 200
        assert not canary.connections


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


# P17: ourselves as upstream

def test_p17_a_loop_through_ourselves_stops_at_depth_one():
    """A relay stands between, so that the gateway cannot know its own address."""
    with Relay() as relay, Gateway(edge(relay.port)) as gateway:
        relay.target = gateway.port
        began = time.monotonic()
        answer = chat(gateway, "edge/edge/edge/edge/m")
        assert answer.status >= 400, answer
        assert time.monotonic() - began < 3
        assert relay.connections <= 2, f"{relay.connections} turns"
        assert gateway.alive()
        assert chat(gateway, "sim/echo").status == 200


class Relay:
    """Copies bytes between its own port and `target`."""

    def __enter__(self):
        import threading

        self.connections, self.target, ready = 0, 0, threading.Event()

        async def copy(reader, writer):
            try:
                while data := await reader.read(65536):
                    writer.write(data)
            except ConnectionError:
                pass
            writer.close()

        async def serve(reader, writer):
            self.connections += 1
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(copy(reader, to_writer), copy(to_reader, writer))

        async def main():
            self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await self.stop.wait()

        self.thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
        self.thread.start()
        ready.wait(5)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(5)


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
    import pathlib

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


# P36: one reading of a path

VARIANTS = ["//healthz", "/./healthz", "/x/../healthz", "/healthz/", "/healthz/.", "/healthz;a=b",
            "/%68ealthz", "/healthz%2f", "/healthz%2f..%2fmetrics", "/healthz/..;/metrics",
            "/healthz\\..\\metrics", "/HEALTHZ", "/healthz%00", "/v1/../metrics", "/v1//models",
            "/v1/%2e%2e/metrics", "/v1/models/..%2f..%2fmetrics", "/v1/models/../../metrics",
            "/v1;/models", "/\\metrics", "/%2e/metrics", "/metrics%20", "/metrics%09"]


@pytest.mark.parametrize("path", VARIANTS)
def test_p36_path_variants_are_not_other_routes(gateway, upstream, path):
    """Refused, or exactly what the canonical path gives; and the guards hold either way."""
    answer = fetch(gateway, "GET", path)
    assert answer.status in (400, 404, 405), f"{path}: {answer.status}"
    guarded = fetch(gateway, "GET", path, host="evil.example")
    assert guarded.status in (400, 421, 404), f"{path} with a foreign host: {guarded.status}"


@pytest.mark.parametrize("path", ["//v1/chat/completions", "/v1/chat/completions/",
                                  "/v1/chat/../chat/completions", "/v1/chat%2fcompletions",
                                  "/V1/chat/completions", "/v1/chat/completions;x",
                                  "/x/../v1/chat/completions"])
def test_p36_path_variants_of_chat_with_a_foreign_origin(gateway, upstream, path):
    answer = fetch(gateway, "POST", path, chat_body(), [("Origin", "https://evil.example")])
    assert answer.status in (400, 403, 404, 405)
    assert not upstream.requests


# P37: an early answer while a body is still coming

EARLY = {
    "413": (b"/v1/chat/completions", b"Content-Length: 99999999999\r\n"),
    "404": (b"/nowhere", b"Content-Length: 300000\r\n"),
    "421": (b"/v1/chat/completions", b"Content-Length: 300000\r\n"),
    "403": (b"/v1/chat/completions", b"Content-Length: 300000\r\nOrigin: https://evil.example\r\n"),
    "415": (b"/v1/chat/completions", b"Content-Length: 300000\r\nContent-Encoding: x-no\r\n"),
    "417": (b"/v1/chat/completions", b"Content-Length: 300000\r\nExpect: tea\r\n"),
    "405": (b"/v1/models", b"Content-Length: 300000\r\n"),
}


@pytest.mark.parametrize("status", sorted(EARLY))
def test_p37_leftover_body_is_never_a_request(gateway, upstream, status):
    """The body is made of requests. Drained or closed, none of them may be run."""
    path, fields = EARLY[status]
    host = b"evil.example" if status == "421" else b"localhost"
    inner = chat_request("edge/smuggled")
    with Client(gateway.port) as client:
        client.send(b"POST " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\n"
                    b"Content-Type: application/json\r\n" + fields + b"\r\n")
        client.send_lenient(inner * (300_000 // len(inner)))
        client.send_lenient(b" " * (300_000 % len(inner)))
        client.socket.settimeout(5)
        answer = client.read_answer("POST")
        assert answer.status in (int(status), 400), answer
        client.send_lenient(request("GET", "/healthz"))
        rest = client.read_rest(1)
        assert rest.count(b"HTTP/1.1 ") <= 1, "the body was answered as requests"
        if rest:
            assert rest.startswith(b"HTTP/1.1 200"), rest[:100]
    assert not upstream.requests, "a request inside the body was run"


def test_p37_an_upstream_that_answers_early_and_keeps_reading(gateway, upstream):
    """An upstream's 401 before the body is sent: its connection is not used again half-written."""
    async def silence(conn, _):
        pass

    async def early(conn):
        await asyncio.sleep(0.01)
        await conn.send(scripts.whole(json.dumps(answers.error("no", "auth")).encode(), 401))

    body = chat_body("edge/m", "x" * 3_000_000)
    with Upstream() as hasty:
        with Gateway(edge(hasty.port)) as lonely:
            hasty.on_connect = lambda conn, _: early(conn)
            hasty.plan.append(silence)  # the body arrives later and is answered no more
            answer = fetch(lonely, "POST", "/v1/chat/completions", body)
            assert answer.status in (401, 502), answer
            hasty.on_connect = None
            hasty.forget()
            assert chat(lonely, text="clean").text() == "clean"


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
