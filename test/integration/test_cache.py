"""The exact cache in the whole program: hits, streams given again, one call for many who ask at once,
and nobody served from it who should not be."""

import concurrent.futures
import resource

import pytest

from support import answers, scripts
from support.client import Client, chat, chat_body, chat_request, fetch, request
from support.gateway import Gateway, edge
from support.process import eventually
from support.upstream import Upstream

from .test_metrics import total

ASK = ("x-signalbox-cache-control", "cache")


@pytest.fixture(scope="module")
def shared_upstream():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = edge(shared_upstream.port)
    config["server"]["workers"] = 2
    config["cache"] = {"exact": {"enabled": "on"}}
    config["catalog"] = {"edge/gpt-4o-mini": {"prices": {"always": {"input": "1", "output": "2"}}}}
    with Gateway(config) as gateway:
        yield gateway


def test_an_equal_request_is_answered_byte_for_byte_without_a_call(gateway, upstream):
    first = chat(gateway, text="bytes", temperature=0.5)
    assert first.header("x-signalbox-cache") == "miss"
    body = (b'{ "temperature" : 5e-1, "messages": [ {"content":"b\\u0079tes","role":"user"} ],\n'
            b'"model":"edge/gpt-4o-mini", "user": "somebody" }')
    second = fetch(gateway, "POST", "/v1/chat/completions", body)
    assert len(upstream.requests) == 1
    assert (second.status, second.body) == (200, first.body)
    assert second.header("content-type") == first.header("content-type")
    assert second.header("x-signalbox-cache") == "hit"
    assert second.header("age") == "0"
    assert float(second.header("x-signalbox-cost-usd")) == 0
    assert float(first.header("x-signalbox-cost-usd")) > 0
    assert second.header("x-signalbox-saved-usd") == first.header("x-signalbox-cost-usd")
    assert second.header("x-signalbox-provider") == "edge"
    assert second.header("x-signalbox-request-id") != first.header("x-signalbox-request-id")


def test_every_part_of_a_request_counts(gateway, upstream):
    different = [{}, {"temperature": 0}, {"temperature": 1}, {"seed": 1}, {"max_tokens": 5},
                 {"stop": "x"}, {"tools": [{"type": "function", "function": {"name": "a"}}]},
                 {"tools": [{"type": "function", "function": {"name": "b"}}]},
                 {"model": "edge/gpt-4o"}, {"text": "another"}]
    for more in different:
        assert chat(gateway, **{"text": "parts", **more}).header("x-signalbox-cache") == "miss", more
    for more in different:
        assert chat(gateway, **{"text": "parts", **more}).header("x-signalbox-cache") == "hit", more
    assert len(upstream.requests) == len(different)


def test_a_stream_is_given_again_as_a_stream(gateway, upstream):
    upstream.default = scripts.stream()
    first = chat(gateway, text="stream", stream=True)
    second = chat(gateway, text="stream", stream=True)
    assert len(upstream.requests) == 1
    assert second.header("x-signalbox-cache") == "hit"
    assert second.header("content-type") == first.header("content-type")
    assert second.header("transfer-encoding") == "chunked"
    assert second.events() == first.events()
    assert second.events()[-1] == "[DONE]"
    upstream.default = scripts.answer()
    assert chat(gateway, text="stream").header("x-signalbox-cache") == "miss"


def test_a_failure_and_half_a_stream_are_not_kept(gateway, upstream):
    upstream.default = scripts.answer(answers.error("no", "invalid_request_error"), 400)
    assert [chat(gateway, text="fails").status for _ in range(2)] == [400, 400]
    upstream.default = scripts.stream([answers.sse(answers.delta({"content": "x"}))], end="close")
    for _ in range(2):
        assert "[DONE]" not in chat(gateway, text="half", stream=True).events()
    assert len(upstream.requests) == 4


def test_a_request_can_keep_out_of_it(gateway, upstream):
    chat(gateway, text="out")
    for field in [("x-signalbox-cache-control", "no-store"), ("cache-control", "no-store")]:
        assert chat(gateway, text="out", headers=[field]).header("x-signalbox-cache") == "bypass"
    for field in [("x-signalbox-cache-control", "no-cache"), ("cache-control", "no-cache")]:
        assert chat(gateway, text="out", headers=[field]).header("x-signalbox-cache") == "miss"
    assert len(upstream.requests) == 5
    wrong = chat(gateway, text="out", headers=[("x-signalbox-cache-control", "for ever")])
    assert wrong.status == 400 and b"x-signalbox-cache-control" in wrong.body


