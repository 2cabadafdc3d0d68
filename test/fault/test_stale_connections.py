"""F10: pooled connections that the upstream closed in the meantime."""

import asyncio

from support import scripts
from support.client import Client, chat, chat_request
from support.recovery import recovers
from support.scale import pick

from fault.faults import assert_error, of_request


def answer_then_close():
    """A keep-alive answer, and the connection closed behind it without a word."""

    async def script(conn, request):
        await scripts.answer()(conn, request)
        conn.close()

    return script


def close_on_reuse(after: bytes = b"", reset: bool = False):
    """Answers a connection's first request; at the second one closes instead."""

    async def script(conn, request):
        if len(conn.requests) == 1:
            await scripts.answer()(conn, request)
            return
        if after:
            await conn.send(after)
            await asyncio.sleep(0.02)
        conn.reset() if reset else conn.close()

    return script


def test_f10_upstream_closes_after_each_answer(gateway, upstream):
    count = pick(500, 10_000)
    with recovers(gateway, upstream):
        upstream.default = answer_then_close()
        with Client(gateway.port) as client:
            for number in range(count):
                client.send(chat_request("edge/m", f"n{number}"))
                answer = client.read_answer()
                assert answer.status == 200, f"request {number}: {answer.body[:200]}"
                assert answer.text() == f"n{number}"


def test_f10_upstream_closes_when_the_next_request_comes(gateway, upstream):
    """The race itself: the request is under way when the connection ends."""
    count = pick(200, 2_000)
    for reset in (False, True):
        upstream.drop_all()
        upstream.default = close_on_reuse(reset=reset)
        for number in range(count // 2):
            answer = chat(gateway, text=f"n{number}")
            assert answer.status == 200, f"request {number}: {answer.body[:200]}"
            assert answer.text() == f"n{number}"


def test_f10_the_first_attempt_is_booked_as_uncertain(gateway, upstream):
    upstream.default = close_on_reuse()
    chat(gateway)
    answer = chat(gateway)
    settled = of_request(gateway, answer.header("x-signalbox-request-id"))
    outcomes = [(r["attempt"], r["outcome"]) for r in settled]
    assert [outcome for _, outcome in outcomes] == ["uncertain", "ok"], outcomes
    assert outcomes[0][0] != outcomes[1][0], "both attempts have the same number"


def test_f10_a_fresh_connection_that_closes_is_not_repeated(gateway, upstream):
    upstream.drop_all()
    upstream.forget()
    upstream.default = scripts.close()
    assert_error(chat(gateway), 502)
    assert len(upstream.requests) == 1


def test_f10_a_reused_one_with_a_byte_of_an_answer_is_not_repeated(gateway, upstream):
    upstream.default = close_on_reuse(after=b"HTTP/1.1 2")
    chat(gateway)
    upstream.requests.clear()
    assert_error(chat(gateway), 502)
    assert len(upstream.requests) == 1


def test_f10_repeats_once_and_no_more(gateway, upstream):
    chat(gateway)
    upstream.requests.clear()
    upstream.default = scripts.close()
    assert_error(chat(gateway), 502)
    assert len(upstream.requests) == 2, "the reused one and one fresh one"


def test_f10_a_stream_on_a_stale_connection(gateway, upstream):
    async def script(conn, request):
        if len(conn.requests) > 1:
            return conn.close()
        await scripts.stream()(conn, request)

    upstream.default = script
    with Client(gateway.port) as client:
        for _ in range(20):
            client.send(chat_request(stream=True))
            answer = client.read_answer()
            assert answer.status == 200 and answer.events()[-1] == "[DONE]"


def test_f10_idle_connections_closed_by_the_upstream_are_let_go(gateway, upstream):
    chat(gateway)
    before = gateway.fd_count()
    upstream.drop_all()
    from support.process import eventually
    assert eventually(lambda: gateway.fd_count() < before), "a dead connection stays in the pool"
