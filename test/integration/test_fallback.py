"""Fallback as a caller sees it: what fails before the first token is not seen, what fails after it
is said, and either way the ledger holds what was used and what it cost."""

import json
import socket
import time

import pytest

from support import answers, scripts
from support.client import chat, fetch
from support.gateway import Gateway, edge, fleet
from support.steady import Steady, failures
from support.process import eventually
from support.upstream import Upstream

from fault.faults import assert_error_event, of_request, run_stream

OOPS = answers.error("out of order", "server_error")


@pytest.fixture
def first():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def second():
    with Upstream() as upstream:
        yield upstream


def pair(first, second, *, retry=None, **settings) -> dict:
    config = fleet({"first": first.port, "second": second.port}, **settings)
    config["retry"] = {"attempts_per_target": 1, **(retry or {})}
    return config


def broken_frames(kind: str) -> list[bytes]:
    """Streams that fail before they say anything."""
    return {"error": [answers.sse(OOPS)], "empty": [], "comment": [b": wait\n\n"],
            "only-usage": [answers.sse(answers.usage_chunk())]}[kind]


BEFORE = {
    "status-500": scripts.answer(OOPS, 500),
    "status-503-html": scripts.raw(scripts.whole(b"<html>", 503, kind="text/html")),
    "status-529": scripts.answer(OOPS, 529),
    "status-401": scripts.answer(OOPS, 401),
    "status-408": scripts.answer(OOPS, 408),
    "status-429": scripts.answer(OOPS, 429, [("Retry-After", "20")]),
    "redirect": scripts.answer({}, 302, [("Location", "http://127.0.0.1:1/")]),
    "reset": scripts.reset(),
    "half-a-head": scripts.close(b"HTTP/1.1 200 O"),
    "no-http": scripts.raw(b"SSH-2.0-OpenSSH_9.2\r\n", close=True),
    "not-json": scripts.raw(scripts.whole(b"<html>", 200, kind="text/html")),
    "half-a-body": scripts.close(scripts.whole(b"x" * 500)[:-100]),
    "hang": scripts.hang(),
    "half-a-body-then-nothing": scripts.partial(scripts.whole(b"x" * 500)[:-100]),
}


STREAMS = ["status-500", "reset", "hang", "error", "empty", "comment"]


def first_does(kind: str):
    return BEFORE.get(kind) or scripts.stream(broken_frames(kind), end="close")


@pytest.fixture(scope="module")
def failing():
    """One gateway; the first provider fails as the model's name says. (401 would shut its key.)"""
    kinds = sorted(set(BEFORE) - {"status-401"} | set(STREAMS))
    with Upstream() as first, Upstream() as second:
        first.default = scripts.by_model({kind: first_does(kind) for kind in kinds})
        second.default = scripts.by_streaming()
        config = pair(first, second, timeouts={"connect": "1s", "first_byte": "400ms",
                                               "idle": "400ms", "total": "3s"})
        config["breaker"] = {"failures": 10000, "min_calls": 100000}
        config["models"] = {kind: {"targets": [f"first/{kind}", f"second/{kind}"]}
                            for kind in kinds}
        with Gateway(config) as gateway:
            gateway.drop_first = first.drop_all  # else a reset may be a stale connection's
            yield gateway


def assert_fell_back(gateway, answer):
    assert answer.status == 200, answer.body
    assert answer.header("x-signalbox-provider") == "second"
    assert answer.header("x-signalbox-fallbacks") == "1"
    assert answer.header("retry-after") is None, "the first one's words"
    settled = of_request(gateway, answer.header("x-signalbox-request-id"))
    assert [(r["attempt"], r["provider"], r["outcome"]) for r in settled] == [
        (1, "first", "failed"), (2, "second", "ok")], settled


@pytest.mark.parametrize("kind", sorted(set(BEFORE) - {"status-401"}))
def test_what_fails_before_the_answer_is_not_seen(failing, kind):
    failing.drop_first()
    answer = chat(failing, kind, "whole")
    assert_fell_back(failing, answer)
    assert answer.text() == "whole"


