"""F26, F33, F34, F39: whatever happens in whatever order, the books are those of the upstream.

Random histories of the real program (support/history.py), a few seeds by default:

    SIGNALBOX_HISTORIES=200 test/run_python fault/test_history.py     so many seeds
    SIGNALBOX_SEED=17 test/run_python fault/test_history.py           this one
    SIGNALBOX_STEPS=200 …                                             longer ones
"""

import collections
import os

import pytest

from support.history import REFUSALS, History
from support.management import nanos
from support.process import eventually
from support.uuids import time_of

STEPS = int(os.environ.get("SIGNALBOX_STEPS", "25"))
COUNT = int(os.environ.get("SIGNALBOX_HISTORIES", "6"))
SEEDS = [int(os.environ["SIGNALBOX_SEED"])] if "SIGNALBOX_SEED" in os.environ else range(COUNT)
DAY = 24 * 3600
ALWAYS = {"since": "2020-01-01", "until": "2099-01-01"}  # the clock may have been put back
QUERIES = {"/api/requests": ALWAYS, "/api/audit": ALWAYS, "/api/usage": {"by": "key", **ALWAYS}}


@pytest.mark.parametrize("seed", SEEDS)
def test_f34_the_books_are_the_upstreams(seed, tmp_path):
    with History(seed, tmp_path) as history:
        try:
            for _ in range(STEPS):
                history.step()
                check_bounds(history, history.quiet())
            records = check(history)
        except BaseException:
            print(f"SIGNALBOX_SEED={seed}; the story:", *history.story, sep="\n  ")
            raise
        print(f"seed {seed}: {len(history.seen)} calls, {history.kills} kills, "
              f"{dict(collections.Counter(r['outcome'] for r in records.values()))}, answers "
              f"{dict(collections.Counter(seen.status for seen in history.seen))}, "
              f"slowest start {history.slowest_start * 1000:.0f} ms")


def check(history):
    rows = history.quiet()
    records = eventually(lambda: settled(history), 5, 0.05)
    assert records is not None, "an intent without a settlement, or one with two"
    check_calls(history, records)
    check_budgets(history, rows, records)
    check_usage(history, records)
    check_tenants(history, records)
    check_audit(history)
    assert history.slowest_start < 2
    history.restart()  # and what is said does not change by an orderly start
    again = eventually(lambda: settled(history), 5, 0.05)
    check_budgets(history, history.quiet(), again)
    return again


def settled(history):
    """Every settlement by request and attempt; None while one is missing, never one twice."""
    found, intents = {}, set()
    for record in history.gateway.ledger():
        at = (record["request_id"], record["attempt"])
        if record["type"] == "intent":
            assert at not in intents, f"an intent stands there twice: {at}"
            intents.add(at)
        else:
            assert at not in found, f"a call is settled twice: {at}"
            found[at] = record
    assert set(found) <= intents, "a settlement without an intent"
    return found if set(found) == intents else None


def booked(record) -> int:
    """What a record takes from budgets: its cost, else what was reserved."""
    known = record.get("cost_usd")
    return nanos(known if known is not None else record.get("reserved_usd", 0))


def check_calls(history, records):
    """What the upstream served and what the ledger says are the same calls and the same money."""
    attempts = collections.defaultdict(list)
    for (request_id, _), record in sorted(records.items()):
        attempts[request_id].append(record)
    served = collections.defaultdict(list)
    for call in history.upstream.calls:
        served[call.request_id].append(call)
    for request_id, calls in served.items():
        found = attempts[request_id]
        assert len(found) >= len(calls), f"calls that nobody wrote down: {calls} {found}"
        for call, record in zip(calls, found):
            check_call(call, record)
        for record in found[len(calls):]:
            assert record["outcome"] != "ok", f"nobody served it: {record}"
    for request_id in set(attempts) - set(served):
        assert all(each["outcome"] != "ok" for each in attempts[request_id]), attempts[request_id]
    for seen in history.seen:
        if seen.whole and seen.status == 200:
            assert attempts[seen.request_id][-1]["outcome"] == "ok", \
                f"an answer that came whole: {seen} {attempts[seen.request_id]}"
        assert seen.status in {0, 200, 400, 500, 502, 503} | REFUSALS, seen


