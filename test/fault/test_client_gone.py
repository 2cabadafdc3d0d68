"""F11, F12: clients that leave, or only stop sending."""

import asyncio
import json
import socket
import struct
import time

import pytest

from support import answers, scripts
from support.client import Client, chat_request
from support.gateway import Gateway, edge
from support.process import eventually
from support.recovery import recovers
from support.scale import pick

from fault.faults import booked, known_ids

BODY = scripts.whole(json.dumps(answers.completion("x" * 400)).encode())
ROLE = answers.frames(done=False)[0]
TOKEN = answers.sse(answers.delta({"content": "tok"}))


def silent(stream: bool, begun: bool):
    """An upstream that stops before or after its first bytes and waits."""
    if not begun:
        return scripts.hang()
    if stream:
        return scripts.stream([ROLE, TOKEN], end="hang")
    return scripts.partial(BODY[:-100])


def talking():
    """An upstream that sends a token every 10 ms for ever."""
    return scripts.endless(TOKEN, 0.01)


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    with Gateway(edge(shared_upstream.port)) as gateway:
        yield gateway


async def open_call(port: int, stream: bool):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(chat_request("edge/m", "leaving", stream=stream))
    await writer.drain()
    return reader, writer


def hang_up(writer, how: str) -> float:
    """Closes with FIN or RST and says when."""
    if how == "rst":
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                                   struct.pack("ii", 1, 0))
        writer.transport.abort()
    else:
        writer.close()
    return time.monotonic()


async def leave_many(port: int, upstream, count: int, at_once: int, stream: bool, begun: bool,
                     how: str) -> float:
    """Opens calls, waits until the upstream has every one, leaves them; when the last one left."""
    last, done = 0.0, len(upstream.requests)
    while count:
        batch = [await open_call(port, stream) for _ in range(min(count, at_once))]
        count -= len(batch)
        done += len(batch)
        end = time.monotonic() + 5
        while len(upstream.requests) < done and time.monotonic() < end:
            await asyncio.sleep(0.005)
        if begun and stream:
            for reader, _ in batch:
                await asyncio.wait_for(reader.readuntil(b"tok"), 5)
        elif begun:
            await asyncio.sleep(0.05)  # the half body may be on its way; nothing depends on it
        for _, writer in batch:
            last = hang_up(writer, how)
        await asyncio.sleep(0)
    return last


SHAPES = [(stream, begun, how) for stream in (False, True) for begun in (False, True)
          for how in ("fin", "rst")]


def shape_name(shape) -> str:
    stream, begun, how = shape
    return f"{'stream' if stream else 'whole'}-{'after' if begun else 'before'}-{how}"


@pytest.mark.parametrize("shape", SHAPES, ids=shape_name)
def test_f12_client_gone(gateway, upstream, shape):
    stream, begun, how = shape
    count = pick(13, 125)
    with recovers(gateway, upstream, warm=20, rss_kib=2048):
        known = known_ids(gateway)
        upstream.drop_all()
        upstream.forget()
        upstream.default = silent(stream, begun)
        left = asyncio.run(leave_many(gateway.port, upstream, count, 25, stream, begun, how))
        calls = [c for c in upstream.connections if c.requests]
        assert len(calls) == count, "not every call had reached the upstream"
        eventually(lambda: not upstream.open_connections(), 3)
        assert not upstream.open_connections(), "calls still run after 3 s"
        late = max(c.closed_at for c in calls) - left
        assert late <= 1.0, f"the last upstream call ended {late:.2f} s after its client left"
        assert all(c.by_peer for c in calls)
        assert len(upstream.requests) == count, "a call was repeated for nobody"
        settled = [r for r in booked(gateway, len(known) + count)
                   if r["request_id"] not in known]
        assert len(settled) == count, f"{len(settled)} settlements for {count} calls"
        assert {r["outcome"] for r in settled} == {"cancelled"}, settled[:3]


