"""Several gateways on one Redis or one PostgreSQL: money is spent once, and news gets around.

`SIGNALBOX_RUNS=20` plays the race of F33 so many times.
"""

import contextlib
import itertools
import os
import re
import secrets
import threading
import time

import pytest

from support import scripts
from support.change import Lineage
from support.client import Client, chat, chat_request, fetch
from support.gateway import Gateway, edge
from support.process import eventually
from support.servers import Postgres, Redis, needs
from support.upstream import Upstream

RUNS = int(os.environ.get("SIGNALBOX_RUNS", "1"))
PRICES = {"always": {"input": "0", "output": "1000000"}}
CATALOG = {"edge/priced": {"context": 1000, "max_output": 7, "prices": PRICES}}
COST = 7  # dollars: what one call costs at most, and what it costs (answers.USAGE)
MASTER_KEY = secrets.token_hex(32)
LEASE = 10  # seconds
PREFIXES = itertools.count()


@pytest.fixture(scope="module", params=[Redis, Postgres], ids=["redis", "postgres"])
def server(request):
    needs(request.param)
    with request.param() as running:
        yield running


@pytest.fixture(scope="module")
def redis():
    needs(Redis)
    with Redis() as running:
        yield running


@pytest.fixture(scope="module")
def postgres():
    needs(Postgres)
    with Postgres() as running:
        yield running


@pytest.fixture
def upstream():
    with Upstream() as running:
        yield running


def fresh(server) -> dict:
    """A section `store` with nothing in it yet."""
    if isinstance(server, Redis):
        return {"shared": f"{server.url}?prefix=test-{next(PREFIXES)}:"}
    return {"records": server.new_database()}


def configured(upstream, store, calls=None, **sections):
    config = {**edge(upstream.port), "catalog": CATALOG, "store": store, **sections}
    if calls is not None:
        config["budgets"] = {"total": {"daily_usd": calls * COST}}
    return config


@contextlib.contextmanager
def replicas(config, count):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Gateway(config, env={"SIGNALBOX_MASTER_KEY": MASTER_KEY}))
               for _ in range(count)]


def ask(gateway, **more):
    return chat(gateway, model="edge/priced", timeout=60, **more)


