"""What others rely on: routes, status codes, answer headers, error form, health."""

import json
import re

import pytest

from support import answers, scripts
from support.client import Client, chat, chat_body, chat_request, fetch, request
from support.gateway import Gateway, edge
from support.process import eventually
from support.scale import SANITIZED


def error_of(answer):
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "param", "code"}, error
    assert isinstance(error["message"], str) and error["message"]
    assert isinstance(error["type"], str) and error["type"]
    assert answer.header("content-type").startswith("application/json")
    return error


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_answer(gateway, path):
    answer = fetch(gateway, "GET", path)
    assert answer.status == 200
    assert fetch(gateway, "HEAD", path).status in (200, 405)


def test_chat_goes_to_the_named_upstream(gateway, upstream):
    answer = chat(gateway, text="over there")
    assert answer.status == 200 and answer.text() == "over there"
    asked = upstream.requests[0]
    assert (asked.method, asked.target) == ("POST", "/v1/chat/completions")
    assert json.loads(asked.body)["model"] == "gpt-4o-mini"
    assert asked.header("host") == f"127.0.0.1:{upstream.port}"
    assert asked.header("content-type").startswith("application/json")
    assert int(asked.header("content-length")) == len(asked.body)


def test_answer_headers(gateway, upstream):
    answer = chat(gateway)
    assert re.fullmatch(r"req_[0-9a-zA-Z-]{20,}", answer.header("x-signalbox-request-id"))
    assert answer.header("x-signalbox-provider") == "edge"
    assert answer.header("x-signalbox-model") == "gpt-4o-mini"
    assert 0 <= float(answer.header("x-signalbox-overhead-us")) < 1_000_000
    assert answer.header("content-type").startswith("application/json")


def test_request_ids_differ_and_rise(gateway, upstream):
    ids = [chat(gateway).header("x-signalbox-request-id") for _ in range(20)]
    assert len(set(ids)) == 20
    times = [request_id.removeprefix("req_").replace("-", "")[:12] for request_id in ids]
    assert times == sorted(times), "UUIDv7: the first 48 bits are the time"


def test_a_model_name_with_slashes_keeps_them(gateway, upstream):
    assert chat(gateway, "edge/meta-llama/Llama-3.1-8B:free").status == 200
    assert json.loads(upstream.requests[0].body)["model"] == "meta-llama/Llama-3.1-8B:free"


def test_embeddings_go_through(gateway, upstream):
    body = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
            "model": "e", "usage": {"prompt_tokens": 3, "total_tokens": 3}}
    upstream.default = scripts.answer(body)
    answer = fetch(gateway, "POST", "/v1/embeddings", b'{"model":"edge/e","input":"x"}')
    assert answer.status == 200 and answer.json() == body
    assert upstream.requests[0].target == "/v1/embeddings"
    assert json.loads(upstream.requests[0].body) == {"model": "e", "input": "x"}


def test_the_key_of_the_provider_is_sent(upstream):
    with Gateway(edge(upstream.port, key="sk-upstream-secret-1234567890")) as keyed:
        chat(keyed, headers=[("Authorization", "Bearer sk-of-the-client")])
        assert upstream.requests[0].header("authorization") == \
            "Bearer sk-upstream-secret-1234567890"
        assert b"sk-of-the-client" not in upstream.requests[0].raw
        assert "sk-upstream-secret" not in keyed.log(), "a secret in the log"


def test_a_key_from_the_environment(upstream):
    config = edge(upstream.port, key="${EDGE_KEY}")
    with Gateway(config, env={"EDGE_KEY": "sk-from-env-1"}) as keyed:
        chat(keyed)
        assert upstream.requests[0].header("authorization") == "Bearer sk-from-env-1"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_unknown_routes(gateway, method):
    answer = fetch(gateway, method, "/v1/nowhere", None if method == "GET" else b"{}")
    assert answer.status == 404
    error_of(answer)


@pytest.mark.parametrize("method,path,allowed", [
    ("GET", "/v1/chat/completions", "POST"), ("PUT", "/v1/chat/completions", "POST"),
    ("DELETE", "/v1/embeddings", "POST"), ("POST", "/v1/models", "GET"),
    ("POST", "/healthz", "GET"), ("DELETE", "/metrics", "GET"), ("POST", "/v1/models/x", "GET")])
