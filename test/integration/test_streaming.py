"""R-07: streams end to end: nothing held back, usage counted, framing correct."""

import asyncio
import json
import statistics
import threading
import time

import pytest

from support import answers, scripts
from support.client import Client, chat, chat_request
from support.gateway import Gateway, edge
from support.process import eventually
from support.scale import FULL, SANITIZED, pick


def open_stream(gateway, *, timeout=10.0, **more):
    client = Client(gateway.port, timeout=timeout)
    client.send(chat_request(stream=True, **more))
    return client, client.read_head()


def test_headers_of_a_stream(gateway, upstream):
    upstream.default = scripts.stream()
    client, head = open_stream(gateway)
    with client:
        assert head.status == 200
        assert head.header("content-type").startswith("text/event-stream")
        assert head.header("transfer-encoding") == "chunked"
        assert head.header("content-length") is None
        assert head.header("x-signalbox-request-id").startswith("req_")
        assert head.header("x-signalbox-provider") == "edge"
        assert [f for _, f in client.frames(head)][-1] == answers.DONE
        assert not client.at_end(0.05), "a stream's end closes the connection"


def test_the_first_token_comes_before_the_second_is_made(gateway, upstream):
    """The upstream sends the next frame only when the client has the one before."""
    step = threading.Semaphore(0)

    async def script(conn, _):
        await conn.send(scripts.STREAM_HEAD)
        for frame in answers.frames(["a", "b", "c"]):
            await conn.send(scripts.chunk(frame))
            if frame != answers.DONE:
                assert await asyncio.to_thread(step.acquire, True, 5), "the frame is held back"
        await conn.send(b"0\r\n\r\n")

    upstream.default = script
    client, head = open_stream(gateway)
    with client:
        frames = client.frames(head)
        count = 0
        for _, frame in frames:
            count += 1
            step.release()
        assert count == 6


@pytest.mark.skipif(not FULL, reason="takes 15 s of quiet")
def test_a_quiet_stream_begins_before_its_first_token(gateway, upstream):
    upstream.default = scripts.stream([], end="hang")
    client, head = open_stream(gateway, timeout=20)
    with client:
        assert head.status == 200


def test_half_a_frame_is_sent_when_it_is_whole(gateway, upstream):
    """A frame cut by the network arrives whole, and only once."""
    frames = answers.frames(["split"])
    body = b"".join(frames)

    async def script(conn, _):
        await conn.send(scripts.STREAM_HEAD)
        for at in range(0, len(body), 7):
            await conn.send(scripts.chunk(body[at:at + 7]))
            await asyncio.sleep(0.001)
        await conn.send(b"0\r\n\r\n")

    upstream.default = script
    client, head = open_stream(gateway)
    with client:
        assert b"".join(f for _, f in client.frames(head)) == body


def test_pace_is_kept(gateway, upstream):
    """Frames 20 ms apart arrive 20 ms apart: none is held back to save calls."""
    count = pick(50, 500)
    upstream.default = scripts.stream(answers.frames(["x"] * count), pace=0.02)
    client, head = open_stream(gateway)
    with client:
        times = [at for at, _ in client.frames(head)]
    gaps = [b - a for a, b in zip(times, times[1:])][1:-2]
    assert 0.015 < statistics.median(gaps) < 0.03
    assert max(gaps) < 0.2, f"a stall of {max(gaps):.3f} s"


def test_usage_is_counted_though_nobody_asked(gateway, upstream):
    upstream.default = scripts.stream()
    answer = chat(gateway, stream=True)
    assert json.loads(upstream.requests[0].body)["stream_options"]["include_usage"] is True
    for event in answer.events()[:-1]:
        assert json.loads(event)["choices"] != [], "the usage chunk reached the client"
        assert not json.loads(event).get("usage")
    wanted = answer.header("x-signalbox-request-id")
    record = eventually(lambda: [r for r in gateway.settlements() if r["request_id"] == wanted])[0]
    assert record["streamed"] is True and record["outcome"] == "ok"
    assert (record["input_tokens"], record["output_tokens"]) == (11, 7)
    assert (record["cached_tokens"], record["reasoning_tokens"]) == (3, 2)


def test_usage_reaches_a_client_that_asked(gateway, upstream):
    upstream.default = scripts.stream()
    answer = chat(gateway, stream=True, stream_options={"include_usage": True})
    assert json.loads(answer.events()[-2]) == answers.usage_chunk()


