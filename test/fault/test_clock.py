"""F39: the civil clock jumps. Waits go by the monotonic clock; what is written down goes on."""

import time
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest

from support import answers, scripts
from support.change import log_records, reload
from support.client import Client, chat, chat_request, fetch
from support.gateway import Gateway, edge
from support.process import eventually
from support.shim import Shim

DAY = 24 * 3600
JUMPS = {"a_day_on": DAY, "an_hour_back": -3600, "a_leap_second": 1, "a_slew": 0.2}


@pytest.fixture(scope="module")
def clock(tmp_path_factory, shared_upstream):
    shim = Shim(tmp_path_factory.mktemp("clock"), only_clock=True)
    timeouts = {"first_byte": "500ms", "idle": "1s", "total": "3s"}
    config = edge(shared_upstream.port, timeouts=timeouts)
    config["retry"] = {"attempts": 1}
    config["breaker"] = {"failures": 1000, "min_calls": 1000}
    config["server"]["timeouts"] = {"header": "1s", "idle": "30s"}
    with Gateway(config, env=shim.env) as gateway:
        yield gateway, shim


@pytest.fixture(autouse=True)
def true_time(clock, upstream):
    yield
    clock[1].jump(0)
    upstream.default = scripts.answer()
    assert chat(clock[0]).status == 200


def date_of(gateway) -> float:
    return parsedate_to_datetime(fetch(gateway, "GET", "/healthz").header("date")).timestamp()


@pytest.mark.parametrize("seconds", JUMPS.values(), ids=JUMPS)
def test_f39_a_call_times_out_by_the_monotonic_clock(clock, upstream, seconds):
    gateway, shim = clock
    upstream.default = scripts.hang()
    began = time.monotonic()
    with Client(gateway.port).send(chat_request()) as client:
        assert eventually(lambda: upstream.requests)
        shim.jump(seconds)
        answer = client.read_answer()
    took = time.monotonic() - began
    assert answer.status == 504, answer.body
    assert 0.45 < took < 2, f"first_byte is 500 ms, it took {took:.2f} s"


@pytest.mark.parametrize("seconds", JUMPS.values(), ids=JUMPS)
def test_f39_a_stream_and_a_kept_connection_go_on(clock, upstream, seconds):
    gateway, shim = clock
    kept = Client(gateway.port).send(chat_request())
    assert kept.read_answer().status == 200
    upstream.default = scripts.stream(answers.frames(["x"] * 20), pace=0.03)
    client = Client(gateway.port).send(chat_request(stream=True))
    head = client.read_head()
    shim.jump(seconds)
    frames = [frame for _, frame in client.frames(head)]
    assert frames[-1] == answers.DONE, "the jump ended a stream"
    client.close()
    upstream.default = scripts.answer()
    kept.send(chat_request())
    assert kept.read_answer().status == 200, "the jump closed a kept connection"
    kept.close()


def test_f39_a_slow_head_times_out_by_the_monotonic_clock(clock):
    gateway, shim = clock
    with Client(gateway.port) as client:
        client.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n")
        time.sleep(0.1)
        shim.jump(-DAY)
        began = time.monotonic()
        assert client.read_answer().status == 408
        assert 0.6 < time.monotonic() - began < 2.5


@pytest.mark.parametrize("seconds", [DAY, -3600])
def test_f39_what_is_told_follows_the_civil_clock(clock, upstream, seconds):
    gateway, shim = clock
    shim.jump(seconds)
    expected = time.time() + seconds
    assert eventually(lambda: abs(date_of(gateway) - expected) < 5, 3), "the date field"
    done = reload(gateway)
    assert "reloaded" in done.stdout
    stamp = eventually(lambda: log_records(gateway, "configuration reloaded"))[-1]["time"]
    told = datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()
    assert abs(told - expected) < 10, f"the log says {stamp}"


def test_f39_the_ledger_goes_on(clock, upstream):
    """Identifiers stay unique and every call is booked once, whatever the clock does."""
    gateway, shim = clock
    known = {r["request_id"] for r in gateway.settlements()}
    ids = []
    for number in range(60):
        shim.jump((DAY, -3600, 0, 1, -1, -DAY)[number % 6])
        answer = chat(gateway)
        assert answer.status == 200
        ids.append(answer.header("x-signalbox-request-id"))
    assert len(set(ids)) == 60, "an identifier came twice"
    new = eventually(lambda: [r for r in gateway.settlements() if r["request_id"] in set(ids)], 3)
    assert not known & set(ids)
    assert sorted(r["request_id"] for r in new) == sorted(ids)
    assert all(r["outcome"] == "ok" for r in new)


def test_f39_a_breaker_closes_by_the_monotonic_clock(clock, upstream):
    """An open breaker is not held for an hour by a clock that went back an hour."""
    shim = clock[1]
    config = edge(upstream.port)
    config["retry"] = {"attempts": 1}
    with Gateway(config, env=shim.env) as gateway:
        upstream.default = scripts.answer(body={"error": {"message": "down"}}, status=500)
        for _ in range(6):
            chat(gateway)
        asked = len(upstream.requests)
        assert chat(gateway).status == 503 and len(upstream.requests) == asked, "it is not open"
        shim.jump(-3600)
        upstream.default = scripts.answer()
        assert eventually(lambda: chat(gateway).status == 200, 10, 0.1), "it stays open"
