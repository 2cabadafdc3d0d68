"""F65, P17: ourselves as upstream, gateways in a ring; and headers that are odd."""

import asyncio
import json
import threading
import time

import pytest

from support import scripts
from support.client import Client, chat, chat_body, chat_request, fetch, request
from support.gateway import Gateway, edge, fleet
from support.upstream import Upstream

from fault.faults import of_request


class Relay:
    """Copies bytes between its own port and `target`, and counts the requests on their way."""

    def __enter__(self):
        self.requests, self.target, ready = 0, 0, threading.Event()

        async def copy(reader, writer, counts: bool):
            try:
                while data := await reader.read(65536):
                    self.requests += counts * data.count(b"POST /v1/")
                    writer.write(data)
            except ConnectionError:
                pass
            writer.close()

        async def serve(reader, writer):
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(copy(reader, to_writer, True), copy(to_reader, writer, False))

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


def assert_loop(answer, began: float):
    assert answer.status == 508, answer
    error = answer.json()["error"]
    assert error["code"] == "loop_detected" and "base_url" in error["message"], error
    assert time.monotonic() - began < 1, "a loop is not worth trying again"


@pytest.mark.parametrize("stream", [False, True])
def test_f65_ourselves_as_upstream(stream):
    """A relay stands between, so that the gateway cannot know its own address."""
    with Relay() as relay, Gateway(edge(relay.port)) as gateway:
        relay.target = gateway.port
        began = time.monotonic()
        answer = chat(gateway, "edge/edge/edge/edge/m", stream=stream)
        assert_loop(answer, began)
        assert relay.requests == 1, f"{relay.requests} turns"
        settled = of_request(gateway, answer.header("x-signalbox-request-id"))
        assert [(r["outcome"], r["status"]) for r in settled] == [("failed", 508)], settled
        assert chat(gateway, "sim/echo").status == 200


def test_f65_two_gateways_in_a_ring():
    """One has the other for its upstream, and the other has the one."""
    with Relay() as to_first, Relay() as to_second, \
            Gateway(edge(to_second.port)) as first, Gateway(edge(to_first.port)) as second:
        to_first.target, to_second.target = first.port, second.port
        began = time.monotonic()
        answer = chat(first, "edge/edge/edge/edge/edge/m")
        assert_loop(answer, began)
        assert (to_second.requests, to_first.requests) == (1, 1)


def test_f65_a_loop_speaks_against_nobody():
    """It opens no breaker: nobody is unwell, and a caller could make hops up to open one."""
    with Relay() as relay, Gateway(edge(relay.port)) as gateway:
        relay.target = gateway.port
        for _ in range(30):
            assert chat(gateway, "edge/edge/m").status == 508
        told = fetch(gateway, "GET", "/api/health/targets").json()
        assert '"open"' not in json.dumps(told), told


def test_f65_a_fallback_leads_out_of_the_loop():
    with Relay() as relay, Upstream() as good:
        config = fleet({"ring": relay.port, "good": good.port}, model="any")
        config["models"]["any"]["targets"] = ["ring/any", "good/m"]
        with Gateway(config) as gateway:
            relay.target = gateway.port
            assert chat(gateway, "any").status == 200
            assert relay.requests == 1 and len(good.requests) == 1


def test_f65_a_chain_of_gateways_is_no_loop():
    with Upstream() as upstream, Gateway(edge(upstream.port)) as last, \
            Gateway(edge(last.port)) as middle, Gateway(edge(middle.port)) as first:
        assert chat(first, "edge/edge/edge/m", "through").text() == "through"
        hops = upstream.requests[0].header("x-signalbox-hop").split(",")
        assert len(hops) == len(set(hops)) == 3, hops


@pytest.mark.parametrize("hops", ["", ",", "a", "a,b,c", ",".join("abcdefgh"), "a b c", "ä" * 100,
                                  "x" * 4000, "%00", ",,,,", "self"])
def test_p17_hops_that_a_caller_makes_up(hops):
    """They end in an answer, and the chain stays a valid header."""
    with Upstream() as upstream, Gateway(edge(upstream.port)) as gateway:
        answer = chat(gateway, headers=[("x-signalbox-hop", hops)])
        assert answer.status in (200, 400, 508), answer
        assert chat(gateway, text="after").text() == "after"
        assert all(r.header("x-signalbox-hop") for r in upstream.requests)


ODD = [("x-odd", ""), ("x-odd", " "), ("x-odd", "\t\t"), ("x-odd", "a" * 8000),
       ("x-odd", "\xff" * 50),
       ("!#$%&'*+-.^_`|~", "v"), ("x" * 4000, "v"), ("connection", "x-odd, close, keep-alive"),
       ("accept", ""), ("accept-encoding", "gzip;q=0, *;q=0"), ("content-type", ";;;"),
       ("content-type", "multipart/form-data; boundary="), ("authorization", "\xc3\xa4"),
       ("te", "trailers, chunked"), ("range", "bytes=0-0,-1"), ("if-none-match", "*"),
       ("expect", ""), ("upgrade", "websocket"), ("trailer", "content-length"),
       ("max-forwards", "-1"), ("x-signalbox-max-latency", "-1ms"),
       ("x-signalbox-max-latency", "99999999999999999999s"), ("x-signalbox-tags", "\x7f"),
       ("x-signalbox-", "v"), ("x-signalbox-priority", "urgent" * 500),
       ("x-request-id", "a" * 5000)]


def test_p17_odd_headers_do_not_crash():
    with Upstream() as upstream, Gateway(edge(upstream.port)) as gateway:
        for name, value in ODD:
            with Client(gateway.port) as client:
                client.send(chat_request(headers=[(name, value)]))
                status = client.read_answer("POST").status
                assert status in (200, 400, 417, 431), (name, value[:20], status)
        # All at once, and each of them many times.
        fields = [(f"x-{n}", value) for n, (_, value) in enumerate(ODD) if len(value) < 60]
        assert chat(gateway, headers=fields).status in (200, 400)
        assert chat(gateway, headers=[("x-odd", "1")] * 90).status in (200, 400, 431)
        assert gateway.alive()


def test_p17_odd_headers_of_an_upstream_do_not_crash(gateway, upstream):
    ours = [("x-request-id", ""), ("x-request-id", "a" * 6000), ("retry-after", ""),
            ("x-ratelimit-remaining-requests", "-1"), ("x-ratelimit-reset-requests", "9" * 100),
            ("openai-processing-ms", "\xff"), ("x-ratelimit-" + "x" * 3000, "v"),
            ("cf-cache-status", " "), ("content-encoding", "identity"), ("date", "never"),
            ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "soon")]
    for name, value in ours:
        for status in (200, 503):
            body = None if status == 200 else {"error": {"message": "x"}}
            upstream.default = scripts.answer(body, status, [(name, value)])
            answer = chat(gateway, f"edge/m{len(name)}{status}")
            assert answer.status in (200, 502, 503), (name, value, answer)
    upstream.default = scripts.answer()
    assert chat(gateway).status == 200


def test_f65_the_requests_own_bytes_do_not_name_a_hop(gateway, upstream):
    """A body or query that names the header is text."""
    path = "/v1/chat/completions?x-signalbox-hop=a,b"
    with Client(gateway.port) as client:
        client.send(request("POST", path, chat_body(text="x-signalbox-hop: a\r\n\r\n")))
        assert client.read_answer("POST").status == 200
    assert "," not in upstream.requests[0].header("x-signalbox-hop")