@pytest.mark.parametrize("kind", STREAMS)
def test_what_fails_before_the_first_token_is_not_seen(failing, kind):
    failing.drop_first()
    answer = chat(failing, kind, stream=True)
    assert_fell_back(failing, answer)
    frames = [f.decode()[6:-2] for f in answers.frames(usage=True)]
    assert answer.events() == frames[:-2] + frames[-1:], "a part of another, or its usage"


def test_a_refused_key_is_not_seen(first, second):
    first.default = BEFORE["status-401"]
    with Gateway(pair(first, second)) as gateway:
        assert_fell_back(gateway, chat(gateway, "any"))


def test_the_first_ones_headers_are_not_on_the_seconds_answer(first, second):
    first.default = scripts.answer(OOPS, 500, [("x-request-id", "of-the-first"),
                                               ("x-ratelimit-remaining-requests", "1")])
    with Gateway(pair(first, second)) as gateway:
        answer = chat(gateway, "any")
        assert answer.status == 200
        assert not answer.all("x-request-id") and not answer.all("x-ratelimit-remaining-requests")


def test_a_callers_own_mistake_is_not_tried_elsewhere(first, second):
    mine = answers.error("no such parameter", "invalid_request_error", "unknown_parameter", "top_k")
    first.default = scripts.answer(mine, 400)
    with Gateway(pair(first, second)) as gateway:
        answer = chat(gateway, "any")
        assert (answer.status, answer.json()) == (400, mine)
        assert answer.header("x-signalbox-fallbacks") is None
        assert not second.requests


def priced(first, second) -> dict:
    """gpt-4o-mini: 0.15, 0.075 (cached) and 0.60 dollars a million."""
    return pair(first, second, model="gpt-4o-mini", vendor="openai")


WORDS = answers.frames(done=False)[:4]  # the role, then "Hel", "lo", " there"


@pytest.mark.parametrize("end", ["reset", "close", "cut"])
def test_after_the_first_token_the_stream_ends_with_an_error_and_is_priced(first, second, end):
    """Without usage from the vendor what came through is counted: it is billed all the same."""
    first.default = scripts.stream(WORDS, end=end)
    config = priced(first, second)
    config["models"]["edge/gpt-4o-mini"] = config["models"].pop("any")  # as run_stream asks
    with Gateway(config) as gateway:
        seen = run_stream(gateway, "Say hello there.")
        assert_error_event(seen)
        assert seen.text() == "Hello there"
        assert not second.requests, "a stream that has begun was repeated"
        settled = of_request(gateway, seen.head.header("x-signalbox-request-id"))
        assert len(settled) == 1
        record = settled[0]
        assert (record["outcome"], record["provider"]) == ("failed", "first")
        assert record["usage_from"] in ("counted", "estimated", "estimate"), record
        assert record["output_tokens"] >= 3 and record["input_tokens"] >= 4, record
        exact = record["input_tokens"] * 150 + record["output_tokens"] * 600
        assert round(record["cost_usd"] * 1e9) == exact, record
        told = fetch(gateway, "GET", f"/api/requests/{record['request_id']}").json()
        assert told["cost_usd"] == record["cost_usd"] and len(told["attempts"]) == 1


def test_after_the_vendor_has_said_what_was_used_that_is_booked(first, second):
    """The stream breaks behind its usage: 11 in, of them 3 cached, 7 out."""
    first.default = scripts.stream(WORDS + [answers.sse(answers.usage_chunk())], end="reset")
    with Gateway(priced(first, second)) as gateway:
        answer = chat(gateway, "any", stream=True)
        assert "[DONE]" not in answer.events()
        record = of_request(gateway, answer.header("x-signalbox-request-id"))[0]
        assert (record["input_tokens"], record["output_tokens"]) == (11, 7), record
        assert record["usage_from"] == "vendor" and record["outcome"] == "failed"
        assert round(record["cost_usd"] * 1e9) == 8 * 150 + 3 * 75 + 7 * 600, record