def test_usage_in_the_last_content_chunk_stays_there(gateway, upstream):
    """Some upstreams put usage beside the last choices: that chunk must still arrive."""
    last = answers.sse({**answers.delta({}, "stop"), "usage": answers.USAGE})
    upstream.default = scripts.stream([*answers.frames(done=False)[:-1], last, answers.DONE])
    answer = chat(gateway, stream=True)
    assert json.loads(answer.events()[-2])["choices"][0]["finish_reason"] == "stop"
    wanted = answer.header("x-signalbox-request-id")
    record = eventually(lambda: [r for r in gateway.settlements() if r["request_id"] == wanted])[0]
    assert record["output_tokens"] == 7


def test_an_upstream_without_usage_is_estimated_not_zero(gateway, upstream):
    upstream.default = scripts.stream(answers.frames(["some", " words", " here"]))
    answer = chat(gateway, stream=True)
    wanted = answer.header("x-signalbox-request-id")
    record = eventually(lambda: [r for r in gateway.settlements() if r["request_id"] == wanted])[0]
    assert record["outcome"] == "ok"
    assert record["output_tokens"] is None or record["output_tokens"] > 0


def test_an_error_before_the_stream_is_an_ordinary_error(gateway, upstream):
    upstream.default = scripts.answer(answers.error("too long", "invalid_request_error"), 413)
    answer = chat(gateway, stream=True)
    assert answer.status == 413
    assert answer.header("content-type").startswith("application/json")
    assert answer.json()["error"]["message"] == "too long"


def test_a_whole_answer_to_a_streamed_question(gateway, upstream):
    """Some upstreams ignore `stream`: what came is passed on as what it is."""
    upstream.default = scripts.answer()
    answer = chat(gateway, text="whole", stream=True)
    assert answer.status == 200
    if answer.header("content-type").startswith("application/json"):
        assert answer.text() == "whole"


def test_comments_of_the_upstream_do_no_harm(gateway, upstream):
    frames = [b": OPENROUTER PROCESSING\n\n", *answers.frames(), b": bye\n\n"]
    upstream.default = scripts.stream(frames)
    answer = chat(gateway, stream=True)
    assert answer.events()[-1] == "[DONE]"


def test_many_streams_at_once(upstream):
    """Every frame of every stream, in order, on one worker."""
    count, words = pick(200, 1000), 20
    upstream.default = scripts.stream(answers.frames([f"w{n} " for n in range(words)]), pace=0.02)

    async def one(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(chat_request(stream=True))
        body = await asyncio.wait_for(reader.readuntil(b"[DONE]\n\n"), 30)
        writer.close()
        return body.count(b'"content": "w')

    async def all_of_them(port):
        return await asyncio.gather(*(one(port) for _ in range(count)))

    with Gateway(edge(upstream.port)) as gateway:
        chat(gateway, "sim/echo")
        before = gateway.rss_kib()
        counts = asyncio.run(all_of_them(gateway.port))
        grown = gateway.rss_kib() - before
    assert counts == [words] * count
    assert SANITIZED or grown < 100 * count, f"{grown / count:.0f} KiB per stream"


def test_http_1_0_clients_get_a_stream_until_close(gateway, upstream):
    upstream.default = scripts.stream()
    with Client(gateway.port) as client:
        client.send(chat_request(stream=True).replace(b"HTTP/1.1", b"HTTP/1.0", 1))
        answer = client.read_answer("POST")
        assert answer.header("transfer-encoding") is None
        assert answer.events()[-1] == "[DONE]"


@pytest.mark.parametrize("model", ["sim/echo", "auto"])
def test_sim_streams(sim_gateway, model):
    answer = chat(sim_gateway, model, "count to three", stream=True)
    assert answer.events()[-1] == "[DONE]"
    deltas = [json.loads(e)["choices"][0]["delta"] for e in answer.events()[:-1]]
    assert deltas[0].get("role") == "assistant"
    if model == "sim/echo":
        assert "".join(d.get("content") or "" for d in deltas) == "count to three"


def test_time_to_first_token_is_not_the_streams_length(gateway, upstream):
    upstream.default = scripts.stream(answers.frames(["x"] * 50), pace=0.02)
    began = time.monotonic()
    client, head = open_stream(gateway)
    with client:
        at, _ = next(client.frames(head))
    assert at - began < 0.25