def test_wrong_method(gateway, method, path, allowed):
    answer = fetch(gateway, method, path, None if method == "GET" else b"{}")
    assert answer.status == 405
    assert allowed in [word.strip() for word in answer.header("allow").split(",")]
    error_of(answer)


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"7", b'"x"', b"{}", b'{"model":"edge/m"}',
    b'{"messages":[]}', b'{"model":7,"messages":[{"role":"user","content":"x"}]}',
    b'{"model":"","messages":[{"role":"user","content":"x"}]}',
    b'{"model":null,"messages":[{"role":"user","content":"x"}]}',
    b'{"model":"edge/m","messages":"x"}', b'{"model":"edge/m","messages":{}}',
    b'{"model":"edge/m","messages":[7]}', b'{"model":"edge/m","messages":[],}',
    b'{"model":"edge/m","messages":[{"role":"user","content":"x"}]} x',
    b'{"model":"edge/m","messages":[{"role":"user","content":"\xff"}]}',
    b"{'model':'edge/m'}", b'{"model":"edge/m","messages":[{"role":"user","content":"x"}],"a":01}',
    b'{"model":"edge/m","messages":[{"role":"user","content":"x"}],"a":NaN}',
    b'{"model":"edge/m","messages":[{"role":"user","content":"\n"}]}',
    b'\xef\xbb\xbf{"model":"edge/m","messages":[{"role":"user","content":"x"}]}',
    b'{"model":"edge/m","messages":[{"role":"user","content":"x"}],"stream":"yes"}',
])
def test_bodies_that_are_no_request(gateway, upstream, body):
    answer = fetch(gateway, "POST", "/v1/chat/completions", body)
    assert answer.status == 400, answer
    error_of(answer)
    assert not upstream.requests, "it reached the upstream"


@pytest.mark.parametrize("body", [
    b'{"model":"edge/m","model":"edge/n","messages":[{"role":"user","content":"x"}]}',
    b'{"model":"edge/m","mod\\u0065l":"edge/n","messages":[{"role":"user","content":"x"}]}',
    b'{"model":"edge/m","messages":[{"role":"user","role":"system","content":"x"}]}',
    b'{"model":"edge/m","messages":[{"role":"user","content":"x"}],"x":{"a":1,"b":{"c":1,"c":2}}}',
    b'{"model":"edge/m","messages":[{"role":"user","content":"x"}],"n":1,"\\u006e":2}',
])
def test_duplicate_keys_are_refused(gateway, upstream, body):
    """Compared unescaped: two readers must not see two different requests."""
    answer = fetch(gateway, "POST", "/v1/chat/completions", body)
    assert answer.status == 400
    error_of(answer)
    assert not upstream.requests


def test_unknown_models(gateway, upstream):
    for model in ("nobody/m", "there-is-no-such-model", "/", "edge/", "/m"):
        answer = chat(gateway, model)
        assert answer.status in (400, 404), (model, answer)
        error_of(answer)
    assert chat(gateway, "nobody/m").json()["error"]["code"] == "model_not_found"
    assert not upstream.requests


@pytest.fixture(scope="module")
def once(shared_upstream):
    """A gateway that tries nothing twice."""
    with Gateway({**edge(shared_upstream.port), "retry": {"attempts": 1}}) as gateway:
        yield gateway


# A model each: what a status says of one (or of its key) is not to speak against the next one's.
# What a vendor says of our key, 401 and 402, is in fault/test_rate_limits.py.
@pytest.mark.parametrize("status", [400, 403, 404, 408, 409, 422, 429, 500, 502, 503, 529])
def test_errors_of_the_upstream_pass(once, upstream, status):
    body = answers.error("as it said", "some_type", "some_code", "some_param")
    upstream.default = scripts.answer(body, status, [("Retry-After", "7")])
    answer = chat(once, f"edge/says-{status}")
    assert answer.status == status
    assert answer.json() == body
    assert answer.header("retry-after") == "7"


def test_an_upstream_error_that_is_no_json(once, upstream):
    upstream.default = scripts.answer(b"<html>Bad Gateway</html>", 503)
    answer = chat(once, "edge/says-html")
    assert answer.status in (502, 503)
    error_of(answer)


def test_models_list(gateway):
    body = fetch(gateway, "GET", "/v1/models").json()
    assert body["object"] == "list" and body["data"]
    for model in body["data"]:
        assert model["object"] == "model" and model["id"] and "owned_by" in model
        assert isinstance(model["created"], int)
    name = body["data"][0]["id"]
    one = fetch(gateway, "GET", f"/v1/models/{name}")
    assert one.status == 200 and one.json() == body["data"][0]


def test_configured_models_are_listed(upstream):
    with Gateway(edge(upstream.port, models=["gpt-4o-mini", "org/model-7"])) as gateway:
        names = [m["id"] for m in fetch(gateway, "GET", "/v1/models").json()["data"]]
        assert {"edge/gpt-4o-mini", "edge/org/model-7"} <= set(names), names
        assert fetch(gateway, "GET", "/v1/models/edge/org/model-7").status == 200


def test_one_unknown_model(gateway):
    answer = fetch(gateway, "GET", "/v1/models/no-such-model")
    assert answer.status == 404
    error_of(answer)


