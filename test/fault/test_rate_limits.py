"""F21: 429 with every kind of Retry-After; several keys; other providers meanwhile.

A storm answers every call with 429 until it is over. What arrives at the upstream during the rest
that it asked for, and how the calls come back afterwards, is the test.
"""

import asyncio
import email.utils
import json
import time

import pytest

from support import answers, scripts
from support.client import chat, chat_request
from support.gateway import Gateway, edge, fleet
from support.scale import pick
from support.steady import Steady, failures, together
from support.upstream import Upstream

from fault.faults import of_request

SLOW_DOWN = answers.error("slow down", "rate_limit_error", "rate_limit_exceeded")
IN_FLIGHT = pick(25, 60) / 100  # seconds; calls that were on their way at the first 429
MOST = 1.5        # retry.max_rest


def date(after: float):
    return lambda: [("Retry-After", email.utils.formatdate(time.time() + after, usegmt=True))]


def fixed(*fields):
    return lambda: list(fields)


# What is said, and how long the key then rests at least and at most, jitter not counted.
SAYINGS = {
    "seconds": (fixed(("Retry-After", "1")), 1.0, 1.0),
    "fraction": (fixed(("Retry-After", "1.5")), 1.5, 1.5),
    "milliseconds": (fixed(("retry-after-ms", "700")), 0.7, 0.7),
    "date": (date(2), 1.0, MOST),
    "past": (date(-3600), 1.0, 1.0),
    "nothing": (fixed(), 1.0, 1.0),
    "junk": (fixed(("Retry-After", "soon; or=later")), 1.0, 1.0),
    "negative": (fixed(("Retry-After", "-5")), 1.0, 1.0),
    "huge": (fixed(("Retry-After", "31536000")), MOST, MOST),
    "absurd": (fixed(("Retry-After", "9" * 40)), 1.0, MOST),
    "reset": (fixed(("x-ratelimit-remaining-requests", "0"),
                    ("x-ratelimit-reset-requests", "1.2s")), 1.2, 1.2),
}


def storm(fields, over: list):
    """429 until `over` holds a moment that has passed; the first call starts the clock."""
    good = scripts.answer()

    async def script(conn, request):
        if not over:
            over.append(time.monotonic() + 0.4)
        if time.monotonic() < over[0]:
            await scripts.answer(SLOW_DOWN, 429, fields())(conn, request)
        else:
            await good(conn, request)

    return script


