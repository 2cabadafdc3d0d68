"""P36, P37: one reading of a path, whoever looks at it; and answers that do not wait for a body.

With an access key set, no spelling of a path may open what the canonical path does not.
"""

import itertools
import json

import pytest

from support import answers, scripts
from support.client import Client, Closed, chat, chat_body, chat_request, fetch, request
from support.gateway import Gateway, edge
from support.upstream import Upstream

from fault.faults import assert_error

KEY = "sb-test-key-0123456789abcdef"
BEARER = ("Authorization", f"Bearer {KEY}")
# What wants the key, and what is open beside it.
GUARDED = [("GET", "/metrics"), ("GET", "/v1/models"), ("GET", "/v1/models/sim/echo"),
           ("GET", "/api/health/targets"), ("GET", "/api/requests/req_0"),
           ("POST", "/v1/chat/completions"), ("POST", "/v1/embeddings")]
OPEN = ["/healthz", "/readyz", "/"]
BODIES = {"/v1/chat/completions": chat_body(),
          "/v1/embeddings": b'{"model":"edge/e","input":"x"}'}


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = edge(shared_upstream.port)
    config["access"] = {"key": KEY}
    with Gateway(config) as gateway:
        yield gateway


def spellings(path: str) -> list[str]:
    """Other ways of writing `path`, and ways that lead to it through an open one."""
    first = path[1:2]
    found = ["/" + path, path + "/", path + "//", path + "/.", path + ";", path + ";a=b",
             path + "%20", path + "%09", path + "%00", path + "%0d%0a", path + "%2f", path + "%23",
             path + "%3f", path + ".", path + "..", path + "\\", path + "~", path + ".json",
             "/." + path, "/.." + path, "/%2e" + path, "/%2e%2e" + path, "/x/.." + path,
             "/x/%2e%2e" + path, "/x/%2E%2E" + path, "/x/..;" + path, "/x/.%2e" + path,
             "/%2f" + path[1:], "/%5c" + path[1:], "\\" + path[1:], "/\\" + path[1:],
             path.upper(), path.title(), f"/%{ord(first):02x}{path[2:]}",
             f"/%{ord(first):02X}{path[2:]}", f"/%25{ord(first):02x}{path[2:]}",
             path.replace("/", "//"), path.replace("/", "/./"), path.replace("/", "%2f"),
             path.replace("/", "\\"), path.replace("/", "/;/"),
             path.replace("/", "/%ef%bc%8f"), "/%c0%af" + path[1:], "/%u002f" + path[1:]]
    for free in OPEN[:2]:
        found += [free + path, free + "/.." + path, free + "/..;" + path, free + "/%2e%2e" + path,
                  free + "%2f.." + path, free + "\\.." + path, free + ";" + path,
                  free + "?" + path, free + "#" + path, free + "%3f/.." + path]
    return [one for one in found if one != path]


def raw(gateway, method: str, target: str, body: bytes | None, headers=()) -> tuple[int, bytes]:
    with Client(gateway.port) as client:
        client.send(request(method, target, body, headers))
        try:
            answer = client.read_answer(method)
        except (Closed, ConnectionError):
            return 0, b""
        return answer.status, answer.body


@pytest.mark.parametrize("method,path", GUARDED)
def test_p36_no_spelling_opens_what_the_path_does_not(gateway, upstream, method, path):
    body = BODIES.get(path)
    assert raw(gateway, method, path, body)[0] == 401
    open_bodies = {raw(gateway, "GET", free, None)[1] for free in OPEN}
    for target in spellings(path):
        status, told = raw(gateway, method, target, body)
        if status == 200:  # then it is an open page, as it stands, and nothing else
            assert told in open_bodies and target.startswith(tuple(OPEN)), (target, told[:100])
        else:
            assert status in (400, 401, 404, 405), (target, status)
    assert not upstream.requests, "a request got through without the key"


@pytest.mark.parametrize("method,path", GUARDED)
def test_p36_with_the_key_a_spelling_is_the_path_or_nothing(gateway, upstream, method, path):
    canonical, _ = raw(gateway, method, path, BODIES.get(path), [BEARER])
    for target in spellings(path):
        status, _ = raw(gateway, method, target, BODIES.get(path), [BEARER])
        assert status in (canonical, 400, 404, 405) or target.startswith(tuple(OPEN[:2])), \
            (target, status)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "get",
                                    "Get", "GET\x00", "TRACE", "PROPFIND", "X-GET"])
def test_p36_no_method_opens_it_either(gateway, upstream, method):
    for _, path in GUARDED:
        if (method, path) in (("POST", "/v1/chat/completions"), ("POST", "/v1/embeddings")):
            continue
        status, _ = raw(gateway, method, path, None)
        assert status in (400, 401, 404, 405, 501), (method, path, status)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"):
        status, _ = raw(gateway, "GET", "/metrics", None, [(name, "OPTIONS")])
        assert status == 401, name


@pytest.mark.parametrize("name", ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri",
                                  "X-Forwarded-Path", "X-Forwarded-Prefix",
                                  "X-Envoy-Original-Path"])
def test_p36_a_header_is_no_path(gateway, upstream, name):
    for free, (_, path) in itertools.product(OPEN, GUARDED):
        plain = raw(gateway, "GET", free, None)
        assert raw(gateway, "GET", free, None, [(name, path)]) == plain, (free, path)
        assert raw(gateway, "GET", path, None, [(name, free)])[0] in (401, 405)


