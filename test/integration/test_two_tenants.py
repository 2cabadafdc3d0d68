"""P4, P5, P10, P18, P20, P23, P24, P31, P43: every route with every role, as somebody else, as nobody.

The routes are those that the program tells of itself, so a new one is tried without being named here.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from support import openapi, scripts
from support.client import chat_body, fetch
from support.gateway import Gateway, edge
from support.management import Caller
from support.openapi import METHODS, ROLES
from support.process import eventually
from support.town import ID, LISTS, Town

OPERATIONS = openapi.operations()
NAMES = [f"{each.method} {each.path}" for each in OPERATIONS]
WITH_IDS = [each for each in OPERATIONS if "{" in each.path and each.path.startswith("/api/")]
WITH_BODY = [each for each in OPERATIONS if each.schema]
ABSENT = {kind: f"{kind[:-1]}_{'0' * 31}7" for kind in ("keys", "users", "teams", "projects",
                                                          "tenants", "budgets")}
NOBODYS = {**ABSENT, "user": ABSENT["users"], "requests": "req_" + "0" * 32, "model": "none/such"}


def named(operation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.fixture(scope="module")
def town(shared_upstream):
    shared_upstream.default = scripts.answer()
    config = {**edge(shared_upstream.port), "identity": {"keys": "required"}}
    with Gateway(config) as gateway:
        made = Town(gateway, "edge/m")
        assert eventually(lambda: len(made.north.admin.every("/api/requests")) == 1)
        assert eventually(lambda: len(made.south.admin.every("/api/requests")) == 1)
        yield made
        assert gateway.alive(), gateway.log()[-3000:]


def valid(operation, **given) -> dict | None:
    """A body that nothing is wrong with."""
    if operation.method not in ("POST", "PUT", "PATCH"):
        return None
    if operation.members().get("subject", {}).get("type") == "object":
        given = {"subject": {"kind": "user", "name": ABSENT["users"]}, **given}
    if "all" in operation.members():
        given = {"all": True, **given}
    if not operation.schema:
        given = {"model": "none/such"}  # a call
    return operation.body(**given)


def ask(caller, operation, path: str, body=None, query: dict | None = None):
    body = valid(operation) if body is None else body
    return caller.ask(operation.method, path, body, query=query)


# who may do what

@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_a_route_is_for_the_roles_that_it_names(town, operation):
    path = operation.filled(NOBODYS)
    for token in ("", "sk-x-garbage", "sb_garbage"):
        answer = ask(Caller(town.gateway, token), operation, path)
        assert (answer.status == 401) != operation.open, (token, answer.status)
    for installation, callers in ((False, town.north.callers), (True, town.installation)):
        for role, caller in callers.items():
            # A key without an owner is for admins to make: a body that lacks more gets further.
            body = {} if named(operation) == "POST /api/keys" else None
            status = ask(caller, operation, path, body).status
            if operation.allows(role, installation):
                assert status not in (401, 403, 405), (role, installation, status)
            else:
                assert status == 403, (role, installation, status)


def test_what_no_route_names_is_not_there(town):
    known = {(each.method, each.path) for each in OPERATIONS}
    for path in {each.path for each in OPERATIONS}:
        if "{model}" in path:
            continue  # several routes share its forms
        filled = next(each for each in OPERATIONS if each.path == path).filled(NOBODYS)
        for method in METHODS:
            if (method, path) not in known:
                answer = town.mayor.ask(method, filled, {})
                assert answer.status in (404, 405), (method, path, answer.status)
    for path in ("/api", "/api/", "/api/keys/", "//api/keys", "/api//keys", "/API/keys", "/admin",
                 "/api/keys/..", "/api/./keys", "/v1/../api/keys", "/api/keys;a", "/api/%6beys",
                 "/healthz/../api/keys", "/metrics/", "/debug", "/internal", "/api/jobs"):
        answer = fetch(town.gateway, "GET", path)
        assert answer.status in (400, 401, 404), (path, answer.status)


# who sees what

@pytest.mark.parametrize("operation", WITH_IDS, ids=map(named, WITH_IDS))
def test_what_is_another_tenants_is_not_there(town, operation):
    before = town.north.inside()
    path = operation.filled(town.north.ids)
    queries = [None, {"tenant": town.north.id}] if operation.takes("tenant") else [None]
    for role, caller in town.south.callers.items():
        for query in queries:
            answer = ask(caller, operation, path, query=query)
            allowed = operation.allows(role, False)
            assert answer.status == (404 if allowed else 403), (role, answer.status, answer.body)
            check_nothing_of(town.north, answer)
    assert town.north.inside() == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_no_query_reaches_into_another_tenant(town, operation):
    before = town.north.inside()
    path = operation.filled({**town.south.ids, "requests": NOBODYS["requests"]})
    filters = {"key": town.north.ids["keys"], "user": town.north.ids["users"],
               "team": town.north.ids["teams"], "project": town.north.ids["projects"],
               "owner": town.north.ids["users"], "tag": "north-tag", "agent": "north-agent",
               "search": "north", "value": town.north.ids["users"], "tenant": town.north.id,
               "entity_id": town.north.ids["keys"], "after": town.north.ids["keys"]}
    for name, value in filters.items():
        if not operation.takes(name):
            continue
        if operation.method != "GET" and name != "tenant":
            continue
        query = {name: value, **({"by": "user"} if name == "value" else {})}
        answer = ask(town.south.admin, operation, path, query=query)
        if name == "tenant":
            assert answer.status in (403, 404), (answer.status, answer.body)
        check_nothing_of(town.north, answer, sent=value)
        if name == "value" and answer.status == 200:
            assert answer.body.count(b'"calls":') == answer.body.count(b'"calls":0'), answer.body
    assert town.north.inside() == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=map(named, WITH_BODY))
def test_no_body_names_what_is_another_tenants(town, operation):
    before, ids = town.north.inside(), town.north.ids
    path = operation.filled(town.south.ids)
    foreign = {"owner": ids["users"], "team": ids["teams"], "project": ids["projects"],
               "user": ids["users"]}
    bodies = [valid(operation, **{name: foreign[name]}) for name in foreign if name in
              operation.members()]
    if operation.members().get("subject", {}).get("type") == "object":
        bodies += [valid(operation, subject={"kind": kind, "name": ids[kind + "s"]})
                   for kind in ("tenant", "team", "user", "key", "project")]
        bodies += [valid(operation, subject={"kind": kind, "name": name})
                   for kind, name in (("total", ""), ("provider", "edge"), ("model", "m"))]
    for body in bodies:
        answer = ask(town.south.admin, operation, path, body)
        assert answer.status in (400, 403, 404), (body, answer.status, answer.body)
        check_nothing_of(town.north, answer)
    assert town.north.inside() == before


def check_nothing_of(tenant, answer, sent: str = ""):
    text = answer.body.decode().replace(sent, "") if sent else answer.body.decode()
    assert tenant.name + "-" not in text, text
    assert not set(ID.findall(text)) & set(tenant.ids.values()), text


def test_lists_and_totals_are_the_tenants_own(town):
    for kind in LISTS:
        rows = town.south.admin.every(f"/api/{kind}")
        assert rows, kind
        assert "north" not in json.dumps(rows, default=str)
        assert "south" in json.dumps(rows, default=str) or kind in ("budgets", "limits"), kind
    for path in ("/api/audit?limit=200", "/api/audit/export", "/api/whoami", "/v1/models"):
        check_nothing_of(town.north, town.south.admin.ask("GET", path))
    assert town.south.admin.get("/api/usage/total")["calls"] == 1
    for by in ("key", "user", "team", "project", "agent", "tag", "tenant"):
        rows = town.south.admin.get("/api/usage", by=by)["data"]
        assert len(rows) == 1, (by, rows)
        assert "north" not in json.dumps(rows, default=str)


# more than was given

@pytest.mark.parametrize("operation", WITH_BODY, ids=map(named, WITH_BODY))
def test_members_that_are_not_for_callers_are_refused(town, operation):
    """P5: every member of every form, where this route does not take it."""
    everything = {name for each in openapi.description()["components"]["schemas"].values()
                  for name in each["properties"]}
    path = operation.filled(town.south.ids)
    before = town.south.inside()
    for name in everything - set(operation.members()):
        answer = ask(town.south.admin, operation, path, valid(operation, **{name: None}))
        assert answer.status in (400, 403), (name, answer.status, answer.body)
        answer = ask(town.south.admin, operation, path, valid(operation, **{name: "admin"}))
        assert answer.status in (400, 403), (name, answer.status, answer.body)
    assert town.south.inside() == before


NARROW = {"role": "member", "models": ["edge/m"], "providers": ["edge"], "dialects": ["openai_chat"],
          "privacy": "internal", "expires": "2090-01-01"}
WIDER = {"role": "admin", "models": ["*"], "providers": ["*"], "dialects": [], "privacy": "public",
         "expires": "never"}


@pytest.mark.parametrize("member", WIDER)
def test_nobody_gives_more_than_they_have(town, member):
    """P4: by making a key, or by changing their own."""
    made = town.south.admin.post("/api/keys", {"name": f"narrow {member}", **NARROW})
    caller, own = Caller(town.gateway, made["token"]), f"/api/keys/{made['key']['id']}"
    wider = WIDER[member]
    answer = caller.ask("POST", "/api/keys", {"name": "wide", **NARROW, member: wider})
    assert answer.status == 403, (answer.status, answer.body)
    answer = caller.ask("PATCH", own, {member: wider})
    assert answer.status == 403, (answer.status, answer.body)
    assert town.south.admin.get(own)[member] == made["key"][member]


def test_nobody_raises_themselves(town):
    admin = town.south.admin
    user = admin.post("/api/users", {"name": "climber", "role": "member"})
    key = admin.post("/api/keys", {"name": "climber's", "owner": user["id"], "role": "member"})
    caller = Caller(town.gateway, key["token"])
    for change in ({"role": "admin"}, {"active": True}, {"email": "x@example.com"},
                   {"name": "renamed", "role": "operator"}):
        assert caller.ask("PATCH", f"/api/users/{user['id']}", change).status == 403, change
    assert admin.get(f"/api/users/{user['id']}")["role"] == "member"
    assert caller.ask("PATCH", f"/api/users/{user['id']}", {"name": "renamed"}).status == 200


# secrets that are none

@pytest.fixture(scope="module")
def spent_tokens(town):
    admin = town.south.admin
    revoked = admin.post("/api/keys", {"name": "revoked"})
    admin.post(f"/api/keys/{revoked['key']['id']}/revoke", {})
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    expired = admin.post("/api/keys", {"name": "expired", "expires": soon.strftime(
        "%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"})
    asker = Caller(town.gateway, expired["token"])
    assert eventually(lambda: asker.ask("GET", "/api/whoami").status == 401, 3)
    return revoked["token"], expired["token"]


def spoilt(token: str):
    start, identifier, secret = token.split("_")
    other = "a" if secret[-1] != "a" else "b"
    return ("null", "undefined", "0", "[]", "true", "sb_", "sb__", start + "_" + identifier,
            f"{start}_{identifier}_", f"{start}_{identifier}_null", f"{start}_{identifier}_%",
            f"{start}__{secret}", f"{start}_{identifier}_{secret[:-1]}",
            f"{start}_{identifier}_{secret[:-1]}{other}", f"{start}_{identifier}_{secret}a",
            f"{start}_{'0' * 32}_{secret}", token.upper(), secret, identifier)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.open],
                         ids=[named(each) for each in OPERATIONS if not each.open])
def test_a_secret_that_is_none_opens_nothing(town, spent_tokens, operation):
    """P13, P26: also a key's id without its secret, another one's secret, a key that is dead."""
    path = operation.filled(town.south.ids)
    for token in (*spoilt(town.south.admin.token), *spent_tokens):
        assert ask(Caller(town.gateway, token), operation, path).status == 401, token


# models

@pytest.mark.parametrize("operation", openapi.calls(OPERATIONS),
                         ids=map(named, openapi.calls(OPERATIONS)))
def test_what_a_key_may_call_holds_on_every_route(town, shared_upstream, operation):
    """P31: the list of models is asked in every dialect, before anything is sent."""
    made = town.south.admin.post("/api/keys", {"name": "listed", "models": ["edge/allowed"]})
    calls = len(shared_upstream.requests)
    path = operation.path.replace("{model}", "edge/other")
    texts = {"input": "hi", "prompt": "hi", "query": "hi", "documents": ["a", "b"], "texts": ["hi"],
             "contents": [{"role": "user", "parts": [{"text": "hi"}]}], "voice": "alloy",
             "requests": [{"content": {"parts": [{"text": "hi"}]}}], "max_tokens": 5,
             "content": {"parts": [{"text": "hi"}]}, "input_type": "search_query"}
    body = json.dumps({**json.loads(chat_body("edge/other")), **texts}).encode()
    headers = [("Authorization", f"Bearer {made['token']}")]
    if "/audio/tr" in path:
        body = (b'--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nedge/other\r\n--b\r\n'
                b'content-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n'
                b"--b--\r\n")
        headers.append(("Content-Type", "multipart/form-data; boundary=b"))
    answer = fetch(town.gateway, "POST", path, body, headers)
    assert answer.status == 403, (answer.status, answer.body)
    assert len(shared_upstream.requests) == calls


# what callers write down

METADATA = {"__proto__": {"role": "admin"}, "constructor": "x", "$ref": "#/components", "@type": "key",
            "env": "${HOME}", "file": {"file": "/etc/passwd"}, "lc": 1, "'; DROP TABLE keys; --": "'",
            "unicode": "\u00e9\u4e16\U0001f600", "tenant": "tenant_x", "": "an empty name"}


def test_names_and_metadata_are_text_and_nothing_else(town):
    """P21, P27: words that mean something elsewhere come back as they went in."""
    admin = town.south.admin
    for name in ("${HOME}", "{file: /etc/passwd}", "%", "a_b", "'; DROP TABLE keys; --", "<b>&", "\\"):
        made = admin.post("/api/keys", {"name": name, "metadata": METADATA})["key"]
        read = admin.get(f"/api/keys/{made['id']}")
        assert read["name"] == name and read["metadata"] == METADATA
        assert read["role"] == "member" and read["tenant"] == town.south.id
    for metadata in ({str(n): "x" for n in range(10_000)}, {"long": "x" * 20_000}, [1], "text"):
        answer = admin.ask("POST", "/api/keys", {"name": "x", "metadata": metadata})
        assert answer.status in (400, 413), answer.status


def test_a_search_is_for_the_letters_that_it_has(town):
    """P14: the database's wildcards are letters."""
    admin = town.south.admin
    admin.post("/api/teams", {"name": "100%_sure"})
    for text, found in (("%", 1), ("_", 1), ("0%_s", 1), ("0__s", 0), ("100", 1), ("%%", 0)):
        rows = admin.every("/api/teams", search=text)
        assert len(rows) == found, (text, rows)
    assert admin.ask("GET", "/api/teams", query={"search": "%" * 1000}).status == 400
