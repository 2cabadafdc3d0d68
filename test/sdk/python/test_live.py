"""Every pair streams as it comes: the client has the first half of an answer before the upstream
sends the second."""

import http.client
import json

import pytest

from sdk.matrix.play import KEY, Stage
from support.upstreams import UPSTREAMS

SAYS = [{"role": "user", "content": "hi"}]
JSON = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
# Client → path, what is asked, what it calls itself.
CLIENTS = {
    "openai": ("/v1/chat/completions", {"messages": SAYS, "stream": True}, "x"),
    "openai_responses": ("/v1/responses", {"input": "hi", "stream": True}, "x"),
    "anthropic": ("/v1/messages", {"messages": SAYS, "max_tokens": 99, "stream": True}, "x"),
    "gemini": ("/v1beta/models/{}:streamGenerateContent?alt=sse",
               {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}, "x"),
    "gemini_array": ("/v1beta/models/{}:streamGenerateContent",
                     {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}, "x"),
    "mistral": ("/v1/chat/completions", {"messages": SAYS, "stream": True},
                "mistral-client-python/3.7.0"),
    "cohere": ("/v2/chat", {"messages": SAYS, "stream": True}, "x"),
    "ollama": ("/api/chat", {"messages": SAYS}, "x"),
    "simple": ("/ai", {"prompt": "hi", "stream": True}, "x"),
}
PAIRS = [(client, upstream) for client in CLIENTS for upstream in UPSTREAMS]


@pytest.fixture(scope="module")
def stage():
    with Stage() as one:
        yield one


@pytest.mark.parametrize("client,upstream", PAIRS, ids=[f"{c}-to-{u}" for c, u in PAIRS])
def test_live(client, upstream, stage):
    path, body, agent = CLIENTS[client]
    case = f"c{PAIRS.index((client, upstream))}"
    model = f"{upstream}/{stage.upstreams[upstream].model_for('live_stream', case)}"
    if "{}" not in path:
        body = {**body, "model": model}
    report = stage.upstreams[upstream].report(case)
    conn = http.client.HTTPConnection("127.0.0.1", stage.gateway.port, timeout=20)
    try:
        conn.request("POST", path.format(model), json.dumps(body),
                     {**JSON, "user-agent": agent, "x-goog-api-key": KEY})
        answer, heard = conn.getresponse(), b""
        while data := answer.read1(65536):
            heard += data
            if b"Hello" in heard:
                report.heard.set()
        assert answer.status == 200, heard[:500]
        assert b"ond lin" in heard, heard[-500:]  # a piece of the last line
        assert report.waited, f"held back: {heard[:500]}"
    finally:
        conn.close()
