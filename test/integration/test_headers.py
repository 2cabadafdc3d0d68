"""Hop-by-hop fields, credentials and our own headers, in both directions."""

import json

from support import scripts
from support.client import chat, chat_body, fetch
from support.gateway import Gateway, edge

HOP = [("Connection", "x-drop, keep-alive"), ("X-Drop", "1"), ("Keep-Alive", "timeout=5"),
       ("TE", "trailers"), ("Proxy-Connection", "keep-alive"),
       ("Proxy-Authorization", "Basic eHg6eHg="), ("Trailer", "x-sum")]
SECRETS = [("Authorization", "Bearer sk-client-1234567890"), ("Cookie", "session=client"),
           ("X-Api-Key", "client-key"), ("Api-Key", "client-key"),
           ("OpenAI-Organization", "org-client"), ("X-Goog-Api-Key", "client-key")]


def names(request) -> set:
    return {name.lower() for name, _ in request.headers}


def test_hop_by_hop_fields_are_not_sent_on(gateway, upstream):
    assert chat(gateway, headers=HOP).status == 200
    got = names(upstream.requests[0])
    assert not got & {"x-drop", "keep-alive", "te", "proxy-connection", "proxy-authorization",
                      "trailer", "upgrade"}, got


def test_credentials_of_the_client_are_not_sent_on(gateway, upstream):
    assert chat(gateway, headers=SECRETS).status == 200
    raw = upstream.requests[0].raw
    for value in (b"sk-client", b"session=client", b"client-key"):
        assert value not in raw, raw
    assert "authorization" not in names(upstream.requests[0])


def test_where_a_request_came_from_is_not_sent_on(gateway, upstream):
    sent = [("X-Forwarded-For", "10.1.2.3"), ("Forwarded", "for=10.1.2.3"),
            ("X-Real-IP", "10.1.2.3"), ("Via", "1.1 somebody"),
            ("Referer", "http://localhost/private")]
    chat(gateway, headers=sent)
    assert b"10.1.2.3" not in upstream.requests[0].raw
    assert b"private" not in upstream.requests[0].raw


def test_one_of_each_framing_field(gateway, upstream):
    chat(gateway)
    got = [name.lower() for name, _ in upstream.requests[0].headers]
    for name in ("host", "content-length", "content-type"):
        assert got.count(name) == 1, got
    assert "transfer-encoding" not in got


def test_a_chunked_request_is_sent_with_a_length(gateway, upstream):
    from support.client import Client

    body = chat_body()
    with Client(gateway.port) as client:
        client.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                    b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        assert client.read_answer("POST").status == 200
    assert upstream.requests[0].header("content-length") == str(len(upstream.requests[0].body))


def test_our_own_names_in_an_upstreams_answer_are_dropped(gateway, upstream):
    forged = [("x-signalbox-request-id", "req_forged"), ("X-Signalbox-Provider", "forged"),
              ("x-signalbox-cost", "0"), ("x-signalbox-anything", "1")]
    upstream.default = scripts.answer(headers=forged)
    answer = chat(gateway)
    assert answer.header("x-signalbox-request-id") != "req_forged"
    assert answer.header("x-signalbox-provider") == "edge"
    assert answer.header("x-signalbox-cost") is None
    assert answer.header("x-signalbox-anything") is None


def test_hop_by_hop_fields_of_an_answer_are_dropped(gateway, upstream):
    upstream.default = scripts.answer(headers=[
        ("Connection", "x-drop"), ("X-Drop", "1"), ("Keep-Alive", "timeout=5"),
        ("Proxy-Authenticate", "Basic"), ("Trailer", "x-sum")])
    answer = chat(gateway)
    assert answer.status == 200
    for name in ("x-drop", "keep-alive", "proxy-authenticate", "trailer"):
        assert answer.header(name) is None, name


def test_what_an_upstream_may_not_set_at_a_client(gateway, upstream):
    upstream.default = scripts.answer(headers=[
        ("Set-Cookie", "a=b"), ("Access-Control-Allow-Origin", "*"),
        ("Strict-Transport-Security", "max-age=1"), ("Alt-Svc", 'h3=":443"'),
        ("Location", "http://evil.example/")])
    answer = chat(gateway)
    for name in ("set-cookie", "access-control-allow-origin", "strict-transport-security",
                 "alt-svc"):
        assert answer.header(name) is None, name


def test_retry_after_of_an_answer_is_kept(upstream):
    upstream.default = scripts.answer(status=429, headers=[("Retry-After", "3")])
    with Gateway({**edge(upstream.port), "retry": {"attempts": 1}}) as once:
        assert chat(once).header("retry-after") == "3"


def test_a_request_id_of_the_client_is_not_taken_for_ours(gateway, upstream):
    answer = chat(gateway, headers=[("x-signalbox-request-id", "req_mine")])
    assert answer.header("x-signalbox-request-id") != "req_mine"


def test_no_answer_names_the_program_behind(gateway, upstream):
    upstream.default = scripts.answer(headers=[("Server", "cloudflare"), ("X-Powered-By", "PHP")])
    answer = chat(gateway)
    assert answer.header("x-powered-by") is None
    assert len(answer.all("server")) <= 1 and len(answer.all("date")) <= 1


def test_error_answers_carry_the_request_id(gateway, upstream):
    answer = fetch(gateway, "POST", "/v1/chat/completions", b"{")
    assert answer.status == 400
    assert answer.header("x-signalbox-request-id").startswith("req_")


def test_no_field_injection_by_the_model_name(gateway, upstream):
    body = json.dumps({"model": "edge/a\r\nX-Evil: 1", "messages": [
        {"role": "user", "content": "x"}]}).encode()
    answer = fetch(gateway, "POST", "/v1/chat/completions", body)
    assert answer.header("x-evil") is None
