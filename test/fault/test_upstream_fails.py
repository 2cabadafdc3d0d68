"""F1-F6: an upstream that resets, cuts, hangs, stalls or drips."""

import json
import socket
import threading
import time

import pytest

from support import answers, scripts
from support.client import chat
from support.process import eventually
from support.recovery import recovers
from support.scale import FULL, pick

from fault.conftest import FIRST_BYTE, IDLE, TOTAL
from fault.faults import (assert_error, assert_error_event, known_ids, last_settlement, of_request,
                     run_stream)

WORDS = answers.frames(done=False)[:4]  # the role, then "Hel", "lo", " there"


def test_f1_reset_before_the_first_byte(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.drop_all()
        upstream.forget()
        upstream.default = scripts.reset()
        answer = chat(gateway)
        assert_error(answer, 502)
        assert len(upstream.requests) == 1, "a fresh connection's failure was repeated"
    settled = of_request(gateway, answer.header("x-signalbox-request-id"))
    assert [r["outcome"] for r in settled] in (["failed"], ["uncertain"]), settled


def test_f1_reset_before_the_first_byte_of_a_stream(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.drop_all()
        upstream.default = scripts.reset()
        seen = run_stream(gateway)
        assert_error(seen.head, 502)


def test_f1_reset_in_the_middle_of_the_head(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.default = scripts.reset(b"HTTP/1.1 200 O")
        assert_error(chat(gateway), 502)


def test_f1_connection_refused(gateway, upstream):
    from support.gateway import Gateway, alone, edge
    from support.upstream import Upstream

    with Upstream() as gone:
        port = gone.port
    with Gateway(alone(edge(port))) as lonely:
        began = time.monotonic()
        answer = chat(lonely)
        assert_error(answer, 502)
        assert time.monotonic() - began < 1
        assert lonely.alive()


def test_an_upstream_that_refuses_a_body_before_it_has_read_it():
    """Its refusal is the answer, although it closes and most of the body never leaves."""
    from support.gateway import Gateway, alone, edge

    refusal = answers.error("too long for me", "invalid_request_error", "too_long")

    def serve(listener):
        connection, _ = listener.accept()
        connection.recv(1000)
        connection.sendall(scripts.whole(json.dumps(refusal).encode(), 413))
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        with Gateway(alone(edge(listener.getsockname()[1]))) as lonely:
            answer = chat(lonely, text="x" * 8_000_000)
            thread.join()
            assert answer.status == 413, answer.body
            assert answer.json() == refusal
            settled = of_request(lonely, answer.header("x-signalbox-request-id"))
            assert [(r["outcome"], r["status"]) for r in settled] == [("failed", 413)], settled


@pytest.mark.parametrize("end", ["reset", "close", "cut"])
def test_f2_f3_stream_ends_without_done(gateway, upstream, end):
    with recovers(gateway, upstream):
        known = known_ids(gateway)
        upstream.forget()
        upstream.default = scripts.stream(WORDS, end=end)
        seen = run_stream(gateway)
        assert seen.head.status == 200
        assert seen.text() == "Hello there", seen.data()
        assert_error_event(seen)
        assert len(upstream.requests) == 1, "the stream was repeated silently"
        settled = last_settlement(gateway, known)
        assert settled["outcome"] == "failed", settled
        assert settled["streamed"] is True
        assert settled["output_tokens"], f"tokens so far are not booked: {settled}"


def test_f2_reset_mid_stream_many_times(gateway, upstream):
    count = pick(60, 1000)
    with recovers(gateway, upstream, warm=20):
        upstream.default = scripts.stream(WORDS, end="reset")
        for _ in range(count):
            seen = run_stream(gateway)
            assert_error_event(seen)


def test_f3_a_done_without_the_last_chunk_is_a_whole_answer(gateway, upstream):
    """Some upstreams close right after `[DONE]`: the answer is complete all the same."""
    upstream.default = scripts.stream(end="close")
    seen = run_stream(gateway)
    assert seen.data()[-1] == "[DONE]"
    assert seen.error() is None


def test_f3_nothing_but_a_head_then_closed(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.default = scripts.stream([], end="close")
        seen = run_stream(gateway)
        if seen.head.status == 200:
            assert_error_event(seen)
        else:
            assert_error(seen.head, 502)


@pytest.mark.parametrize("stream", [False, True])
def test_f4_accepts_and_never_answers(gateway, upstream, stream):
    with recovers(gateway, upstream):
        upstream.default = scripts.hang()
        began = time.monotonic()
        answer = chat(gateway, stream=stream)
        took = time.monotonic() - began
        assert_error(answer, 504)
        assert FIRST_BYTE * 0.9 <= took <= FIRST_BYTE * 1.1 + 0.1, f"{took:.2f} s"
        assert eventually(lambda: not upstream.open_connections(), 0.5), "the call was kept"


def test_f4_half_a_head_then_silence(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.default = scripts.partial(b"HTTP/1.1 200 OK\r\nContent-Ty")
        began = time.monotonic()
        assert_error(chat(gateway), 504)
        assert time.monotonic() - began <= FIRST_BYTE * 1.1 + 0.1


def test_f4_does_not_accept(upstream):
    """A listener whose backlog is full: the connect limit counts."""
    import socket

    from support.gateway import Gateway, alone, edge

    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
        fillers.append(filler)
    time.sleep(0.1)
    config = edge(full.getsockname()[1], timeouts={"connect": "500ms"})
    with Gateway(alone(config)) as gateway:
        began = time.monotonic()
        answer = chat(gateway)
        took = time.monotonic() - began
        assert answer.status in (502, 504), answer
        assert 0.4 <= took <= 1.0, f"{took:.2f} s"
    for sock in (*fillers, full):
        sock.close()


def test_f5_stream_stalls(gateway, upstream):
    with recovers(gateway, upstream):
        known = known_ids(gateway)
        upstream.default = scripts.stream(WORDS, end="hang")
        seen = run_stream(gateway)
        assert_error_event(seen)
        stalled = seen.took
        assert IDLE * 0.9 <= stalled <= IDLE * 1.1 + 0.3, f"{stalled:.2f} s"
        assert last_settlement(gateway, known)["outcome"] == "failed"


def test_f5_a_body_stalls(gateway, upstream):
    """Not streamed: the head promised more than came."""
    body = json.dumps(answers.completion("x" * 500)).encode()
    with recovers(gateway, upstream):
        upstream.default = scripts.partial(scripts.whole(body)[:-100])
        began = time.monotonic()
        try:
            answer = chat(gateway)
            assert answer.status in (502, 504), answer
        except Exception as error:  # begun, then cut: the client sees that it is not complete
            assert type(error).__name__ in ("Closed", "ConnectionResetError"), error
        assert time.monotonic() - began <= IDLE * 1.1 + 0.3


@pytest.mark.skipif(not FULL, reason="keep-alive comments take longer than the quick run")
def test_f5_comments_keep_a_quiet_stream_alive(upstream):
    from support.gateway import Gateway, alone, edge

    upstream.default = scripts.stream(WORDS, end="hang")
    with Gateway(edge(upstream.port, timeouts={"idle": "40s"})) as gateway:
        seen = run_stream(gateway, timeout=60)
        assert any(frame.startswith(b":") for frame in seen.frames), "no comment in 40 s"


def test_f6_drip_for_ever_ends_at_the_total_limit(gateway, upstream):
    body = json.dumps(answers.completion("x" * 2000)).encode()
    with recovers(gateway, upstream):
        whole = scripts.whole(body)
        start = whole.index(b"{")

        async def script(conn, request):
            await conn.send(whole[:start])
            await scripts.drip(whole[start:], 0.05)(conn, request)

        upstream.default = script
        began = time.monotonic()
        try:
            answer = chat(gateway)
            assert answer.status in (502, 504), answer
        except Exception as error:
            assert type(error).__name__ in ("Closed", "ConnectionResetError"), error
        took = time.monotonic() - began
        assert TOTAL * 0.9 <= took <= TOTAL * 1.1 + 0.3, f"{took:.2f} s"


def test_f6_a_dripping_head_ends_at_the_first_byte_or_total_limit(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.default = scripts.drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 1000, 0.05)
        began = time.monotonic()
        assert_error(chat(gateway), 504)
        assert time.monotonic() - began <= TOTAL * 1.1 + 0.3


def test_f6_a_stream_without_end_stops_at_the_total_limit(gateway, upstream):
    with recovers(gateway, upstream):
        upstream.default = scripts.endless(answers.sse(answers.delta({"content": "x"})), 0.05)
        seen = run_stream(gateway)
        assert_error_event(seen)
        assert TOTAL * 0.9 <= seen.took <= TOTAL * 1.1 + 0.3, f"{seen.took:.2f} s"
