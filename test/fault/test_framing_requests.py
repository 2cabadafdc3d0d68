"""F18, F20, P37-P39: request framing, every case of framing/request_*.txt, sent directly.

Beside its own expectation each case must leave the hidden request unrun, and the gateway alive.
"""

import json
import pathlib

import pytest

from support import framing
from support.client import Client, Closed, fetch

CASES = framing.load_all(pathlib.Path(__file__).parent / "framing", "request_*.txt")


def send(client: Client, case, port: int):
    parts = case.bytes(**framing.request_values(f"127.0.0.1:{port}"))
    for number, part in enumerate(parts):
        if number:
            # a pause makes the parts arrive as separate reads; the outcome does not depend on it
            client.socket.settimeout(0.15)
            try:
                client.buffer += client.socket.recv(65536)
            except TimeoutError:
                pass
            client.socket.settimeout(3)
        client.send_lenient(part)


def read(client: Client, method: str):
    """The next answer, or None when the connection ended instead."""
    try:
        return client.read_answer(method)
    except (Closed, ConnectionError):
        return None
    except TimeoutError:
        pytest.fail("no answer within 3 s")


def check_error_form(answer):
    body = json.loads(answer.body)
    assert set(body["error"]) >= {"message", "type", "param", "code"}, body
    assert isinstance(body["error"]["message"], str) and body["error"]["message"]


def expect_refusal(client, case):
    answer = read(client, case.options.get("method", "POST"))
    assert answer is not None, f"closed without an answer, wanted {case.statuses}"
    assert answer.status in case.statuses, f"{answer.status}, wanted {case.statuses}"
    check_error_form(answer)
    assert client.at_end(), "the connection stays open after a refusal"


def expect_answers(client, case):
    interim = []
    for number, status in enumerate(case.statuses):
        answer = read(client, case.options.get("method", "POST"))
        assert answer is not None, f"closed before answer {number + 1}, wanted {status}"
        assert answer.status == status, f"answer {number + 1}: {answer.status} {answer.body[:200]}"
        interim += answer.interim
    if "interim" in case.options:
        assert interim == [int(case.options["interim"])]
    if "close" in case.options:
        assert client.at_end(), "the connection stays open"
    else:
        assert not client.at_end(0.05), "the connection was closed, or sends more than asked"


def expect_one(client, case):
    method = case.options.get("method", "POST")
    answer = read(client, method)
    assert answer is not None, f"closed without an answer, wanted {case.statuses}"
    assert answer.status in case.statuses, f"{answer.status}, wanted {case.statuses}"
    if case.verdict == "either" and answer.status >= 400:
        assert client.at_end(), "the connection stays open after a refusal"


def expect_closed(client, _):
    answer = read(client, "GET")
    assert answer is None or 400 <= answer.status < 600, answer
    assert client.at_end(), "the connection stays open"


def expect_head_then_get(client, _):
    first = read(client, "HEAD")
    second = read(client, "GET")
    assert first is not None and second is not None, "an answer is missing"
    assert second.status == 200, second


VERDICTS = {"reject": expect_refusal, "accept": expect_answers, "answer": expect_one,
            "either": expect_one, "closed": expect_closed, "head-then-get": expect_head_then_get}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_f20_request_framing(gateway, upstream, case):
    with Client(gateway.port, timeout=3) as client:
        send(client, case, gateway.port)
        VERDICTS[case.verdict](client, case)
    models = [json.loads(request.body).get("model") for request in upstream.requests]
    assert "smuggled" not in models, "the hidden request was run"
    if "upstream" in case.options:
        assert len(models) == int(case.options["upstream"]), models
    if case.verdict == "reject":
        assert not models, "a refused request reached the upstream"


def test_f20_the_gateway_is_well_after_all_cases(gateway, upstream):
    assert fetch(gateway, "GET", "/healthz").status == 200


def test_f20_there_are_enough_cases():
    assert len(CASES) >= 150