def test_a_request_that_fell_back_costs_what_both_cost(first, second):
    """A timeout after the head may be billed; a refused call is not. The story tells the sum."""
    first.default = scripts.answer(OOPS, 500)
    with Gateway(priced(first, second)) as gateway:
        answer = chat(gateway, "any")
        expected = 8 * 150 + 3 * 75 + 7 * 600
        assert round(float(answer.header("x-signalbox-cost-usd")) * 1e9) == expected
        told = fetch(gateway, "GET",
                     f"/api/requests/{answer.header('x-signalbox-request-id')}").json()
        assert [a["cost_usd"] for a in told["attempts"]] == [0, expected / 1e9], told
        assert round(told["cost_usd"] * 1e9) == expected and told["outcome"] == "ok"


ZERO = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


@pytest.mark.parametrize("stream", [False, True])
def test_p41_an_explicit_zero_is_not_replaced_by_an_estimate(first, second, stream):
    if stream:
        usage = dict(answers.usage_chunk(), usage=ZERO)
        first.default = scripts.stream(answers.frames(done=False) + [answers.sse(usage),
                                                                     answers.DONE])
    else:
        first.default = scripts.answer(dict(answers.completion("hello"), usage=ZERO))
    with Gateway(priced(first, second)) as gateway:
        answer = chat(gateway, "any", stream=stream)
        record = of_request(gateway, answer.header("x-signalbox-request-id"))[0]
        assert (record["input_tokens"], record["output_tokens"]) == (0, 0), record
        assert record["usage_from"] == "vendor" and record["cost_usd"] == 0, record


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None, "completion_tokens": None}])
def test_p41_what_is_not_said_is_not_zero(first, second, usage):
    first.default = scripts.answer(dict(answers.completion("hello there"), usage=usage))
    with Gateway(priced(first, second)) as gateway:
        answer = chat(gateway, "any")
        record = of_request(gateway, answer.header("x-signalbox-request-id"))[0]
        assert record["input_tokens"] > 0 and record["output_tokens"] > 0, record
        assert record["usage_from"] != "vendor" and record["cost_usd"] > 0, record


TOO_LONG = answers.error("This model's maximum context length is 8192 tokens.",
                         "invalid_request_error", "context_length_exceeded", "messages")


def with_contexts(first, second, *sizes) -> dict:
    config = pair(first, second)
    config["catalog"] = {f"{name}/m": {"context": size}
                         for name, size in zip(("first", "second"), sizes) if size}
    return config


def test_a_prompt_that_is_too_long_goes_to_a_longer_context(first, second):
    first.default = scripts.answer(TOO_LONG, 400)
    with Gateway(with_contexts(first, second, 8192, 131072)) as gateway:
        answer = chat(gateway, "any", "long")
        assert answer.text() == "long"
        assert answer.header("x-signalbox-fallbacks") == "1"


@pytest.mark.parametrize("sizes", [(8192, 8192), (8192, 4096), (8192, 0)])
def test_a_prompt_that_is_too_long_goes_nowhere_else(first, second, sizes):
    """Not to one that takes no more, nor to one of which nobody knows: the caller is told."""
    first.default = scripts.answer(TOO_LONG, 400)
    with Gateway(with_contexts(first, second, *sizes)) as gateway:
        answer = chat(gateway, "any")
        assert (answer.status, answer.json()) == (400, TOO_LONG)
        assert not second.requests


# Deadlines: (timeouts, what the first one does, how long the fallback may take)
DEADLINES = {
    "first_byte": ({"first_byte": "300ms"}, scripts.hang(), (0.3, 1.0)),
    "idle-before-the-first-token": ({"idle": "300ms"}, scripts.stream([], end="hang"), (0.3, 1.0)),
    "idle-in-a-body": ({"idle": "300ms"}, scripts.partial(scripts.whole(b"x" * 99)[:-9]),
                       (0.3, 1.0)),
    "share-of-the-total": ({"first_byte": "10s", "total": "1s"}, scripts.hang(), (0.6, 1.0)),
}


