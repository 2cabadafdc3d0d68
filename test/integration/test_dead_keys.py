"""P10, F63: whatever ends a credential ends it for every worker within a second, and for good."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import answers, scripts
from support.client import Client, chat_request
from support.gateway import Gateway, edge
from support.load import run
from support.management import Caller, bearer, first_key
from support.process import eventually

WORKERS = 3


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = {**edge(shared_upstream.port), "identity": {"keys": "required"},
              "limits": {"per_user": {"requests_per_hour": "unlimited"}}}
    config["server"]["workers"] = WORKERS
    with Gateway(config) as gateway:
        yield gateway


@pytest.fixture
def owned(gateway):
    """A tenant with a user and a key of theirs: everything that a key hangs on."""
    mayor = Caller(gateway, first_key(gateway))
    tenant = mayor.post("/api/tenants", {"name": f"tenant {time.monotonic_ns()}"})["id"]
    user = mayor.post("/api/users", {"name": "owner"}, tenant=tenant)["id"]
    made = mayor.post("/api/keys", {"name": "owned", "owner": user}, tenant=tenant)
    return mayor, {"tenant": tenant, "user": user, "key": made["key"]["id"]}, made["token"]


ENDS = {
    "revoked": ("POST", "/api/keys/{key}/revoke", None),
    "removed": ("DELETE", "/api/keys/{key}", None),
    "rotated": ("POST", "/api/keys/{key}/rotate", {}),
    "expired": ("PATCH", "/api/keys/{key}", {"expires": "2026-01-01"}),
    "its_user_removed": ("DELETE", "/api/users/{user}", None),
    "its_user_switched_off": ("PATCH", "/api/users/{user}", {"active": False}),
    "its_tenant_switched_off": ("PATCH", "/api/tenants/{tenant}", {"active": False}),
}


def asked_by_many(gateway, token: str) -> set[int]:
    """What connections all over the workers are answered."""
    with ThreadPoolExecutor(8) as pool:
        return set(pool.map(lambda _: Caller(gateway, token).ask("GET", "/api/whoami").status,
                            range(8 * WORKERS)))


@pytest.mark.parametrize("end", ENDS)
def test_a_credential_is_dead_everywhere_within_a_second(gateway, owned, end):
    mayor, ids, token = owned
    assert eventually(lambda: asked_by_many(gateway, token) == {200}, 1)
    method, path, body = ENDS[end]
    query = {} if "tenants" in path else {"tenant": ids["tenant"]}
    mayor.take(method, path.format(**ids), body, query=query)
    time.sleep(1)  # what is promised
    assert asked_by_many(gateway, token) == {401}


def test_a_key_is_dead_under_load_and_after_a_kill(gateway, owned, upstream):
    upstream.default = scripts.answer()
    mayor, ids, token = owned
    assert eventually(lambda: asked_by_many(gateway, token) == {200}, 1)
    stop, box = threading.Event(), []

    async def load():
        box.append(await run(gateway.port, lambda _: chat_request("edge/m", headers=bearer(token)),
                             connections=6, rate=200, stop=stop))

    thread = threading.Thread(target=lambda: asyncio.run(load()))
    thread.start()
    assert eventually(lambda: len(upstream.requests) > 50, 20)
    mayor.post(f"/api/keys/{ids['key']}/revoke", {}, tenant=ids["tenant"])
    acknowledged = time.monotonic()
    time.sleep(1.5)
    stop.set()
    thread.join(10)
    late = [r.at for r in upstream.requests if r.at > acknowledged + 1]
    assert not late, f"{len(late)} calls went out {late[-1] - acknowledged:.2f} s after the end"
    assert any(each.startswith("401") for each in box[0].failures)
    gateway.kill()
    gateway.start()
    assert asked_by_many(gateway, token) == {401}


def test_a_stream_that_runs_ends_as_it_began(gateway, owned, upstream):
    """A revocation is about the next request: what a caller has been given is not taken back."""
    mayor, ids, token = owned
    assert eventually(lambda: asked_by_many(gateway, token) == {200}, 1)
    upstream.default = scripts.stream(answers.frames(["x"] * 20), pace=0.03)
    with Client(gateway.port).send(chat_request("edge/m", headers=bearer(token), stream=True)) as client:
        head = client.read_head()
        mayor.post(f"/api/keys/{ids['key']}/revoke", {}, tenant=ids["tenant"])
        frames = [frame for _, frame in client.frames(head)]
        assert frames[-1] == answers.DONE


def test_an_old_secret_is_taken_as_long_as_was_said(gateway, owned):
    mayor, ids, old = owned
    new = mayor.post(f"/api/keys/{ids['key']}/rotate", {"grace": "2s"}, tenant=ids["tenant"])["token"]
    assert eventually(lambda: asked_by_many(gateway, new) == {200}, 1)
    assert Caller(gateway, old).ask("GET", "/api/whoami").status == 200
    assert eventually(lambda: asked_by_many(gateway, old) == {401}, 3, 0.1)
    assert asked_by_many(gateway, new) == {200}