def burst(gateways, count):
    """So many requests at the same time, by turns; their answers."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(Client(gateways[i % len(gateways)].port, timeout=60))
                   for i in range(count)]
        for client in clients:
            client.send(chat_request("edge/priced"))
        return [client.read_answer("POST") for client in clients]


def spend_all(gateways, upstream, timeout=4 * LEASE) -> list:
    """Asks each by turns until all say that it is spent; their last answers."""
    answers = []

    def all_spent():
        answers[:] = [ask(gateway) for gateway in gateways]
        return all(each.status == 402 for each in answers)

    assert eventually(all_spent, timeout, 0.05), [each.status for each in answers]
    return answers


@pytest.mark.parametrize("run", range(RUNS))
@pytest.mark.parametrize("count", [1, 2])
def test_f33_money_for_a_hundred_calls_is_spent_on_a_hundred(server, upstream, count, run):
    upstream.default = scripts.answer(delay=0.1)
    with replicas(configured(upstream, fresh(server), 100), count) as gateways:
        first = burst(gateways, 1000)
        statuses = [each.status for each in first]
        assert statuses.count(200) == len(upstream.requests) <= 100
        assert set(statuses) <= {200, 402, 429}
        assert all(int(each.header("retry-after")) > 0 for each in first if each.status != 200)
        for spent in spend_all(gateways, upstream):
            assert "budget" in spent.json()["error"]["message"]
            assert int(spent.header("retry-after")) > 0
        assert len(upstream.requests) == 100
        costs = [each["cost_usd"] for gateway in gateways for each in gateway.settlements()]
        assert sum(costs) == 100 * COST


def test_a_gateway_that_starts_again_counts_nothing_twice_and_forgets_nothing(server, upstream):
    with replicas(configured(upstream, fresh(server), 12), 2) as (one, two):
        for gateway in (one, two, one, one):
            assert ask(gateway).status == 200
        assert one.terminate() == 0
        one.start()
        assert ask(one).status == 200
        one.kill()
        one.start()
        spend_all([one, two], upstream)
        # The killed one held at most a request and a quarter of what was left: that is lost.
        assert 12 - 3 <= len(upstream.requests) <= 12


def test_a_gateway_that_ends_gives_back_what_it_held(server, upstream):
    with replicas(configured(upstream, fresh(server), 20), 2) as (one, two):
        for _ in range(3):
            assert ask(one).status == 200  # it now holds more than it spent
        assert one.terminate() == 0
        begun = time.monotonic()
        spend_all([two], upstream)
        assert len(upstream.requests) == 20
        assert time.monotonic() - begun < LEASE, "it waited for the lease of the one that ended"


def test_a_killed_gateway_costs_no_more_than_its_slice(server, upstream):
    with replicas(configured(upstream, fresh(server), 40), 2) as (one, two):
        for _ in range(5):
            assert ask(one).status == 200
            assert ask(two).status == 200
        one.kill()
        spend_all([two], upstream)
        # A request and a quarter of what was left at most.
        assert 40 - 11 <= len(upstream.requests) <= 40


def admin_key(gateway) -> str:
    return re.search(r"admin key, shown this once: (\S+)", gateway.log()).group(1)


def manage(gateway, key, method, path, body=None):
    headers = [("Authorization", f"Bearer {key}"), ("Content-Type", "application/json")]
    return fetch(gateway, method, path, body, headers)


@pytest.mark.parametrize("news", ["redis", "postgres"])
def test_a_revoked_key_is_refused_everywhere_within_a_second(news, redis, postgres, upstream):
    store = fresh(postgres) | (fresh(redis) if news == "redis" else {})
    limits = {"per_user": {"requests_per_hour": "unlimited"}}
    config = configured(upstream, store, 100_000, identity={"keys": "required"}, limits=limits)
    longest = 0.0
    with replicas(config, 2) as (one, two):
        admin = admin_key(one)
        for _ in range(5):
            made = manage(one, admin, "POST", "/api/keys", b'{"name":"ci"}').json()
            headers = [("Authorization", f"Bearer {made['token']}")]
            assert eventually(lambda: ask(two, headers=headers).status == 200, 1)
            assert manage(one, admin, "POST", f"/api/keys/{made['key']['id']}/revoke").status == 200
            revoked = time.monotonic()
            assert ask(one, headers=headers).status == 401
            while ask(two, headers=headers).status == 200:
                assert time.monotonic() - revoked < 1
            longest = max(longest, time.monotonic() - revoked)
    print(f"refused by the other one after {longest * 1000:.0f} ms at most ({news})")


def test_a_budget_that_one_sets_holds_for_the_other_within_a_second(redis, postgres, upstream):
    store = fresh(postgres) | fresh(redis)
    with replicas(configured(upstream, store, identity={"keys": "required"}), 2) as (one, two):
        admin = admin_key(one)
        headers = [("Authorization", f"Bearer {admin}")]
        assert ask(two, headers=headers).status == 200
        body = b'{"subject":{"kind":"total"},"window":"day","amount_usd":14}'
        made = manage(one, admin, "POST", "/api/budgets", body)
        assert made.status in (200, 201), made.json()
        time.sleep(1)
        spend_all_with = [ask(gateway, headers=headers).status for gateway in (one, two) * 4]
        assert len(upstream.requests) <= 2, spend_all_with


class Limited:
    """Asks under one limit of so many requests a minute, and knows how many passed."""

    def __init__(self, limit, headers):
        self.limit, self.headers, self.passed = limit, headers, 0

    def ask(self, gateway):
        answer = ask(gateway, headers=self.headers)
        self.passed += answer.status == 200
        return answer

    def knows_all(self, gateway) -> bool:
        """Whether its fields count what the others let through, too."""
        left = self.ask(gateway).header("x-ratelimit-remaining-requests")
        return left == str(self.limit - self.passed)


def until_a_minute_is_young():
    assert eventually(lambda: time.time() % 60 < 30, 31, 0.1)


@pytest.mark.parametrize("through", ["redis", "postgres"])
def test_a_limit_of_a_key_holds_for_both_together(through, redis, postgres, upstream):
    limit = 60
    store = fresh(postgres) | (fresh(redis) if through == "redis" else {})
    limits = {"per_key": {"requests_per_minute": limit},
              "per_user": {"requests_per_hour": "unlimited"}}
    config = configured(upstream, store, 100_000, identity={"keys": "required"}, limits=limits)
    with replicas(config, 2) as (one, two):
        made = manage(one, admin_key(one), "POST", "/api/keys", b'{"name":"ci"}').json()
        limited = Limited(limit, [("Authorization", f"Bearer {made['token']}")])
        until_a_minute_is_young()
        assert eventually(lambda: limited.ask(two).status == 200, 1)
        for gateway in (one, two) * 8:
            assert limited.ask(gateway).status == 200
        for gateway in (one, two, one):  # the second look at the first: the other asks no more
            assert eventually(lambda: limited.knows_all(gateway), 10, 0.4), limited.passed
        assert limited.passed < limit
        while (last := limited.ask(one)).status == 200:
            pass
        assert last.status == 429 and int(last.header("retry-after")) > 0
        assert limited.passed == limit
        # What passes beyond it: what comes to the other one before it has heard.
        assert eventually(lambda: limited.ask(two).status == 429, 10, 0.4)
        assert limited.passed == len(upstream.requests) <= limit + 5
        assert [limited.ask(each).status for each in (one, two)] == [429, 429]
        print(f"{limited.passed} of {limit} passed")


class Load:
    """Asks a gateway all the time; (when, status, how long) of each."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.seen = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def _run(self):
        while not self.stop.wait(0.02):
            begun = time.monotonic()
            answer = ask(self.gateway)
            self.seen.append((begun, answer.status, time.monotonic() - begun, answer))

    def between(self, begin, end):
        return [each for each in self.seen if begin <= each[0] < end]


