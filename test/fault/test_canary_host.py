"""P1, P15, P32, P43: nothing that a caller sends chooses where our key goes.

A property over names and places: every field and header by which some gateway or SDK has ever let
its caller choose a host, in the body's top level and inside of other values, in the query, as a
header, with a URL, a host, a JSON object as its value. The canary must not get one connection, and
what goes to the configured upstream must not carry the name as a header.
"""

import itertools
import json

import pytest

from support import answers
from support.client import Client, chat, chat_body, fetch, request
from support.gateway import Gateway, edge
from support.upstream import Upstream

SECRET = "sk-not-for-the-canary-0123456789"

FIELDS = """
api_base base_url baseUrl baseURL base-url openai_api_base openai_base_url OPENAI_BASE_URL endpoint
endpoint_url azure_endpoint azureEndpoint azure_deployment api_url url uri host hostname origin
custom_host customHost proxy http_proxy https_proxy proxy_url upstream upstream_url target
target_url backend server server_url provider_url gateway_url callback_url webhook webhook_url
redirect_uri aws_bedrock_runtime_endpoint bedrock_endpoint vertex_ai_location vertex_project region
resource resource_name account organization_url organization deployment deployment_id api_version
custom_llm_provider provider providers config router route fallbacks model_list litellm_params
extra_body extra_headers extra_query headers default_headers transport http_client connection
""".split()

HEADERS = """
x-portkey-custom-host x-portkey-config x-portkey-provider x-portkey-virtual-key
x-portkey-azure-resource-name x-portkey-vertex-region x-base-url x-api-base x-api-url x-endpoint
x-upstream x-upstream-url x-target x-target-url x-target-host x-backend x-proxy x-proxy-url
x-provider x-provider-url x-host x-forwarded-host x-forwarded-server x-original-host
x-original-url x-rewrite-url x-http-host-override x-real-host forwarded via
helicone-target-url helicone-openai-api-base helicone-target-provider cf-aig-endpoint
cf-aig-base-url cf-aig-custom-provider openai-base-url openai-api-base azure-endpoint
api-base base-url x-litellm-api-base x-litellm-base-url x-bf-base-url x-goog-api-endpoint
x-amz-endpoint x-envoy-original-dst-host x-envoy-upstream-alt-stat-name x-kong-upstream
x-envoy-original-path x-accel-redirect x-sendfile destination location referer origin-host
x-signalbox-base-url x-signalbox-upstream x-signalbox-provider x-signalbox-host x-signalbox-url
proxy-connection proxy-authorization x-stainless-base-url
""".split()

def values(canary) -> list:
    """The ways of writing a host."""
    here = f"127.0.0.1:{canary.port}"
    return [canary.url, here, f"http://{here}", f"//{here}/v1",
            {"url": canary.url, "base_url": canary.url}, [canary.url]]


@pytest.fixture(scope="module")
def canary():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    with Gateway(edge(shared_upstream.port, key=SECRET)) as gateway:
        yield gateway


@pytest.fixture
def unheard(gateway, upstream, canary):
    """Whatever a test sends: nobody calls at the canary, and the upstream gets clean headers."""
    yield
    assert not canary.connections, "a caller chose where to go"
    allowed = {"host", "content-type", "content-length", "authorization", "accept", "user-agent",
               "accept-encoding", "x-request-id", "x-signalbox-hop"}
    for sent in upstream.requests:
        assert {name.lower() for name, _ in sent.headers} <= allowed, sent.headers
        assert sent.header("host") == f"127.0.0.1:{upstream.port}"
        assert sent.target == "/v1/chat/completions", sent.target


def ask(client: Client, body: bytes, headers=(), path: str = "/v1/chat/completions"):
    client.send(request("POST", path, body, headers))
    answer = client.read_answer("POST")
    assert answer.status in (200, 400), answer
    return answer


def test_p1_no_field_of_the_body_chooses_the_host(gateway, upstream, canary, unheard):
    places = (lambda n, v: {n: v},
              lambda n, v: {"metadata": {n: v if isinstance(v, str) else json.dumps(v)}},
              lambda n, v: {"extra_body": {n: v}, "litellm_params": {n: v}, "config": {n: v}},
              lambda n, v: {"stream_options": {n: v}, "response_format": {"type": "text", n: v}})
    with Client(gateway.port) as client:
        for name, value, place in itertools.product(FIELDS, values(canary), places):
            ask(client, chat_body(**{"text": "x", **place(name, value)}))
    assert len(upstream.requests) > len(FIELDS) * 10, "most were refused: the test proves little"


