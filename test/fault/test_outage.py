"""F22, F23: providers that fail half of the time, and all of them at once.

Quick: some hundred requests. SIGNALBOX_FULL=1: a minute of failures, outages of 70 s, after which
the breakers' open time has long reached its bound.
"""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor

from support import answers, scripts
from support.client import chat
from support.gateway import Gateway, fleet
from support.process import eventually
from support.scale import pick
from support.steady import Steady, failures, percentile
from support.upstream import Upstream

from fault.faults import of_request

RATE = 150  # requests a second
OOPS = answers.error("out of order", "server_error")


def sometimes(share: float, seed: int = 1):
    """Fails `share` of the calls with 500."""
    coin = random.Random(seed)
    good, bad = scripts.answer(), scripts.answer(OOPS, 500)

    async def script(conn, request):
        await (bad if coin.random() < share else good)(conn, request)

    return script


def figures(name: str, seen, *upstreams) -> float:
    """Prints them; the calls beyond one for each request, as a share."""
    calls = [len(up.requests) for up in upstreams]
    extra = (sum(calls) - len(seen)) / len(seen)
    bad = failures(seen)
    print(f"\n{name}: {len(seen)} requests, client errors {len(bad)} "
          f"({100 * len(bad) / len(seen):.3f} %), calls {calls}, extra {100 * extra:.2f} %, "
          f"p50 {1000 * percentile([s.took for s in seen], 0.5):.1f} ms, "
          f"p99 {1000 * percentile([s.took for s in seen], 0.99):.1f} ms")
    return extra


def at_once(test, *cases):
    """The cases side by side: each waits most of its time."""
    with ThreadPoolExecutor(len(cases)) as pool:
        for done in [pool.submit(test, case) for case in cases]:
            done.result()


def test_f22_one_of_two_fails_half_of_the_time():
    at_once(one_of_two_fails, "ordered", "weighted")


def one_of_two_fails(balance: str):
    with Upstream(sometimes(0.5)) as shaky, Upstream() as good:
        config = fleet({"shaky": shaky.port, "good": good.port})
        config["models"]["any"]["balance"] = balance
        with Gateway(config) as gateway, Steady(gateway.port, RATE) as load:
            time.sleep(pick(2, 60))
            seen = load.stop()
            extra = figures(f"one of two fails 50 %, {balance}", seen, shaky, good)
            assert len(failures(seen)) / len(seen) < 0.001, failures(seen)[:3]
            assert extra <= 0.10, f"{100 * extra:.1f} % extra calls"
            assert extra > 0, "nothing was tried again: the test proves nothing"


def test_f22_the_budget_bounds_extra_calls_when_no_breaker_opens():
    """Half of everything fails, on both: without a bound each request would be sent up to five
    times."""
    with Upstream(sometimes(0.5, 2)) as one, Upstream(sometimes(0.5, 3)) as two:
        config = fleet({"one": one.port, "two": two.port})
        config["breaker"] = {"failures": 10000, "failure_rate": 1.0, "min_calls": 1000000}
        config["retry"] = {"budget_min": 0}
        with Gateway(config) as gateway, Steady(gateway.port, 2 * RATE) as load:
            time.sleep(pick(1, 20))
            seen = load.stop()
            extra = figures("both fail 50 %, breakers off", seen, one, two)
            assert 0 < extra <= 0.101, f"{100 * extra:.1f} % extra calls"
            refused = failures(seen)
            assert refused
            told = [json.loads(s.body)["error"]["message"] for s in refused]
            assert all("answered 500" in text or text == OOPS["error"]["message"]
                       for text in told), told[:3]


def down(kind: str, upstreams):
    for upstream in upstreams:
        if kind == "refused":
            upstream.refuse()
        else:
            upstream.default = scripts.answer(OOPS, 503) if kind == "503" else scripts.hang()


def up(kind: str, upstreams):
    for upstream in upstreams:
        upstream.default = scripts.answer()
        if kind == "refused":
            upstream.come_back()


def test_f23_all_down_then_back():
    at_once(all_down_then_back, "refused", "503", "hanging")


def all_down_then_back(kind: str):
    with Upstream() as one, Upstream() as two:
        config = fleet({"one": one.port, "two": two.port},
                       timeouts={"connect": "500ms", "first_byte": "500ms", "total": "5s"})
        with Gateway(config) as gateway, Steady(gateway.port, RATE / 2) as load:
            assert eventually(lambda: len(load.seen) > 10, 10)
            before = len(one.requests) + len(two.requests)
            down(kind, (one, two))
            began = time.monotonic()
            time.sleep(pick(2, 70))
            calls = len(one.requests) + len(two.requests) - before
            up(kind, (one, two))
            back = time.monotonic()
            assert eventually(lambda: load.seen[-1].status == 200 and load.seen[-1].at > back, 6), \
                load.seen[-1]
            time.sleep(0.7)
            seen = load.stop()
        ended = [s.at + s.took - back for s in seen if s.status != 200]
        recovered = max(0.0, *ended)
        # Those that came a second into the outage, when the breakers know.
        late = [s for s in seen if began + 1.2 < s.at < back - 0.1 and s.status != 200]
        slowest = max(s.took for s in late)
        print(f"\nall {kind} for {back - began:.0f} s: {len(late)} refused, "
              f"p50 {1000 * percentile([s.took for s in late], 0.5):.1f} ms, "
              f"p99 {1000 * percentile([s.took for s in late], 0.99):.1f} ms, "
              f"slowest {1000 * slowest:.0f} ms; {calls} calls reached the upstreams; "
              f"the last error {recovered:.2f} s after the return")
        assert recovered < 5, f"{recovered:.1f} s"
        assert percentile([s.took for s in late], 0.9) < 0.1, "a refusal must be fast"
        assert slowest < 2.5, "a refusal takes as long as a call"
        assert {s.status for s in late} <= {502, 503, 504}
        fast = [s for s in late if s.status == 503 and s.header("retry-after")]
        assert len(fast) > len(late) / 2, "a client is not told when to ask again"
        if kind != "refused":
            assert calls < RATE + (back - began) * 6 + 30, f"{calls} calls while they were down"


def test_f23_all_failed_names_each_attempt():
    with Upstream(scripts.answer(OOPS, 500)) as one, Upstream() as two, Upstream() as three:
        two.refuse()
        three.default = scripts.answer(answers.error("no more", "insufficient_quota",
                                                     "insufficient_quota"), 429)
        config = fleet({"one": one.port, "two": two.port, "three": three.port})
        config["retry"] = {"attempts_per_target": 1}
        with Gateway(config) as gateway:
            answer = chat(gateway, "any")
            assert answer.status == 502, answer
            message = answer.json()["error"]["message"]
            for part in ("all 3 attempts failed", "one/m answered 500 (out of order)",
                         "two/m could not be reached", "Connection refused", "three/m"):
                assert part in message, message
            settled = of_request(gateway, answer.header("x-signalbox-request-id"))
            assert [(r["provider"], r["attempt"], r["outcome"]) for r in settled] == [
                ("one", 1, "failed"), ("two", 2, "failed"), ("three", 3, "failed")], settled
            assert answer.header("x-signalbox-fallbacks") == "2"
