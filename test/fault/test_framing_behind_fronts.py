"""F20 behind nginx and haproxy: whatever the front lets through, no two requests are confused.

Every request case is sent to the front. What the front answers is its own affair, and where it
reads two requests there are two. But the gateway may run no more of them than the front believes
it sent, and requests right after, over the front's pooled connections, must each get their own
answer.
"""

import pathlib

import pytest

from support import framing
from support.client import Client, Closed, Malformed, chat_request
from support.fronts import Front, find
from support.process import eventually

CASES = framing.load_all(pathlib.Path(__file__).parent / "framing", "request_*.txt")
PROBES = 2


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def front(request, shared_gateway):
    if not find(request.param):
        pytest.skip(f"{request.param} is not installed")
    with Front(request.param, shared_gateway.port) as started:
        yield started


def throw(port: int, case):
    with Client(port, timeout=0.3) as client:
        for part in case.bytes(**framing.request_values("localhost")):
            client.send_lenient(part)
        client.read_rest(0.04)


def probe(port: int, text: str) -> str:
    with Client(port, timeout=5) as client:
        client.send(chat_request("edge/probe", text, headers=[("Connection", "close")]))
        answer = client.read_answer("POST")
        assert answer.status == 200, f"{text}: {answer.status} {answer.body[:200]!r}"
        return answer.text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_f20_behind_a_front(front, gateway, upstream, case):
    before = front.forwarded_chats()
    throw(front.port, case)
    for number in range(PROBES):
        text = f"{case.name} {number}"
        try:
            assert probe(front.port, text) == text, "an answer went to the wrong request"
        except (Closed, Malformed, ConnectionError) as error:
            pytest.fail(f"a clean request after it failed: {error!r}")
    ran = len(upstream.requests)
    eventually(lambda: front.forwarded_chats() - before >= ran, 1)
    sent = front.forwarded_chats() - before
    assert ran <= sent, f"the front sent {sent} chat requests, {ran} were run"


def test_f20_the_front_counts_what_it_forwards(front, gateway, upstream):
    """The yardstick itself: a plain request through the front is counted once on both sides."""
    before = front.forwarded_chats()
    assert probe(front.port, "plain") == "plain"
    assert eventually(lambda: front.forwarded_chats() - before == 1, 1)
    assert len(upstream.requests) == 1
