"""F8, F9, P34: what an upstream may send as an answer, every case of framing/answers.txt."""

import json
import pathlib
import time

import pytest

from support import answers, framing, scripts
from support.client import Client, Closed, chat_request
from support.gateway import Gateway, alone, edge
from support.process import eventually
from support.upstream import Upstream

CASES = framing.load_all(pathlib.Path(__file__).parent / "framing", "answers.txt")
GOOD = json.dumps(answers.completion("the right one")).encode()
EVIL = json.dumps(answers.completion("POISON")).encode()


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = edge(shared_upstream.port, timeouts={"first_byte": "3s", "idle": "3s"})
    with Gateway(alone(config)) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def trap():
    with Upstream() as canary:
        yield canary


def bad_answer(case, canary: str):
    """The case's bytes, part after part, and a FIN when the case says so."""
    import asyncio

    parts = case.bytes(**framing.answer_values(GOOD, EVIL, canary))

    async def script(conn, _):
        for number, part in enumerate(parts):
            if number:
                await asyncio.sleep(0.03)
            await conn.send(part)
        if "close" in case.options:
            conn.close()

    return script


def ask(gateway):
    """(answer, complete): a connection that ends early gives (None or answer, False)."""
    with Client(gateway.port, timeout=8) as client:
        client.send(chat_request())
        answer = None
        try:
            answer = client.read_head()
            answer.body = b"".join(client.pieces(answer))
            return answer, True
        except (Closed, ConnectionError):
            return answer, False


def is_502(answer, complete) -> bool:
    if answer is None or answer.status != 502:
        return False
    assert complete, "a 502 without its body"
    error = answer.json()["error"]
    return bool(error["message"]) and "type" in error


def is_good(answer, complete) -> bool:
    return complete and answer.status == 200 and answer.text() == "the right one"


def check(case, answer, complete):
    verdict, status = case.verdict, (case.statuses or [0])[0]
    shown = f"{answer and answer.status} complete={complete} {answer and answer.body[:200]!r}"
    if verdict in ("good", "good-fresh"):
        assert is_good(answer, complete), shown
    elif verdict == "bad":
        assert is_502(answer, complete), shown
    elif verdict == "cut":
        assert not complete or is_502(answer, complete), shown
    elif verdict == "good-or-bad":
        assert is_good(answer, complete) or is_502(answer, complete), shown
    elif verdict == "bad-or-status":
        assert complete and (is_502(answer, complete) or answer.status == status), shown
    elif verdict == "broken-body":
        assert is_502(answer, complete) or answer.body in GOOD + b"<html></html>", shown
    else:
        raise ValueError(verdict)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_f8_f9_answer_framing(gateway, upstream, trap, case):
    upstream.plan.append(bad_answer(case, f"http://127.0.0.1:{trap.port}/v1/chat/completions"))
    began = time.monotonic()
    answer, complete = ask(gateway)
    check(case, answer, complete)
    assert time.monotonic() - began < 2.5, "only a timeout ended it"
    assert not trap.connections, "a redirect was followed with our key"
    first = upstream.connections[0]
    if case.verdict == "good-fresh":
        eventually(lambda: first.closed_at is not None)
    again, complete = ask(gateway)
    assert is_good_next(again, complete), f"the next request got {again and again.body[:200]!r}"
    if case.verdict in ("good-fresh", "bad", "cut"):
        assert len(first.requests) == 1, "the connection served again"
        assert eventually(lambda: first.closed_at is not None), "the connection stays open"
    if case.verdict == "good":
        assert len(upstream.connections) == 1, "a good connection was thrown away"


def is_good_next(answer, complete) -> bool:
    return complete and answer.status == 200 and answer.text() == "hi"


@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 500, 503])
def test_f9_an_error_answer_without_a_length_ends_with_the_connection(gateway, upstream, status):
    body = json.dumps(answers.error("no", "x")).encode()
    upstream.plan.append(scripts.raw(
        scripts.head(status, [("Content-Type", "application/json")]) + (
            GOOD if status == 200 else body), close=True))
    answer, complete = ask(gateway)
    assert complete and answer.status == status
    assert answer.json() == json.loads(GOOD if status == 200 else body)