def test_by_default_only_those_who_ask_are_served(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        assert [chat(gateway).header("x-signalbox-cache") for _ in range(2)] == [None, None]
        found = [chat(gateway, headers=[ASK]).header("x-signalbox-cache") for _ in range(2)]
        assert found == ["miss", "hit"]
        assert chat(gateway).header("x-signalbox-cache") is None
        assert len(upstream.requests) == 4


def test_off_is_off(upstream):
    config = edge(upstream.port)
    config["cache"] = {"exact": {"enabled": "off"}}
    with Gateway(config) as gateway:
        for _ in range(2):
            assert chat(gateway, headers=[ASK]).header("x-signalbox-cache") is None
        assert len(upstream.requests) == 2


def test_a_thousand_at_once_make_one_call(gateway, upstream):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    upstream.default = scripts.answer(delay=2.0)
    clients = [Client(gateway.port, timeout=30) for _ in range(1000)]
    try:
        for client in clients:
            client.send(chat_request(text="stampede"))
        found = [client.read_answer() for client in clients]
    finally:
        for client in clients:
            client.close()
    assert len(upstream.requests) == 1
    assert {answer.status for answer in found} == {200}
    assert len({answer.body for answer in found}) == 1
    told = [answer.header("x-signalbox-cache") for answer in found]
    assert (told.count("miss"), told.count("hit")) == (1, 999)


@pytest.mark.parametrize("stream", [False, True])
def test_the_first_ones_leaving_does_not_hurt_the_others(gateway, upstream, stream):
    upstream.default = scripts.stream(first_delay=1.0) if stream else scripts.answer(delay=1.0)
    text = f"leaves {stream}"
    shared = total(gateway, "cache_shared_total")
    leader = Client(gateway.port)
    leader.send(chat_request(text=text, stream=stream))
    assert eventually(lambda: len(upstream.requests) == 1)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        others = [pool.submit(chat, gateway, text=text, stream=stream) for _ in range(8)]
        # In flight: those eight, the leader, and the one who looks.
        assert eventually(lambda: total(gateway, "signalbox_requests_in_flight") >= 9)
        leader.close()
        found = [other.result() for other in others]
    assert len(upstream.requests) == 1
    assert {answer.status for answer in found} == {200}
    assert all(answer.body == found[0].body for answer in found)
    assert total(gateway, "cache_shared_total") == shared + 8
    assert eventually(lambda: total(gateway, "signalbox_requests_in_flight") == 0)


def test_a_failure_is_shared_by_those_who_waited(gateway, upstream):
    upstream.default = scripts.answer(answers.error("no", "invalid_request_error"), 400, delay=0.7)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: chat(gateway, text="fails for all"), range(10)))
    assert {answer.status for answer in found} == {400}
    assert len(upstream.requests) <= 2, "all but a late one share the first's"


def test_what_follows_a_hit_on_its_connection_is_read_where_it_begins(gateway, upstream):
    """A body that comes after its answer could be sent must not become the next request."""
    chat(gateway, text="drain")
    smuggled = request("GET", "/nowhere")
    body = chat_body(text="drain", metadata={"x": smuggled.decode()})
    head = request("POST", "/v1/chat/completions", body)[:-len(body)]
    with Client(gateway.port) as client:
        client.send(head + body[:20])
        other = chat(gateway, text="drain")  # the half request is not answered meanwhile
        assert other.header("x-signalbox-cache") == "hit" and client.buffer == b""
        client.send(body[20:] + chat_request(text="drain") + request("GET", "/healthz"))
        for _ in range(2):
            answer = client.read_answer()
            assert answer.header("x-signalbox-cache") == "hit"
            assert answer.text() == "drain"
        assert client.read_answer().json() == {"status": "ok"}
    assert len(upstream.requests) == 1


def test_hits_are_counted(gateway, upstream):
    names = ("cache_hits_total", "cache_misses_total", "cache_saved_usd_total")
    before = [total(gateway, name) for name in names]
    for _ in range(3):
        chat(gateway, text="counted")
    after = [total(gateway, name) for name in names]
    assert after[0] == before[0] + 2
    assert after[1] == before[1] + 1
    assert after[2] > before[2]
    assert total(gateway, "cache_entries") >= 1
    assert 0 < total(gateway, "cache_bytes") <= 256 << 20
