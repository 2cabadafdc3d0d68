"""Tokens of an OpenID Connect issuer as credentials, for calls of models and for the API."""

import concurrent.futures
import json
import os
import signal
import time

import pytest

pytest.importorskip("cryptography", reason="the Python package cryptography is not installed")

from support.client import Client, chat, chat_request, fetch  # noqa: E402
from support.gateway import Gateway, edge  # noqa: E402
from support.issuer import AUDIENCE, Issuer, Key, shared_secret, token_of  # noqa: E402
from support.process import eventually  # noqa: E402

ACCESS_KEY = "sb-test-key-0123456789abcdef"
ROLES = ["boss=admin", "dev=member", "guest=viewer"]


@pytest.fixture
def issuer():
    with Issuer() as running:
        yield running


def configured(upstream, issuer, **more):
    config = edge(upstream.port)
    config["access"] = {"key": ACCESS_KEY}
    config["identity"] = {"oidc": {"ours": {"issuer": issuer.name, "audience": [AUDIENCE],
                                            "role_map": ROLES, **more}}}
    return config


@pytest.fixture
def running(upstream, issuer):
    """A gateway of one worker, so that what it has asked the issuer can be counted."""
    with Gateway(configured(upstream, issuer)) as gateway:
        yield gateway


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


def ask(gateway, token):
    """The status of a call of a model."""
    return chat(gateway, headers=bearer(token), timeout=30).status


def whoami(gateway, token):
    answer = fetch(gateway, "GET", "/api/whoami", None, bearer(token))
    assert answer.status == 200, answer
    return answer.json()


def test_a_token_calls_models_and_the_api_by_its_role(running, issuer, upstream):
    for key in issuer.keys:
        dev = issuer.token("anna", "dev", key=key)
        assert ask(running, dev) == 200
        assert fetch(running, "GET", "/api/users", None, bearer(dev)).status == 403
    me = whoami(running, issuer.token("anna", "dev"))
    assert (me["role"], me["installation"], me["name"]) == ("member", False, "Anna")
    assert me["id"] == me["user"]
    guest = issuer.token("gast", "guest")
    assert ask(running, guest) == 403
    assert fetch(running, "GET", "/v1/models", None, bearer(guest)).status == 200
    boss = issuer.token("chef", "boss", "dev")
    users = fetch(running, "GET", "/api/users", None, bearer(boss))
    assert {user["subject"] for user in users.json()["data"]} == {"anna", "gast", "chef"}
    # Every vendor's way of sending a credential.
    assert chat(running, headers=[("x-api-key", issuer.token("anna", "dev"))]).status == 200
    assert all(b"eyJ" not in request.raw for request in upstream.requests), "a token went upstream"
    assert issuer.key_fetches() == 1
    assert ask(running, ACCESS_KEY) == 200


def refused(issuer):
    first, curve = issuer.keys
    now = int(time.time())
    good = issuer.claims("anna", "dev")
    stranger = Key(first.name)
    head, body, tail = issuer.token("anna", "dev").split(".")
    _, bosses, _ = issuer.token("anna", "boss").split(".")
    kid = {"kid": first.name}
    return {
        "expired": issuer.token("anna", "dev", exp=now - 120),
        "without an end": token_of({"alg": "RS256", **kid},
                                   {n: v for n, v in good.items() if n != "exp"}, first.sign),
        "not valid yet": issuer.token("anna", "dev", nbf=now + 600),
        "of the future": issuer.token("anna", "dev", iat=now + 600),
        "another audience": issuer.token("anna", "dev", aud="another"),
        "no audience": issuer.token("anna", "dev", aud=[]),
        "another issuer": issuer.token("anna", "dev", iss="http://127.0.0.1:1"),
        "the issuer spelled otherwise": issuer.token("anna", "dev", iss=issuer.name + "/"),
        "alg none": token_of({"alg": "none"}, good, lambda _: b""),
        "alg none with a signature": token_of({"alg": "none", **kid}, good, first.sign),
        "HS256 with the public key": token_of({"alg": "HS256", **kid}, good,
                                              shared_secret(first.pem())),
        "RS256 over the public key as a secret": token_of({"alg": "RS256", **kid}, good,
                                                          shared_secret(first.pem())),
        "ES256 by the name of an RSA key": token_of({"alg": "ES256", **kid}, good, curve.sign),
        "a stranger's key": token_of({"alg": "RS256", **kid}, good, stranger.sign),
        "a key that the token brings along": token_of(
            {"alg": "RS256", **kid, "jwk": stranger.jwk()}, good, stranger.sign),
        "other claims under the signature": ".".join((head, bosses, tail)),
        "no signature": f"{head}.{body}.",
        "more behind it": f"{head}.{body}.{tail}x",
        "no role here": issuer.token("anna", "cleaner"),
        "no subject": issuer.token("", "dev"),
        "dots": "..",
        "three words": "a.b.c",
    }


