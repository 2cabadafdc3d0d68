"""F31: the PostgreSQL of the records is stopped or stands still under load, and comes back.

What docs/storage.md says: calls go on, changes wait, every call is booked once when it is back.

    SIGNALBOX_AWAY=60 test/run_python fault/test_records_away.py -rP     away for so many seconds
"""

import collections
import os
import time

import pytest

from support import scripts
from support.client import fetch
from support.gateway import Gateway, edge
from support.management import Caller, first_key
from support.phases import Phases
from support.process import eventually
from support.servers import Postgres, needs

AWAY = float(os.environ.get("SIGNALBOX_AWAY", "4"))
ALARM, BETTER = "the ledger cannot be shipped", "the ledger is shipped"
PATIENCE = 35  # longer than the management API waits for a database that does not answer, in seconds


@pytest.fixture(scope="module")
def postgres():
    needs(Postgres)
    with Postgres() as running:
        yield running


def keeping_in(postgres, upstream) -> Gateway:
    return Gateway({**edge(upstream.port), "store": {"records": postgres.new_database()},
                    "identity": {"keys": "required"}, "ledger": {"ring": "4MiB"},
                    "budgets": {"total": {"daily_usd": 1_000_000, "hard": False}},
                    "limits": {"per_user": {"requests_per_hour": "unlimited"}}})


def check_booked_once(gateway, admin: Caller, seen: list[str]):
    ledger = collections.Counter(r["request_id"] for r in gateway.settlements())
    assert set(ledger.values()) == {1} and set(seen) <= set(ledger)
    eventually(lambda: admin.get("/api/usage/total")["calls"] >= len(ledger), 20, 0.1)
    assert admin.get("/api/usage/total")["calls"] == len(ledger)
    listed = [r["request_id"] for r in admin.every("/api/requests", limit=500)]
    assert len(listed) == len(ledger) and set(listed) == set(ledger)


@pytest.mark.timeout(120 + 2 * AWAY)
@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_f31_calls_go_on_without_the_database_and_are_booked_once(postgres, upstream, how):
    upstream.default = scripts.answer()
    with keeping_in(postgres, upstream) as gateway:
        admin = Caller(gateway, first_key(gateway))
        made = admin.post("/api/keys", {"name": "caller", "role": "member"})
        load = Phases(gateway.port, made["token"])
        load.begin("before")
        time.sleep(2)
        load.end()
        load.begin("away")
        postgres.kill() if how == "stopped" else postgres.freeze()
        try:
            began = time.monotonic()
            if how == "stopped" or AWAY > PATIENCE:
                check_management(admin)
            time.sleep(max(0, began + AWAY - time.monotonic()))
            if how == "stopped":
                assert eventually(lambda: ALARM in gateway.log(), 5, 0.1), gateway.log()[-2000:]
        finally:
            load.end()
            load.begin("after")
            assert postgres.start() if how == "stopped" else postgres.thaw() is None
        back = eventually(lambda: admin.ask("GET", "/api/keys").status == 200, 20, 0.1)
        time.sleep(1)
        load.end()
        print(f"{how} for {AWAY:g} s: {load.told()}")
        assert back, "it does not find the database again"
        assert load.failures() == []
        check_booked_once(gateway, admin, load.seen())
        assert ALARM not in gateway.log() or BETTER in gateway.log()
        assert all(line.startswith(("{", "listening on", "admin key")) for line in gateway.lines), \
            "what libpq has to say is between the log's lines"
        assert admin.ask("POST", "/api/keys", {"name": "after"}).status == 201


def check_management(admin: Caller):
    """It says no, in time; what asks no database is answered."""
    for method, body in (("GET", None), ("POST", {"name": "meanwhile"})):
        answer = admin.ask(method, "/api/keys", body, timeout=PATIENCE)
        assert answer.status == 503 and answer.json()["error"]["message"], (answer.status, answer.body)
    assert fetch(admin.gateway, "GET", "/healthz").status == 200
    assert admin.ask("GET", "/metrics").status == 200
    assert admin.ask("GET", "/api/whoami").status == 200


def test_f31_a_start_without_the_database_says_why_and_loses_nothing(postgres, upstream):
    upstream.default = scripts.answer()
    with keeping_in(postgres, upstream) as gateway:
        admin = Caller(gateway, first_key(gateway))
        assert admin.chat("edge/m").status == 200
        postgres.kill()
        seen = [admin.chat("edge/m").header("x-signalbox-request-id") for _ in range(30)]
        gateway.kill()
        with pytest.raises(RuntimeError, match="(?i)postgres|database"):
            gateway.start()
        assert gateway.child.returncode == 1
        assert postgres.start()
        gateway.start()
        check_booked_once(gateway, admin, seen)