def check_call(call, record):
    cost = record.get("cost_usd")
    if record["outcome"] == "ok":
        assert call.bill is not None and nanos(cost) == call.bill, f"{call} {record}"
        assert record["usage_from"] == "vendor", record
    elif call.bill == 0:
        assert cost is None or nanos(cost) == 0, f"{call} {record}"
    elif cost is not None:
        assert 0 <= nanos(cost) <= nanos(record["reserved_usd"]), f"{call} {record}"
    if call.bill:
        assert booked(record) >= 0 and record["reserved_usd"] > 0
        assert call.bill <= nanos(record["reserved_usd"]), f"a bound that bounds not: {call} {record}"


def check_bounds(history, rows):
    for budget, row in zip(history.budgets, rows):
        assert nanos(row["reserved_usd"]) == 0, f"a reservation is left behind: {row}"
        assert nanos(row["spent_usd"]) <= budget.most, f"more was given out than {budget}: {row}"
        assert 0 <= nanos(row["uncertain_usd"]) <= nanos(row["spent_usd"]), row
        assert nanos(row["limit_usd"]) == budget.amount + sum(budget.credits.values()), (budget, row)


def counts(budget, record) -> bool:
    named = {**record, "tag": "batch" if "batch" in record.get("tags", []) else None}
    return all(named.get(member) == value for member, value in budget.holds.items())


def check_budgets(history, rows, records):
    today = history.now() // DAY
    for budget, row in zip(history.budgets, rows):
        mine = [r for r in records.values() if counts(budget, r) and
                (budget.window == "prepaid" or time_of(r["request_id"]) // DAY == today)]
        assert nanos(row["spent_usd"]) == sum(map(booked, mine)), f"{budget} {row}"
        unknown = sum(booked(r) for r in mine if r.get("cost_usd") is None)
        assert nanos(row["uncertain_usd"]) == unknown, f"{budget} {row}"


def check_usage(history, records):
    """The totals of the database: all that was settled, each once."""
    ask = history.installation
    known = sum(nanos(r["cost_usd"]) for r in records.values() if r.get("cost_usd") is not None)

    def total():
        rows = ask.get("/api/usage", by="total", **ALWAYS)["data"]
        return rows if sum(row["calls"] for row in rows) == len(records) else None

    rows = eventually(total, 5, 0.05)
    assert rows, f"{len(records)} settled, {ask.get('/api/usage', by='total', **ALWAYS)}"
    assert sum(nanos(row["cost_usd"]) for row in rows) == known
    for name, member in (("key", "key"), ("tenant", "tenant")):
        by = {row["value"]: row for row in ask.get("/api/usage", by=name, limit=1000, **ALWAYS)["data"]}
        for value in {r[member] for r in records.values()}:
            mine = [r for r in records.values() if r[member] == value]
            assert by[value]["calls"] == len(mine)
            assert nanos(by[value]["cost_usd"]) == sum(
                nanos(r["cost_usd"]) for r in mine if r.get("cost_usd") is not None)


def check_tenants(history, records):
    """Each sees all of its own calls, each once, and nothing of the other's."""
    for admin in history.admins.values():
        listed = admin.every("/api/requests", limit=100, **ALWAYS)
        mine = {at for at, record in records.items() if record["tenant"] == admin.tenant}
        found = [(record["request_id"], record["attempt"]) for record in listed]
        assert len(found) == len(set(found)) and set(found) == mine
        for path in ("/api/keys", "/api/budgets", "/api/requests", "/api/audit", "/api/usage"):
            body = admin.ask("GET", path, query=QUERIES.get(path)).body.decode()
            assert not [each for each in history.foreign(admin.tenant) if each in body], path
        others = [r for at, r in records.items() if r["tenant"] != admin.tenant]
        for record in others[:3]:
            assert admin.ask("GET", f"/api/requests/{record['request_id']}").status == 404
        for key in history.keys:
            expected = 200 if key.tenant == admin.tenant else 404
            assert admin.ask("GET", f"/api/keys/{key.id}").status == expected


def check_audit(history):
    """Every acknowledged change stands in the trail, and the chain is whole."""
    def noted():
        entries = history.installation.every("/api/audit", limit=200, **ALWAYS)
        return collections.Counter((each["action"], each["entity_id"]) for each in entries)

    wanted = collections.Counter(history.deeds)
    eventually(lambda: not wanted - noted(), 5, 0.1)
    assert not wanted - noted(), f"changes that nobody noted: {wanted - noted()}"
    for chain in history.installation.get("/api/audit/verify")["data"]:
        assert chain["good"], chain
