"""The access key: with one configured every API route asks for it, and nothing else opens it."""

import subprocess

import pytest

from support.client import chat, chat_body, fetch
from support.gateway import Gateway, edge, run_cli

KEY = "sb-test-key-0123456789abcdef"


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = edge(shared_upstream.port)
    config["access"] = {"key": KEY}
    with Gateway(config) as gateway:
        yield gateway


def test_the_key_opens(gateway, upstream):
    assert chat(gateway, headers=[("Authorization", f"Bearer {KEY}")]).status == 200
    assert chat(gateway, headers=[("authorization", f"bearer {KEY}")]).status == 200
    assert KEY.encode() not in upstream.requests[0].raw, "our key went to the upstream"


WRONG = [[], [("Authorization", "")], [("Authorization", "Bearer ")],
         [("Authorization", "Bearer x")], [("Authorization", KEY)], [("Authorization", f"Basic {KEY}")],
         [("Authorization", f"Bearer {KEY}x")], [("Authorization", f"Bearer {KEY[:-1]}")],
         [("Authorization", f"Bearer {KEY.upper()}")], [("Cookie", f"key={KEY}")],
         [("X-Api-Key", "")], [("Authorization", "Bearer null")],
         [("Authorization", "Bearer undefined")]]


@pytest.mark.parametrize("headers", WRONG, ids=range(len(WRONG)))
@pytest.mark.parametrize("method,path", [("POST", "/v1/chat/completions"),
                                         ("POST", "/v1/embeddings"), ("GET", "/v1/models"),
                                         ("GET", "/v1/models/sim/echo")])
def test_everything_else_does_not(gateway, upstream, method, path, headers):
    body = chat_body() if method == "POST" else None
    answer = fetch(gateway, method, path, body, headers)
    assert answer.status == 401, answer
    assert answer.json()["error"]["message"]
    assert not upstream.requests


def test_probes_stay_open(gateway, upstream):
    for path in ("/healthz", "/readyz"):
        assert fetch(gateway, "GET", path).status == 200


def test_two_credentials_that_differ_are_refused(gateway, upstream):
    """Which of the two counts must not be a question."""
    answer = chat(gateway, headers=[("Authorization", "Bearer wrong"),
                                    ("Authorization", f"Bearer {KEY}")])
    assert answer.status in (400, 401)


def test_every_byte_as_a_key(gateway, upstream):
    """P2: no byte in a credential does anything but be wrong."""
    for code in range(0x20, 0x100):
        value = f"Bearer {chr(code)}' OR 1=1--"
        assert chat(gateway, headers=[("Authorization", value)]).status in (400, 401), code
    assert not upstream.requests


def test_a_key_allows_other_addresses(tmp_path):
    with Gateway({"access": {"key": KEY}, "server": {"workers": 1}}, listen="0.0.0.0:0") as gateway:
        gateway.host = "127.0.0.1"
        answer = fetch(gateway, "GET", "/v1/models", None, [("Authorization", f"Bearer {KEY}")],
                       host="signalbox.example")
        assert answer.status == 200


@pytest.mark.parametrize("key", ["", " ", "short", "none"])
def test_a_key_that_is_none_is_refused_or_is_no_key(tmp_path, key):
    """P13, P26: an empty secret must never open a listener to the network."""
    path = tmp_path / "c.yaml"
    path.write_text(f'access: {{ key: "{key}" }}\nserver: {{ listen: "0.0.0.0:0" }}\n')
    try:
        done = run_cli("serve", "--config", str(path), "--data", str(tmp_path / "d"), timeout=5)
    except subprocess.TimeoutExpired:
        pytest.fail("it serves")
    assert done.returncode not in (0, -6, -11)