def histogram(times: list[float], width: float = 0.1) -> dict[int, int]:
    bins: dict[int, int] = {}
    for moment in times:
        bins[int(moment // width)] = bins.get(int(moment // width), 0) + 1
    return bins


def test_f21_a_429_storm_is_waited_out_as_long_as_it_asks():
    """All kinds at once, each with a model of its own: a limit is a key's for a model."""
    clients = pick(12, 100)
    overs = {kind: [] for kind in SAYINGS}
    scripted = {kind: storm(say[0], overs[kind]) for kind, say in SAYINGS.items()}
    with Upstream(scripts.by_model(scripted)) as upstream:
        config = edge(upstream.port)
        config["retry"] = {"budget": 10, "waiting": 5000, "max_rest": f"{1000 * MOST:.0f}ms"}
        with Gateway(config) as gateway:
            requests = [chat_request(f"edge/{kind}") for kind in SAYINGS for _ in range(clients)]
            seen = asyncio.run(together(gateway.port, requests))
    assert not failures(seen), failures(seen)[:3]
    for kind, (_, least, most) in SAYINGS.items():
        arrived = [r.at for r in upstream.requests if json.loads(r.body)["model"] == kind]
        early = [at - arrived[0] for at in arrived if at - arrived[0] < IN_FLIGHT]
        later = [at - arrived[0] for at in arrived if at - arrived[0] >= IN_FLIGHT]
        bins = histogram([at - least for at in later])
        line = " ".join(f"{number * 100}ms:{count}" for number, count in sorted(bins.items()))
        print(f"\n{kind}: rest {least}-{most} s, {len(early)} at once, then after the rest {line}")
        assert len(early) <= clients and len(later) >= clients - 1, (kind, len(early), len(later))
        assert min(later) >= least - 0.02, f"{kind}: {min(later):.2f} s after the 429"
        assert max(later) <= 2 * most + 1.5, f"{kind}: {max(later):.2f} s after the 429"
        assert max(bins.values()) <= 0.6 * clients + 2, f"{kind}: they come back together: {line}"


def test_f21_other_providers_serve_meanwhile():
    with Upstream(scripts.answer(SLOW_DOWN, 429, [("Retry-After", "30")])) as limited, \
            Upstream() as other:
        with Gateway(fleet({"limited": limited.port, "other": other.port})) as gateway, \
                Steady(gateway.port, 100) as load:
            time.sleep(pick(0.5, 20))
            seen = load.stop()
        assert not failures(seen), failures(seen)[:3]
        assert max(s.took for s in seen) < 1, "somebody waited although another provider was free"
        print(f"\n{len(seen)} requests: {len(limited.requests)} calls at the limited provider")
        assert 1 <= len(limited.requests) <= 3, "it was asked again during its rest"


def test_f21_a_long_rest_is_told_at_once():
    """Longer than anybody waits: the caller gets 429 with the time, and the upstream no more."""
    with Upstream(scripts.answer(SLOW_DOWN, 429, [("Retry-After", "50")])) as upstream, \
            Gateway(edge(upstream.port)) as gateway:
        began = time.monotonic()
        found = [chat(gateway) for _ in range(5)]
        assert time.monotonic() - began < 1
        assert [answer.status for answer in found] == [429] * 5
        assert found[0].json() == SLOW_DOWN, "its own words"
        assert all(40 <= int(answer.header("retry-after")) <= 50 for answer in found)
        assert "at its limit" in found[-1].json()["error"]["message"]
        assert len(upstream.requests) == 1, "it was asked again during its rest"


def test_f21_only_so_many_wait():
    """The queue is bounded: the next ones are told at once when to come again."""
    over = []
    with Upstream(storm(fixed(("Retry-After", "1")), over)) as upstream:
        config = edge(upstream.port)
        config["retry"] = {"waiting": 3, "budget": 10}
        with Gateway(config) as gateway:
            assert chat(gateway, headers=[("x-signalbox-max-latency", "100ms")]).status == 429
            seen = asyncio.run(together(gateway.port, [chat_request()] * 20))
    served = [s for s in seen if s.status == 200]
    refused = failures(seen)
    assert len(served) == 3, [s.status for s in seen]
    assert {s.status for s in refused} == {429}
    assert all(s.header("retry-after") for s in refused)
    assert max(s.took for s in refused) < 0.5 < min(s.took for s in served)


def two_keys(port: int) -> dict:
    config = edge(port)
    del config["providers"]["edge"]["key"]
    config["providers"]["edge"]["keys"] = {"first": {"key": "sk-first-0123456789"},
                                           "second": {"key": "sk-second-0123456789"}}
    return config


def used(upstream) -> dict[str, int]:
    counts = {"first": 0, "second": 0}
    for request in upstream.requests:
        counts[request.header("authorization").split("-")[1]] += 1
    return counts


def refusing(key: str, status: int, body: dict, fields=()):
    async def script(conn, request):
        bad = key in request.header("authorization")
        await (scripts.answer(body, status, fields) if bad else scripts.answer())(conn, request)

    return script


@pytest.mark.parametrize("status,code", [(401, "invalid_api_key"), (429, "rate_limit_exceeded"),
                                         (402, "payment_required"), (403, "not_allowed"),
                                         (429, "insufficient_quota")])
def test_one_key_that_is_refused_is_left_out_and_the_other_serves(status, code):
    """The circuit is the key's: neither the provider nor the model is left alone."""
    body = answers.error("not with this key", "some_error", code)
    fields = [("Retry-After", "30")] if code.startswith("rate") else []
    script = refusing("first", status, body, fields)
    with Upstream(script) as upstream, Gateway(two_keys(upstream.port)) as gateway:
        found = [chat(gateway) for _ in range(40)]
        assert {answer.status for answer in found} == {200}, found[0]
        counts = used(upstream)
        assert counts == {"first": 1, "second": 40}, counts
        again = next(a for a in found if a.header("x-signalbox-fallbacks"))
        settled = of_request(gateway, again.header("x-signalbox-request-id"))
        assert [(r["attempt"], r["outcome"], r["status"]) for r in settled] == [
            (1, "failed", status), (2, "ok", 200)], settled
        assert json.loads(str(settled[0]["cost_usd"])) == 0, "a refused call costs nothing"


def test_keys_share_the_calls():
    with Upstream() as upstream, Gateway(two_keys(upstream.port)) as gateway:
        for _ in range(60):
            assert chat(gateway).status == 200
        assert min(used(upstream).values()) >= 12, used(upstream)


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_no_key_is_told_to_the_caller(status):
    """A vendor that writes the key into its refusal must not tell it to our callers."""
    async def echo(conn, request):
        words = answers.error(f"Incorrect API key: {request.header('authorization')}",
                              "invalid_request_error", "invalid_api_key")
        await scripts.answer(words, status)(conn, request)

    with Upstream(echo) as upstream:
        config = edge(upstream.port, key="sk-very-secret-0123456789")
        config["retry"] = {"max_wait": "0s", "attempts_per_target": 1}
        with Gateway(config) as gateway:
            found = [chat(gateway) for _ in range(3)]
            assert all(answer.status >= 400 for answer in found)
            assert b"***" in found[0].body, found[0].body
            assert all(b"very-secret" not in answer.body for answer in found), found
            assert "very-secret" not in gateway.log()