def up(gateway) -> str:
    text = fetch(gateway, "GET", "/metrics").body.decode()
    return re.search(r"^signalbox_shared_store_up (\S+)$", text, re.M).group(1)


def test_a_redis_that_stands_still(redis, upstream):
    """What is held is spent until its lease ends, then 503; everything goes on by itself after it."""
    with replicas(configured(upstream, fresh(redis), 100_000), 2) as gateways:
        with contextlib.ExitStack() as stack:
            loads = [stack.enter_context(Load(each)) for each in gateways]
            time.sleep(3)
            redis.freeze()
            frozen = time.monotonic()
            try:
                time.sleep(LEASE + 2)
                assert [up(each) for each in gateways] == ["0", "0"]
            finally:
                redis.thaw()
            thawed = time.monotonic()
            assert eventually(lambda: all(ask(each).status == 200 for each in gateways), 5)
            back = time.monotonic() - thawed
            time.sleep(2)
        for load in loads:
            before, during = load.between(0, frozen - 0.1), load.between(frozen, thawed)
            assert {status for _, status, *_ in before} == {200}
            statuses = [status for _, status, *_ in during]
            assert set(statuses) == {200, 503}, set(statuses)
            assert statuses[0] == 200 and statuses[-1] == 503
            refused = next(each[3] for each in during if each[1] == 503)
            assert int(refused.header("retry-after")) > 0
            assert "shared with other gateways" in refused.json()["error"]["message"]
            assert max(took for *_, took, _ in during) < 3
            assert all(status == 503 for begun, status, *_ in during if begun > frozen + LEASE)
        for gateway in gateways:
            assert up(gateway) == "1"
            assert gateway.log().count("cannot be reached: hard budgets go on") == 1
            assert gateway.log().count("the shared store answers again") == 1
    print(f"served again {back * 1000:.0f} ms after Redis went on")


def test_without_the_store_soft_budgets_pass_and_hard_ones_say_why(upstream):
    needs(Redis)
    with Redis() as redis:
        store = fresh(redis)
        redis.kill()
        soft = configured(upstream, store, budgets={"total": {"daily_usd": 7, "hard": False}})
        with replicas(soft, 1) as (gateway,):
            assert [ask(gateway).status for _ in range(3)] == [200] * 3
        with replicas(configured(upstream, store, 10), 1) as (gateway,):
            assert eventually(lambda: ask(gateway).status == 503, 5)
            assert redis.start()
            assert eventually(lambda: ask(gateway).status == 200, 10)
            redis.kill()
            begun = time.monotonic()
            assert gateway.terminate() == 0
            assert time.monotonic() - begun < 5, "the end waits for a store that is away"


def test_a_new_program_takes_over_while_budgets_are_shared(redis, upstream):
    config = configured(upstream, fresh(redis), 30)
    with replicas(config, 2) as (one, two), Lineage(one) as lineage:
        for _ in range(3):
            assert ask(one).status == 200
        lineage.upgrade()
        assert ask(one).status == 200
        lineage.all_ended_but_the_last()
        begun = time.monotonic()
        spend_all([one, two], upstream)
        assert len(upstream.requests) == 30
        assert time.monotonic() - begun < LEASE, "it waited for the lease of the one before it"