def test_without_configuration_sim_answers(sim_gateway):
    answer = chat(sim_gateway, "auto", "hello")
    assert answer.status == 200 and answer.text()
    assert answer.header("x-signalbox-provider") == "sim"
    echo = chat(sim_gateway, "sim/echo", "say this")
    assert echo.text() == "say this"
    usage = echo.json()["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_keep_alive_and_many_requests_on_one_connection(gateway, upstream):
    with Client(gateway.port) as client:
        for number in range(200):
            client.send(chat_request(text=f"n{number}"))
            assert client.read_answer().text() == f"n{number}"
    assert len(upstream.connections) == 1, "the upstream connection is not reused"


def test_bodies_of_every_size(gateway, upstream):
    """Across the borders of read buffers, in both directions."""
    for size in (0, 1, 1000, 4095, 4096, 4097, 16383, 16384, 16385, 65535, 65536, 65537, 1_000_000):
        text = "x" * size
        assert chat(gateway, text=text).text() == text


def test_a_request_in_single_bytes(gateway, upstream):
    with Client(gateway.port) as client:
        for byte in chat_request(text="drop by drop"):
            client.send(bytes([byte]))
        assert client.read_answer().text() == "drop by drop"


def test_starts_fast():
    with Gateway() as gateway:
        assert chat(gateway, "sim/echo").status == 200
        assert SANITIZED or gateway.started_in < 0.5, f"{gateway.started_in:.3f} s"


def test_listens_twice_on_port_zero():
    with Gateway() as one, Gateway() as two:
        assert one.port != two.port


def test_one_data_directory_belongs_to_one_process():
    from support.gateway import run_cli

    with Gateway() as gateway:
        done = run_cli("serve", "--listen", "127.0.0.1:0", "--data", gateway.data, timeout=10)
        assert done.returncode not in (0, -6, -11)
        assert done.stderr + done.stdout


def test_the_ledger_books_each_call_once(gateway, upstream):
    before = len(gateway.settlements())
    answer = chat(gateway, text="booked")
    wanted = answer.header("x-signalbox-request-id")
    records = eventually(lambda: [r for r in gateway.ledger() if r["request_id"] == wanted
                                  and r["type"] == "settlement"], 2, 0.05)
    assert len(records) == 1
    record = records[0]
    assert record["provider"] == "edge" and record["model"] == "gpt-4o-mini"
    assert record["outcome"] == "ok" and record["status"] == 200 and record["streamed"] is False
    assert (record["input_tokens"], record["output_tokens"]) == (11, 7)
    assert (record["cached_tokens"], record["reasoning_tokens"]) == (3, 2)
    assert len(gateway.settlements()) == before + 1
    both = [r["type"] for r in gateway.ledger() if r["request_id"] == wanted]
    assert both == ["intent", "settlement"]


def test_settled_before_the_last_byte(gateway, upstream):
    """What a client has seen whole is in the journal at that moment."""
    for stream in (False, True):
        upstream.default = scripts.stream() if stream else scripts.answer()
        answer = chat(gateway, stream=stream)
        wanted = answer.header("x-signalbox-request-id")
        assert [r for r in gateway.settlements() if r["request_id"] == wanted]


def test_a_refused_call_is_booked_as_failed(once, upstream):
    upstream.default = scripts.answer(answers.error("no", "x"), 429)
    answer = chat(once, "edge/limited")
    wanted = answer.header("x-signalbox-request-id")
    found = [r for r in once.settlements() if r["request_id"] == wanted]
    assert [(r["outcome"], r["status"]) for r in found] == [("failed", 429)]


def test_a_request_that_is_refused_here_is_not_booked(gateway, upstream):
    before = len(gateway.ledger())
    fetch(gateway, "POST", "/v1/chat/completions", b"{")
    assert len(gateway.ledger()) == before


def test_bad_hints_are_named(gateway, upstream):
    answer = chat(gateway, headers=[("x-signalbox-max-latency", "soon")])
    assert answer.status == 400
    assert "max-latency" in error_of(answer)["message"]


def test_a_latency_hint_is_a_limit(gateway, upstream):
    import time

    upstream.default = scripts.hang()
    began = time.monotonic()
    answer = chat(gateway, headers=[("x-signalbox-max-latency", "400ms")])
    assert answer.status == 504
    assert 0.3 <= time.monotonic() - began <= 1.0


def test_a_model_hint_decides_auto(gateway, upstream):
    """R-10: the preferred model, where the request leaves the choice to us."""
    answer = chat(gateway, "auto", headers=[("x-signalbox-model", "edge/wished-for")])
    assert answer.status == 200
    assert json.loads(upstream.requests[0].body)["model"] == "wished-for"


def test_hints_are_not_sent_on(gateway, upstream):
    chat(gateway, headers=[("x-signalbox-user", "u-1"), ("x-signalbox-tags", "a,b"),
                           ("x-signalbox-session", "s-1")])
    assert not [n for n, _ in upstream.requests[0].headers
                if n.lower().startswith("x-signalbox-user")]
    assert b"s-1" not in upstream.requests[0].raw


def test_content_type_of_a_request_is_not_decisive(gateway, upstream):
    """OpenAI's own clients always say JSON, but many scripts do not."""
    answer = fetch(gateway, "POST", "/v1/chat/completions", chat_body(),
                   [("Content-Type", "application/json; charset=utf-8")])
    assert answer.status == 200


def test_head_of_models_has_no_body(gateway):
    with Client(gateway.port) as client:
        client.send(request("HEAD", "/v1/models") + request("GET", "/healthz"))
        client.read_answer("HEAD")
        assert client.read_answer("GET").status == 200