@pytest.mark.parametrize("kind", sorted(DEADLINES))
def test_a_deadline_falls_back(first, second, kind):
    timeouts, script, (least, most) = DEADLINES[kind]
    first.default = script
    second.default = scripts.stream() if "token" in kind else scripts.answer()
    with Gateway(pair(first, second, timeouts=timeouts)) as gateway:
        began = time.monotonic()
        answer = chat(gateway, "any", stream="token" in kind)
        took = time.monotonic() - began
        assert answer.status == 200, answer.body
        assert answer.header("x-signalbox-provider") == "second"
        assert least * 0.9 <= took <= most, f"{took:.2f} s"
        assert eventually(lambda: not first.open_connections(), 1), "the first call was kept"


def test_a_connection_that_nobody_accepts_falls_back(second):
    """A listener whose backlog is full: the connect limit ends the first attempt."""
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
    config = fleet({"first": full.getsockname()[1], "second": second.port},
                   timeouts={"connect": "300ms"})
    config["retry"] = {"attempts_per_target": 1}
    with Gateway(config) as gateway:
        began = time.monotonic()
        answer = chat(gateway, "any")
        took = time.monotonic() - began
        assert answer.status == 200 and answer.header("x-signalbox-provider") == "second"
        assert 0.25 <= took <= 0.8, f"{took:.2f} s"
    for sock in (*fillers, full):
        sock.close()


def test_the_callers_own_limit_holds_over_all_attempts(first, second):
    first.default = second.default = scripts.hang()
    with Gateway(pair(first, second)) as gateway:
        began = time.monotonic()
        answer = chat(gateway, "any", headers=[("x-signalbox-max-latency", "500ms")])
        took = time.monotonic() - began
        assert answer.status == 504, answer
        assert 0.45 <= took <= 0.8, f"{took:.2f} s"
        assert len(first.requests) == len(second.requests) == 1, "the second had no time left"
        message = answer.json()["error"]["message"]
        assert "first/m" in message and "second/m" in message, message


def test_weights_share_the_requests(first, second):
    config = pair(first, second)
    config["models"]["any"] = {"targets": ["first/m * 3", "second/m"], "balance": "weighted"}
    with Gateway(config) as gateway:
        for _ in range(200):
            assert chat(gateway, "any").status == 200
        assert 120 <= len(first.requests) <= 180, len(first.requests)
        assert len(first.requests) + len(second.requests) == 200


def test_the_state_of_targets_is_told(first, second):
    first.default = scripts.answer(OOPS, 500)
    with Gateway(pair(first, second)) as gateway:
        for _ in range(6):
            assert chat(gateway, "any").status == 200
        told = fetch(gateway, "GET", "/api/health/targets")
        assert told.status == 200
        assert '"open"' in json.dumps(told.json()), told.json()
        assert len(first.requests) == 5, "it was asked although its breaker is open"


def test_a_slow_client_of_one_does_not_hold_the_others(first, second):
    """Requests that wait for a pause hold nobody up."""
    first.default = scripts.answer(OOPS, 500)
    config = fleet({"first": first.port})
    config["models"]["good"] = {"targets": ["second/m"]}
    config["providers"]["second"] = {"type": "openai", "base_url": second.url, "key": "none"}
    config["breaker"] = {"failures": 10000, "min_calls": 100000}
    with Gateway(config) as gateway, Steady(gateway.port, 50, "any"), \
            Steady(gateway.port, 50, "good") as good:
        time.sleep(0.6)
        seen = good.stop()
        assert seen and not failures(seen)
        assert sorted(s.took for s in seen)[len(seen) // 2] < 0.1