def test_f12_client_gone_mid_stream_while_tokens_come(gateway, upstream):
    """Bytes the upstream sent, tokens the ledger booked: the same order of size."""
    count = pick(20, 200)
    with recovers(gateway, upstream, warm=20, rss_kib=2048):
        known = known_ids(gateway)
        upstream.drop_all()
        upstream.forget()
        upstream.default = talking()
        left = asyncio.run(leave_many(gateway.port, upstream, count, 20, True, True, "fin"))
        assert eventually(lambda: not upstream.open_connections(), 3)
        assert max(c.closed_at for c in upstream.connections) - left <= 1.0
        settled = [r for r in booked(gateway, len(known) + count)
                   if r["request_id"] not in known]
        assert len(settled) == count
        assert all(r["outcome"] == "cancelled" for r in settled)
        sent = sum(c.bytes_out for c in upstream.connections) // len(scripts.chunk(TOKEN))
        tokens = sum(r["output_tokens"] or 0 for r in settled)
        assert 0 < tokens <= sent, f"{tokens} tokens booked, {sent} sent"


def test_f12_by_policy_the_upstream_is_drained(upstream):
    """`on_disconnect: drain` reads the answer to its end, so that the usage is exact."""
    upstream.default = scripts.stream(answers.frames(["x"] * 20, usage=True), pace=0.02)
    with Gateway(edge(upstream.port, on_disconnect="drain")) as gateway:
        asyncio.run(leave_many(gateway.port, upstream, 1, 1, True, False, "fin"))
        settled = booked(gateway, 1)
        assert len(settled) == 1
        assert settled[0]["output_tokens"] == answers.USAGE["completion_tokens"]
        assert settled[0]["input_tokens"] == answers.USAGE["prompt_tokens"]
        assert not upstream.connections[0].by_peer or upstream.connections[0].bytes_out > 2000


def test_f12_leaving_while_a_large_body_is_sent(gateway, upstream):
    """Gone before the request was whole: nothing reaches the upstream, nothing is booked."""
    with recovers(gateway, upstream):
        known = known_ids(gateway)
        upstream.forget()
        for _ in range(20):
            with Client(gateway.port) as client:
                client.send(chat_request("edge/m", "x" * 10000)[:5000])
        time.sleep(0.2)
        assert not upstream.requests
        assert known_ids(gateway) == known


@pytest.mark.parametrize("stream", [False, True])
def test_f11_half_closed_client_gets_its_answer(gateway, upstream, stream):
    with recovers(gateway, upstream):
        upstream.default = scripts.stream(first_delay=0.5) if stream else scripts.answer(delay=0.5)
        with Client(gateway.port) as client:
            client.send(chat_request(text="half", stream=stream))
            client.half_close()
            answer = client.read_answer()
            assert answer.status == 200, answer
            if stream:
                assert answer.events()[-1] == "[DONE]"
            else:
                assert answer.text() == "half"
            assert client.at_end(), "nothing more can come from this client"


def test_f11_half_closed_in_the_middle_of_a_stream(gateway, upstream):
    upstream.default = scripts.stream(answers.frames(["x"] * 20), pace=0.02)
    with Client(gateway.port) as client:
        client.send(chat_request(stream=True))
        head = client.read_head()
        frames = client.frames(head)
        next(frames)
        client.half_close()
        assert list(frames)[-1][1] == answers.DONE


def test_f11_half_closed_with_an_error_answer(gateway, upstream):
    upstream.default = scripts.answer(answers.error("busy", "rate_limit"), 429, delay=0.4)
    with Client(gateway.port) as client:
        client.send(chat_request())
        client.half_close()
        assert client.read_answer().status == 429


def test_f11_half_closed_before_the_body_is_whole(gateway, upstream):
    with recovers(gateway, upstream):
        with Client(gateway.port) as client:
            client.send(chat_request()[:-10])
            client.half_close()
            rest = client.read_rest(3)
            assert rest == b"" or rest.startswith(b"HTTP/1.1 4"), rest[:100]
