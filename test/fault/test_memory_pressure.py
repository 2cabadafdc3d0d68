"""F44: an allocation that fails costs one request, and the process lives on."""

import resource
import threading

import pytest

from support import answers, scripts
from support.change import config_path, hang_up, rewrite
from support.client import Client, Closed, Malformed, chat, chat_request, fetch
from support.gateway import Gateway, edge
from support.process import eventually, status_kib
from support.recovery import settle
from support.scale import SANITIZED, pick
from support.shim import Shim

pytestmark = pytest.mark.skipif(
    SANITIZED, reason="the sanitizer's own allocator ends the process when memory is out")

LARGE = "x" * 300_000


@pytest.fixture
def starved(tmp_path, upstream):
    shim = Shim(tmp_path)
    config = edge(upstream.port)
    config["retry"] = {"attempts": 1}
    with Gateway(config, env=shim.env) as gateway:
        hang_up(gateway)  # the start is over then
        yield gateway, shim


def ask(gateway, text: str = "hi", **more) -> int:
    """The answer's status; 0 when the connection ended without one, -1 in the middle of one."""
    try:
        with Client(gateway.port, timeout=5) as client:
            client.send_lenient(chat_request(text=text, **more))
            answer = client.read_head()
            try:
                b"".join(client.pieces(answer))
            except (Closed, ConnectionError):
                return -1
            return answer.status
    except (Closed, ConnectionError):
        return 0


def serves(gateway, text: str = "hi"):
    assert gateway.alive(), f"the gateway ended:\n{gateway.log()[-3000:]}"
    answer = chat(gateway, text=text)
    assert (answer.status, answer.text()) == (200, text), answer.body[:300]


def test_f44_a_request_too_large_for_the_memory_fails_alone(starved, upstream):
    gateway, shim = starved
    serves(gateway)
    with Client(gateway.port) as kept:
        kept.send(chat_request(text="before"))
        assert kept.read_answer().status == 200
        shim.fail_some(1, at_least=64 * 1024)
        answer = chat(gateway, text=LARGE)
        assert answer.status == 503, f"{answer.status} {answer.body[:300]!r}"
        error = answer.json()["error"]
        assert "memory" in error["message"] and set(error) >= {"type", "code", "param"}, error
        kept.send(chat_request(text="small"))
        assert kept.read_answer().text() == "small", "another connection had to suffer"
    assert shim.get("failed") > 0, "nothing was refused"
    shim.fail_none()
    serves(gateway, LARGE)


def test_f44_an_answer_too_large_for_the_memory_fails_alone(starved, upstream):
    gateway, shim = starved
    shim.fail_some(1, at_least=64 * 1024)
    upstream.default = scripts.answer(answers.completion(LARGE))
    assert ask(gateway) in (502, 503)
    upstream.default = scripts.answer()
    serves(gateway)
    shim.fail_none()
    upstream.default = scripts.answer(answers.completion(LARGE))
    assert ask(gateway) == 200


def test_f44_large_allocations_fail_at_random_under_load(starved, upstream):
    gateway, shim = starved
    descriptors = settle(gateway, upstream)
    seen, lock = [], threading.Lock()
    shim.set(failed=0)
    shim.fail_some(5, at_least=4096)

    def many(which: int):
        for number in range(pick(60, 1000)):
            status = ask(gateway, LARGE if number % 3 == which % 3 else "small",
                         stream=number % 5 == 0)
            with lock:
                seen.append(status)

    threads = [threading.Thread(target=many, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = shim.get("failed")
    shim.fail_none()
    counts = {status: seen.count(status) for status in sorted(set(seen))}
    print(f"{failed} allocations failed; answers by status: {counts}")
    assert failed > 0, "nothing was refused"
    assert set(seen) <= {200, 500, 502, 503, 0, -1}, counts
    assert seen.count(200) > len(seen) / 3, counts
    serves(gateway)
    serves(gateway, LARGE)
    eventually(lambda: settle(gateway, upstream) <= descriptors, 5, 0)
    assert settle(gateway, upstream) <= descriptors, "descriptors are lost"


@pytest.mark.parametrize("kind", ["whole", "stream", "large", "not_found", "metrics", "health"])
def test_f44_each_allocation_of_a_request_fails_once(starved, upstream, kind):
    """The n-th allocation from now on fails, for every n that the request has."""
    gateway, shim = starved
    upstream.default = scripts.stream() if kind == "stream" else scripts.answer()

    def request():
        if kind in ("metrics", "health"):
            path = "/metrics" if kind == "metrics" else "/api/health/targets"
            try:
                return fetch(gateway, "GET", path, timeout=5).status
            except (Closed, ConnectionError):
                return 0
        text = LARGE if kind == "large" else "hi"
        model = "nobody/m" if kind == "not_found" else "edge/gpt-4o-mini"
        return ask(gateway, text, model=model, stream=kind == "stream")

    seen, number = [], 0
    while number < 400:
        upstream.drop_all()  # with a new connection to the upstream: that is part of it
        shim.fail_at(number)
        seen.append(request())
        hit = shim.get("failed")
        shim.fail_none()
        assert gateway.alive(), f"allocation {number} of {kind} ended it:\n{gateway.log()[-3000:]}"
        if not hit:
            break
        number += 1
    print(f"{kind}: {number} allocations, {({s: seen.count(s) for s in sorted(set(seen))})}")
    upstream.default = scripts.answer()
    serves(gateway)
    assert number > 0, "no allocation was refused"
    assert set(seen) <= {200, 404, 500, 502, 503, 0, -1}, seen


def test_f44_a_reload_without_memory_changes_nothing(starved, upstream):
    gateway, shim = starved
    text = open(config_path(gateway)).read()
    for number in range(0, pick(400, 3000), 20):
        rewrite(gateway, text)
        shim.fail_at(number, count=3)
        gateway.child.send_signal(1)
        threading.Event().wait(0.01)
        shim.fail_none()
        serves(gateway)
    hang_up(gateway)
    serves(gateway)


def test_f44_a_limit_on_the_address_space(upstream):
    """prlimit --as: the process may have so much and no more, while it runs."""
    with Gateway(edge(upstream.port)) as gateway:
        serves(gateway)
        limit = (status_kib(gateway.pid, "VmSize") + 24 * 1024) * 1024
        resource.prlimit(gateway.pid, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        clients = [Client(gateway.port, timeout=10) for _ in range(8)]
        body = chat_request(text="y" * 6_000_000)
        threads = [threading.Thread(target=client.send_lenient, args=(body,))
                   for client in clients]
        for thread in threads:
            thread.start()
        statuses = []
        for client in clients:
            try:
                statuses.append(client.read_answer().status)
            except (Closed, ConnectionError, Malformed, TimeoutError):
                statuses.append(0)
        for thread in threads:
            thread.join()
        for client in clients:
            client.close()
        print(f"under the limit: {statuses}")
        assert set(statuses) <= {200, 500, 502, 503, 0}, statuses
        assert any(status != 200 for status in statuses), "the limit was not felt"
        serves(gateway)
        resource.prlimit(gateway.pid, resource.RLIMIT_AS,
                         (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        serves(gateway, LARGE)
