"""Budgets and limits in the whole program: money for so many calls is spent once, whatever happens."""

import concurrent.futures

import pytest

from support import scripts
from support.client import chat
from support.gateway import Gateway, edge
from support.upstream import Upstream

# A body is some 90 bytes: at a dollar a token of the answer, what the prompt may cost hardly counts.
PRICES = {"always": {"input": "0", "output": "1000000"}}
CATALOG = {"edge/priced": {"context": 1000, "max_output": 7, "prices": PRICES}}
COST = 7  # dollars: what one call costs at most, and what it costs (answers.USAGE)


def configured(upstream, **sections):
    return {**edge(upstream.port), "catalog": CATALOG, **sections}


@pytest.fixture
def upstream():
    with Upstream() as running:
        yield running


def ask(gateway, **more):
    return chat(gateway, model="edge/priced", timeout=60, **more)


def test_money_for_a_hundred_calls_is_spent_on_a_hundred(upstream):
    config = configured(upstream, budgets={"total": {"daily_usd": 100 * COST}})
    config["server"]["workers"] = 2
    with Gateway(config) as gateway, concurrent.futures.ThreadPoolExecutor(100) as pool:
        first = list(pool.map(lambda _: ask(gateway).status, range(1000)))
        assert first.count(200) == len(upstream.requests) <= 100
        assert set(first) <= {200, 402, 429}
        while ask(gateway).status == 200:  # reservations are back
            pass
        assert len(upstream.requests) == 100
        spent = ask(gateway)
        assert spent.status == 402
        assert "budget" in spent.json()["error"]["message"]
        assert int(spent.header("retry-after")) > 0
        gateway.kill()
        gateway.start()
        assert ask(gateway).status == 402  # what was spent outlives a kill
        assert len(upstream.requests) == 100
        assert sum(each["cost_usd"] for each in gateway.settlements()) == 100 * COST


def test_what_nobody_can_price_is_refused_under_a_hard_budget_of_the_operators(upstream):
    with Gateway(configured(upstream, budgets={"total": {"daily_usd": 1}})) as gateway:
        answer = chat(gateway, model="edge/unheard-of")
        assert answer.status == 403
        assert "price" in answer.json()["error"]["message"]
        assert upstream.requests == []
    with Gateway(edge(upstream.port)) as gateway:  # the built-in budget asks for no price
        assert chat(gateway, model="edge/unheard-of").status == 200


def test_near_the_end_of_a_budget_the_prompt_is_counted_exactly(upstream):
    prices = {"always": {"input": "1000000", "output": "0"}}  # a dollar a token of the prompt
    known = {"context": 10_000, "max_output": 1, "prices": prices}
    config = configured(upstream, budgets={"total": {"daily_usd": 150}})
    config["catalog"] = {"edge/gpt-4o": known, "edge/priced": known}
    words = [{"role": "user", "content": "hello " * 60}]  # 360 bytes, some 70 tokens
    with Gateway(config) as gateway:
        assert chat(gateway, model="edge/priced", messages=words).status == 402  # bounded by bytes
        assert chat(gateway, model="edge/gpt-4o", messages=words).status == 200
        assert len(upstream.requests) == 1


def test_a_limit_says_when_to_come_again(upstream):
    limits = {"total": {"requests_per_minute": 3}}
    with Gateway(configured(upstream, limits=limits)) as gateway:
        answers = [ask(gateway) for _ in range(4)]
        assert [each.status for each in answers] == [200, 200, 200, 429]
        assert [each.header("x-ratelimit-remaining-requests") for each in answers[:3]] == ["2", "1", "0"]
        assert answers[0].header("x-ratelimit-limit-requests") == "3"
        assert 0 < int(answers[3].header("retry-after")) <= 60
        assert answers[3].json()["error"]["type"]
    assert len(upstream.requests) == 3


def test_an_upstream_that_fails_costs_nothing(upstream):
    config = configured(upstream, budgets={"total": {"daily_usd": COST}}, retry={"attempts": 1})
    with Gateway(config) as gateway:
        usual, upstream.default = upstream.default, scripts.answer({"error": {"message": "no"}}, 400)
        for _ in range(3):
            assert ask(gateway).status == 400
        upstream.default = usual
        assert ask(gateway).status == 200
        assert ask(gateway).status == 402


def test_end_users_of_one_key_do_not_spend_each_others_money(upstream):
    """P11: whose budget counts is decided at every request anew."""
    config = configured(upstream, budgets={"per_end_user": {"daily_usd": 3 * COST}})
    with Gateway(config) as gateway:
        statuses = {"ann": [], "ben": []}
        for number in range(12):
            for name in statuses if number % 2 else reversed(statuses):
                statuses[name].append(ask(gateway, headers=[("x-signalbox-user", name)]).status)
        assert statuses["ann"] == statuses["ben"] == [200] * 3 + [402] * 9
    assert len(upstream.requests) == 6