def test_p1_no_field_of_a_message_chooses_the_host(gateway, upstream, canary, unheard):
    with Client(gateway.port) as client:
        for name in FIELDS:
            message = {"role": "user", "content": "hi", name: canary.url}
            ask(client, json.dumps({"model": "edge/m", "messages": [message]}).encode())


def test_p15_no_header_chooses_the_host(gateway, upstream, canary, unheard):
    with Client(gateway.port) as client:
        for name, value in itertools.product(HEADERS, values(canary)):
            text = value if isinstance(value, str) else json.dumps(value)
            ask(client, chat_body(), [(name, text)])
    assert len(upstream.requests) > len(HEADERS) * 5


def test_p1_no_parameter_of_the_query_chooses_the_host(gateway, upstream, canary, unheard):
    with Client(gateway.port) as client:
        for name in FIELDS + HEADERS:
            ask(client, chat_body(), (), f"/v1/chat/completions?{name}={canary.url}&x=1")


def test_p1_no_model_name_chooses_the_host(gateway, upstream, canary):
    here = f"127.0.0.1:{canary.port}"
    for model in (canary.url, f"openai/{canary.url}", f"edge@{here}/m", f"{canary.url}/edge/m",
                  f"//{here}/m", f"edge/../../@{here}/m", f"edge/m@{here}", f"edge/m#{canary.url}",
                  f"edge/m?base_url={canary.url}", f"edge/\r\nHost: {here}", f"edge/ HTTP/1.1\r\n"):
        assert chat(gateway, model).status in (200, 400, 404), model
    assert not canary.connections
    for sent in upstream.requests:
        assert sent.target == "/v1/chat/completions", sent.target
        assert sent.header("host") == f"127.0.0.1:{upstream.port}"


def test_p15_no_request_target_makes_a_proxy_of_us(gateway, upstream, canary):
    """The absolute form and CONNECT are what a forward proxy would follow."""
    here = f"127.0.0.1:{canary.port}"
    own = f"127.0.0.1:{gateway.port}"
    for target, host in ((f"http://{here}/v1/chat/completions", here),
                         (f"http://{here}/v1/chat/completions", own),
                         (f"https://{here}/v1/chat/completions", here),
                         (f"HTTP://{here}/v1/chat/completions", here),
                         (f"http://{own}@{here}/v1/chat/completions", own),
                         (f"//{here}/v1/chat/completions", own), (here, here),
                         (f"@{here}/v1/chat/completions", own),
                         (f"/{here}/v1/chat/completions", own),
                         (f"/http://{here}/v1/chat/completions", own)):
        for method in ("POST", "CONNECT", "GET", "OPTIONS"):
            with Client(gateway.port) as client:
                client.send(request(method, target, chat_body(), host=host))
                assert client.read_head().status in (200, 400, 404, 405, 421, 501), (method, target)
    assert not canary.connections
    assert all(r.header("host") == f"127.0.0.1:{upstream.port}" for r in upstream.requests)


def test_p15_the_host_field_is_not_followed(gateway, upstream, canary):
    for host in (f"127.0.0.1:{canary.port}", f"localhost:{canary.port}"):
        assert fetch(gateway, "POST", "/v1/chat/completions", chat_body(), host=host).status == 200
    assert not canary.connections


def test_p32_a_redirect_of_the_upstream_is_not_followed(gateway, upstream, canary):
    from support import scripts

    for status in (301, 302, 303, 307, 308):
        upstream.default = scripts.answer({}, status, [("Location", canary.url)])
        assert chat(gateway, f"edge/redirect-{status}").status == 502
    assert not canary.connections


def test_p15_urls_inside_a_prompt_are_not_fetched(gateway, upstream, canary):
    parts = [{"type": "image_url", "image_url": {"url": canary.url + "/x.png"}},
             {"type": "input_audio", "input_audio": {"data": canary.url, "format": "wav"}},
             {"type": "file", "file": {"file_data": canary.url, "file_id": canary.url}}]
    for part in parts:
        content = [{"type": "text", "text": canary.url}, part]
        assert chat(gateway, messages=[{"role": "user", "content": content}]).status == 200
    assert not canary.connections


def test_p15_an_upstreams_words_are_not_followed(gateway, upstream, canary):
    """Alt-Svc, Link and the like tell browsers where else to go."""
    from support import scripts

    fields = [("Alt-Svc", f'h2="127.0.0.1:{canary.port}"'), ("Link", f"<{canary.url}>; rel=next"),
              ("Location", canary.url), ("Refresh", f"0;url={canary.url}"),
              ("x-signalbox-base-url", canary.url)]
    upstream.default = scripts.answer(answers.completion("ok"), 200, fields)
    for _ in range(3):
        assert chat(gateway, "edge/hints").text() == "ok"
    assert not canary.connections
