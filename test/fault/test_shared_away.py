"""F32, F33: the Redis that two gateways share their budgets through is frozen, killed, or empty again.

What docs/money.md says: calls under a hard budget go on with what their gateway holds, then get 503;
all others go on; the budget is never overspent, and everything is booked once.

    SIGNALBOX_AWAY=60 test/run_python fault/test_shared_away.py -rP     away for so many seconds
"""

import collections
import contextlib
import os
import secrets
import time

import pytest

from support import billing
from support.change import metric
from support.client import chat
from support.gateway import Gateway, edge
from support.management import NANO, Caller, bearer, first_key, nanos
from support.phases import Phases
from support.process import eventually
from support.servers import Postgres, Redis, needs

AWAY = float(os.environ.get("SIGNALBOX_AWAY", "4"))
COST = 11 * billing.INPUT + 7 * billing.OUTPUT


@pytest.fixture(scope="module")
def postgres():
    needs(Postgres, Redis)
    with Postgres() as running:
        yield running


@pytest.fixture
def redis():
    with Redis() as running:
        yield running


@contextlib.contextmanager
def two_gateways(postgres, redis):
    """Both with an upstream that bills, and a caller who may do everything."""
    records, master = postgres.new_database(), secrets.token_hex(32)
    with billing.Biller() as upstream, contextlib.ExitStack() as stack:
        config = {**edge(upstream.port), "catalog": billing.CATALOG, "ledger": {"ring": "1MiB"},
                  "store": {"records": records, "shared": redis.url},
                  "identity": {"keys": "required"}, "retry": {"attempts": 1},
                  "budgets": {"total": {"daily_usd": 1_000_000, "hard": False}},
                  "limits": {"per_user": {"requests_per_hour": "unlimited"}}}
        gateways = [stack.enter_context(Gateway(config, env={"SIGNALBOX_MASTER_KEY": master}))
                    for _ in range(2)]
        yield upstream, gateways, Caller(gateways[0], first_key(gateways[0]))


def key(admin: Caller, name: str, amount: int = 0, **budget) -> str:
    made = admin.post("/api/keys", {"name": name, "role": "member"})
    if amount:
        admin.money("POST", "/api/budgets", amount, subject={"kind": "key", "name": made["key"]["id"]},
                    **budget)
    return made["token"]


def known(gateways, token: str):
    for gateway in gateways:
        caller = Caller(gateway, token)
        assert eventually(lambda: caller.ask("GET", "/api/whoami").status == 200, 5), gateway.log()


def call(gateway, token: str):
    """What it may cost at most is hardly more than what it costs."""
    return chat(gateway, billing.MODEL, billing.prompt(0), bearer(token), max_tokens=7)


FAULTS = {"frozen": (lambda redis: redis.freeze(), lambda redis: redis.thaw()),
          "killed": (lambda redis: redis.kill(), lambda redis: redis.start())}


@pytest.mark.timeout(150 + 2 * AWAY)
@pytest.mark.parametrize("fault", FAULTS)
def test_f32_calls_go_on_as_stated_without_the_redis(postgres, redis, fault):
    go, come = FAULTS[fault]
    with two_gateways(postgres, redis) as (upstream, gateways, admin):
        free, bounded = key(admin, "free"), key(admin, "bounded", 1000 * NANO)
        known(gateways, free), known(gateways, bounded)
        loads = [Phases(gateway.port, token, billing.MODEL, 60, billing.prompt(0))
                 for gateway in gateways for token in (free, bounded)]
        phase(loads, "before", min(8, max(2, AWAY / 2)))
        go(redis)
        for load in loads:
            load.begin("away")
        time.sleep(AWAY)
        for load in loads:
            load.end()
        come(redis)
        assert eventually(lambda: all(shared_up(each, admin) for each in gateways), 20, 0.1)
        # A Redis that comes back empty gives nobody more than it had for one lease of 10 s.
        assert eventually(lambda: all(call(each, bounded).status == 200
                                      for each in gateways for _ in range(20)), 25, 0.1)
        phase(loads, "after", 2)
        print(f"{fault} for {AWAY:g} s:", *(load.told() for load in loads), sep="\n  ")
        check_answers(loads)
        check_booked_once(gateways, admin, upstream)


def shared_up(gateway, admin) -> bool:
    return metric(gateway, "signalbox_shared_store_up", bearer(admin.token)) == 1


def phase(loads, name: str, seconds: float):
    for load in loads:
        load.begin(name)
    time.sleep(seconds)
    for load in loads:
        load.end()


def check_answers(loads):
    for load in loads[0::2]:
        assert load.failures() == [], "a call that nothing bounds failed"
    for load in loads[1::2]:
        assert load.phases["before"].failures == [] and load.phases["after"].failures == []
        assert all(each.startswith("503") for each in load.phases["away"].failures)
        if AWAY < 5:  # the lease is of 10 s, renewed every 3.3 s
            assert len(load.phases["away"].request_ids) > 0


def check_booked_once(gateways, admin, upstream):
    settled = collections.Counter(r["request_id"] for each in gateways for r in each.settlements())
    served = collections.Counter(each.request_id for each in upstream.calls)
    assert settled == served and set(settled.values()) == {1}
    eventually(lambda: admin.get("/api/usage/total")["calls"] >= len(served), 20, 0.1)
    total = admin.get("/api/usage/total")
    assert total["calls"] == len(served)
    assert nanos(total["cost_usd"]) == sum(each.bill for each in upstream.calls)


def spend_the_rest(gateways, token: str, statuses):
    """Calls until it is all spent, or nothing more comes back for longer than two renewals."""
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 8:
        asked = [call(each, token).status for each in gateways]
        statuses.update(asked)
        if asked == [402, 402]:
            return
        if 200 in asked:
            quiet_since = time.monotonic()
        time.sleep(0.1)


@pytest.mark.timeout(150)
@pytest.mark.parametrize("fault", FAULTS)
def test_f33_money_for_forty_calls_is_spent_on_forty_whatever_the_redis_does(postgres, redis, fault):
    """An empty Redis comes back: what was spent is told to it again, and not given out anew."""
    go, come = FAULTS[fault]
    with two_gateways(postgres, redis) as (upstream, gateways, admin):
        token = key(admin, "bounded", 40 * COST)
        known(gateways, token)
        statuses = collections.Counter()
        for number in range(30):
            statuses[call(gateways[number % 2], token).status] += 1
            if number in (10, 20):
                go(redis)
                statuses[call(gateways[0], token).status] += 1
                come(redis)
        spend_the_rest(gateways, token, statuses)
        assert set(statuses) <= {200, 402, 429, 503}, statuses
        assert len(upstream.calls) <= 40, f"{len(upstream.calls)} calls for the money of 40"
        assert fault == "killed" or len(upstream.calls) >= 38, (len(upstream.calls), statuses)
        check_booked_once(gateways, admin, upstream)
        print(f"{fault}: {len(upstream.calls)} of 40, answers {dict(statuses)}")
