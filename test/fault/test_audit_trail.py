"""The audit trail cannot be written: then nothing is changed, and once it can be, everything goes on."""

import json
import os
import resource

import pytest

from support.client import fetch
from support.gateway import Gateway, edge
from support.process import eventually

KEY = "sb-test-key-0123456789abcdef"


@pytest.fixture
def running(upstream):
    with Gateway({**edge(upstream.port), "access": {"key": KEY}}) as gateway:
        yield gateway


def ask(gateway, method, path, **body):
    data = json.dumps(body).encode() if body else None
    return fetch(gateway, method, path, data, [("Authorization", f"Bearer {KEY}")])


def made(gateway, path, **body):
    answer = ask(gateway, "POST", path, **body)
    assert answer.status == 201, answer
    return answer.json()


def trail(gateway):
    return [(entry["action"], entry["details"].get("outcome"))
            for entry in ask(gateway, "GET", "/api/audit").json()["data"]]


def test_f61_what_cannot_be_written_down_is_not_done(running):
    team = made(running, "/api/teams", name="before")["id"]
    key = made(running, "/api/keys", name="before")["key"]["id"]
    budget = made(running, "/api/budgets", subject={"kind": "key", "name": key},
                  amount_usd=5)["id"]
    things = ("/api/teams", "/api/keys", "/api/budgets", "/api/limits")
    before = [ask(running, "GET", path).json() for path in things]
    size = os.path.getsize(os.path.join(running.data, "ledger", "audit.log"))
    _, hard = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (size, hard))  # as on a full disk
    for method, path, body in (
            ("POST", "/api/teams", {"name": "after"}),
            ("PATCH", f"/api/teams/{team}", {"name": "after"}),
            ("DELETE", f"/api/teams/{team}", {}),
            ("POST", "/api/keys", {"name": "after"}),
            ("POST", f"/api/keys/{key}/revoke", {}),
            ("PATCH", f"/api/budgets/{budget}", {"amount_usd": 50}),
            ("POST", f"/api/budgets/{budget}/credits", {"amount_usd": 50}),
            ("DELETE", f"/api/budgets/{budget}", {}),
            ("PUT", "/api/limits", {"subject": {"kind": "key", "name": key},
                                    "limits": {"requests_per_minute": 1}})):
        answer = ask(running, method, path, **body)
        assert answer.status == 503, (method, path, answer)
        assert "audit trail" in answer.json()["error"]["message"], (method, path)
    assert [ask(running, "GET", path).json() for path in things] == before
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert ask(running, "POST", f"/api/keys/{key}/revoke").status == 200
    told = [("key.revoke", None), ("budget.create", None), ("key.create", None),
            ("team.create", None)]
    assert eventually(lambda: trail(running) == told, timeout=5), trail(running)
    assert ask(running, "GET", "/api/audit/verify").status == 200