@pytest.mark.parametrize("byte", [b"\0", b"\x01", b"\x08", b"\x0b", b"\x0c", b"\x1b", b"\x7f"])
@pytest.mark.parametrize("where", ["value", "credential", "name", "host", "target"])
def test_p36_control_bytes_are_refused(gateway, upstream, where, byte):
    """A NUL ends a string for one reader and not for the next."""
    parts = {"value": b"x-a: b%bc", "credential": b"Authorization: Bearer " + KEY.encode() + b"%bx",
             "name": b"x%ba: b", "host": b"", "target": b""}
    line = (parts[where] or b"x-a: b").replace(b"%b", byte)
    host = b"localhost" + (byte if where == "host" else b"")
    target = b"/v1/models" + (byte if where == "target" else b"")
    with Client(gateway.port) as client:
        client.send(b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\n" + line + b"\r\n"
                    + (b"" if where == "credential" else b"Authorization: Bearer " + KEY.encode()
                       + b"\r\n") + b"\r\n")
        assert_error(client.read_answer(), 400)
        assert client.at_end(), "what follows could be read in two ways"


# P37: an early answer while a body is still coming. (path, header lines, status)

LONG = b"Content-Length: 300000\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
AUTH = b"Authorization: Bearer " + KEY.encode() + b"\r\n"
EARLY = {
    "401": (b"/v1/chat/completions", LONG, 401),
    "401-wrong": (b"/v1/chat/completions", LONG + b"Authorization: Bearer no\r\n", 401),
    "401-get": (b"/metrics", LONG, 405),
    "404": (b"/nowhere", LONG + AUTH, 404),
    "405": (b"/v1/models", LONG + AUTH, 405),
    "403": (b"/v1/chat/completions", LONG + AUTH + b"Origin: https://evil.example\r\n", 403),
    "413": (b"/v1/chat/completions", b"Content-Length: 99999999999\r\n" + AUTH, 413),
    "417": (b"/v1/chat/completions", LONG + AUTH + b"Expect: tea\r\n", 417),
    "400-length": (b"/v1/chat/completions", b"Content-Length: 3, 4\r\n" + AUTH, 400),
}


def inner() -> bytes:
    """Requests that would be answered, were they taken for requests."""
    one = chat_request("edge/smuggled", headers=[BEARER])
    return (one * (300_000 // len(one) + 1))[:300_000]


@pytest.mark.parametrize("name", sorted(EARLY))
@pytest.mark.parametrize("pace", ["at-once", "after-the-answer"])
def test_p37_leftover_body_is_never_a_request(gateway, upstream, name, pace):
    """The body is made of requests. Drained or closed, none of them may be run."""
    path, fields, status = EARLY[name]
    with Client(gateway.port) as client:
        client.send(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\n"
                    b"Content-Type: application/json\r\n" + fields + b"\r\n")
        if pace == "at-once":
            client.send_lenient(inner())
        answer = client.read_answer("POST")
        assert answer.status in (status, 400), answer
        if pace != "at-once":
            client.send_lenient(inner())
        client.send_lenient(request("GET", "/healthz"))
        rest = client.read_rest(0.5)
        assert rest.count(b"HTTP/1.1 ") <= 1, "the body was answered as requests"
        assert not rest or rest.startswith(b"HTTP/1.1 200"), rest[:100]
    assert not upstream.requests, "a request inside the body was run"
    assert chat(gateway, text="next", headers=[BEARER]).text() == "next"


@pytest.mark.parametrize("path,status", [(b"/v1/chat/completions", 401), (b"/nowhere", 404)])
def test_p37_leftover_chunks_are_never_a_request(gateway, upstream, path, status):
    with Client(gateway.port) as client:
        client.send(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\n" + CHUNKED + b"\r\n")
        body = inner()[:60_000]
        client.send_lenient(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        assert client.read_answer("POST").status == status
        client.send_lenient(request("GET", "/healthz"))
        rest = client.read_rest(0.5)
        assert rest.count(b"HTTP/1.1 ") <= 1 and (not rest or rest.startswith(b"HTTP/1.1 200"))
    assert not upstream.requests


def test_p37_a_small_body_behind_an_early_answer(gateway, upstream):
    """What came with the head is not the next request either."""
    body = chat_request("edge/smuggled", headers=[BEARER])
    for path, fields, status in EARLY.values():
        if b"300000" not in fields:
            continue
        fields = fields.replace(b"300000", str(len(body)).encode())
        with Client(gateway.port) as client:
            client.send(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\n" + fields + b"\r\n"
                        + body + request("GET", "/healthz"))
            assert client.read_answer("POST").status == status
            rest = client.read_rest(0.5)
            assert rest.count(b"HTTP/1.1 ") <= 1 and b"chatcmpl" not in rest, (path, rest[:200])
    assert not upstream.requests


@pytest.mark.parametrize("status", [400, 404, 413, 429, 500])
def test_p37_an_upstream_that_answers_before_it_has_the_body(status):
    """Its connection is half written: it is not used for the next request."""
    async def early(conn):
        await conn.send(scripts.whole(json.dumps(answers.error("no", "auth")).encode(), status,
                                      [("Retry-After", "0")]))

    async def silence(conn, _):
        pass

    with Upstream() as hasty:
        config = edge(hasty.port)
        config["retry"] = {"attempts": 1}
        with Gateway(config) as lonely:
            hasty.on_connect = lambda conn, _: early(conn)
            hasty.plan.append(silence)  # the body arrives later and is answered no more
            answer = fetch(lonely, "POST", "/v1/chat/completions",
                           chat_body("edge/m", "x" * 3_000_000))
            assert answer.status >= 400, answer
            hasty.on_connect = None
            hasty.forget()
            assert chat(lonely, "edge/other", "clean").text() == "clean"