def test_what_is_not_right_is_refused(running, issuer, upstream):
    assert ask(running, issuer.token("anna", "dev")) == 200
    upstream.forget()
    for what, token in refused(issuer).items():
        answer = chat(running, headers=bearer(token))
        assert answer.status == 401, what
        assert answer.header("www-authenticate") == "Bearer", what
        error = answer.json()["error"]
        assert error["message"], what
        assert token not in running.log() and token not in error["message"], what
        for path in ("/v1/messages", "/api/whoami", "/metrics"):
            method = "POST" if path == "/v1/messages" else "GET"
            answer = fetch(running, method, path, b"{}" if method == "POST" else None,
                           bearer(token))
            assert answer.status == 401, (what, path)
    assert not upstream.requests
    assert issuer.key_fetches() <= 2


def test_made_up_key_ids_make_nobody_ask(running, issuer):
    assert ask(running, issuer.token("anna", "dev")) == 200
    stranger = Key("made up")

    def made_up(place):
        stranger_name = f"made-up-{place}"
        return ask(running, token_of({"alg": "RS256", "kid": stranger_name},
                                     issuer.claims("anna", "dev"), stranger.sign))

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert set(pool.map(made_up, range(64))) == {401}
    assert issuer.key_fetches() == 2  # the first token's, and one search
    assert ask(running, issuer.token("bert", "dev")) == 200


def test_the_issuer_changes_its_keys(running, issuer):
    old = issuer.keys[0]
    known = issuer.token("anna", "dev")
    for _ in range(2):  # the first makes the user, and nothing is remembered over such a change
        assert ask(running, known) == 200
    issuer.keys = [Key("second")]
    assert ask(running, issuer.token("anna", "dev")) == 200, "its first token finds the new key"
    assert issuer.key_fetches() == 2
    issuer.keys = [Key("third")]
    assert ask(running, issuer.token("anna", "dev")) == 200, "as often as it likes"
    assert ask(running, known) == 200, "what was checked is good until it ends"
    assert ask(running, issuer.token("bert", "dev", key=old)) == 401


def test_the_issuer_is_away(running, issuer):
    issuer.stop()
    answer = chat(running, headers=bearer(issuer.token("anna", "dev")))
    assert answer.status == 503
    assert int(answer.header("retry-after")) > 0
    assert answer.json()["error"]["message"]
    assert answer.header("www-authenticate") is None
    assert fetch(running, "GET", "/api/whoami", None,
                 bearer(issuer.token("anna", "dev"))).status == 503
    assert ask(running, ACCESS_KEY) == 200
    issuer.start()
    known = issuer.token("anna", "dev")
    assert eventually(lambda: ask(running, known) == 200, timeout=10, pause=0.2)
    issuer.stop()
    assert ask(running, known) == 200
    assert ask(running, issuer.token("bert", "dev")) == 200, "its keys are known"
    assert ask(running, issuer.token("anna", "dev", key=Key("new"))) == 503, "it may be new"


def test_who_is_switched_off_is_refused_within_a_second(running, issuer):
    token = issuer.token("anna", "dev")
    path = "/api/users/" + whoami(running, token)["id"]
    assert ask(running, token) == 200
    for active, status in ((False, 401), (True, 200)):
        body = json.dumps({"active": active}).encode()
        assert fetch(running, "PATCH", path, body, bearer(ACCESS_KEY)).status == 200
        begun = time.monotonic()
        assert eventually(lambda: ask(running, token) == status, timeout=1)
        assert time.monotonic() - begun < 1
    assert fetch(running, "PATCH", path, b'{"role": "viewer"}', bearer(ACCESS_KEY)).status == 200
    assert eventually(lambda: ask(running, token) == 403, timeout=1)
    assert fetch(running, "DELETE", path, None, bearer(ACCESS_KEY)).status == 204
    assert eventually(lambda: whoami(running, token)["id"] not in path, timeout=1)


def test_tokens_that_begin_alike_are_two(running, issuer):
    """P3: the whole token stands for somebody, no part of it does."""
    now = int(time.time())
    claims = {"iss": issuer.name, "aud": AUDIENCE, "roles": ["dev"], "iat": now, "exp": now + 600,
              "padding": "x" * 600}
    key = issuer.keys[0]
    header = {"alg": key.algorithm, "kid": key.name}
    anna, bert = (token_of(header, {**claims, "sub": who}, key.sign) for who in ("anna", "bert"))
    assert anna[:800] == bert[:800]
    for _ in range(2):
        assert whoami(running, anna)["id"] != whoami(running, bert)["id"]
        assert [whoami(running, each)["name"] for each in (anna, bert)] == ["anna", "bert"]


def test_who_is_made_by_a_token_is_in_the_trail(running, issuer):
    user = whoami(running, issuer.token("anna", "dev"))["id"]

    def entries():
        page = fetch(running, "GET", "/api/audit", None, bearer(ACCESS_KEY)).json()["data"]
        return [(entry["action"], entry["entity_id"], entry["user_id"],
                 entry["details"]["after"]["subject"]) for entry in page]

    assert eventually(lambda: entries() == [("user.create", user, "", "anna")], timeout=5), entries()


def test_with_an_issuer_alone_nobody_comes_in_without_a_token(upstream, issuer):
    config = configured(upstream, issuer)
    del config["access"]
    with Gateway(config) as gateway:
        assert chat(gateway).status == 401
        assert fetch(gateway, "GET", "/api/whoami").status == 401
        assert ask(gateway, issuer.token("anna", "dev")) == 200


def test_a_reload_takes_an_issuer_away_and_brings_it_back(upstream, issuer):
    with Gateway(configured(upstream, issuer)) as gateway:
        token = issuer.token("anna", "dev")
        assert ask(gateway, token) == 200
        path = os.path.join(gateway.folder, "signalbox.yaml")
        with open(path) as file:
            whole = file.read()
        without = edge(upstream.port)
        without["access"] = {"key": ACCESS_KEY}
        gateway.config = without
        gateway.command()  # writes it
        gateway.child.send_signal(signal.SIGHUP)
        assert eventually(lambda: ask(gateway, token) == 401, timeout=5)
        with open(path, "w") as file:
            file.write(whole)
        gateway.child.send_signal(signal.SIGHUP)
        assert eventually(lambda: ask(gateway, token) == 200, timeout=5)


def test_a_stop_waits_for_an_issuer_no_longer_than_the_drain(upstream, issuer):
    issuer.hold.clear()
    config = configured(upstream, issuer)
    config["server"]["drain"] = "1s"
    with Gateway(config) as running, Client(running.port) as client:
        client.send(chat_request(headers=bearer(issuer.token("anna", "dev"))))
        assert eventually(lambda: issuer.asked, timeout=5)
        begun = time.monotonic()
        running.child.send_signal(signal.SIGTERM)
        assert running.child.wait(20) == 0
        assert time.monotonic() - begun < 8
