"""Recorded OpenAI answers, replayed through the program to the SDK: what went in comes out."""

import json

import openai
import pytest

from support import scripts
from support.client import fetch, sse_data
from support.gateway import ROOT, Gateway, edge
from support.upstream import Upstream

FOLDER = ROOT.parent / "shared" / "fixtures" / "openai"


def exchanges():
    found = []
    for path in sorted(FOLDER.glob("*.exchanges.json")):
        for number, item in enumerate(json.loads(path.read_text())):
            url = item["request"]["url"]
            asked = item["request"].get("body_json") or item["request"].get("body_text")
            if not url.endswith(("/chat/completions", "/embeddings")) or not asked:
                continue
            asked = json.loads(asked) if isinstance(asked, str) else asked
            found.append(pytest.param(url, asked, item["response"],
                                      id=f"{path.name.removesuffix('.exchanges.json')}-{number}"))
    return found


CASES = exchanges() if FOLDER.is_dir() else []


def body_of(answer: dict) -> bytes:
    if answer.get("body_text") is not None:
        return answer["body_text"].encode()
    return json.dumps(answer.get("body_json")).encode()


@pytest.fixture(scope="module")
def replay():
    with Upstream() as upstream, Gateway(edge(upstream.port)) as gateway:
        yield upstream, gateway


@pytest.mark.skipif(not CASES, reason="../shared/fixtures is not there")
@pytest.mark.parametrize("url,asked,answer", CASES)
def test_recorded_exchange(replay, url, asked, answer):
    upstream, gateway = replay
    body, status = body_of(answer), answer["status"]
    streamed = body.startswith((b"data:", b"event:", b":"))
    upstream.default = scripts.raw(scripts.whole(
        body, status, kind="text/event-stream" if streamed else "application/json"))
    path = "/chat/completions" if "chat" in url else "/embeddings"
    got = fetch(gateway, "POST", "/v1" + path,
                json.dumps({**asked, "model": "edge/" + asked["model"]}).encode())
    assert got.status == status
    if status == 401:  # told with the provider's name, so that nobody takes it for the client's key
        said, told = json.loads(body)["error"], got.json()["error"]
        assert said["message"][:60] in told["message"] and told["code"] == "invalid_api_key"
    elif not streamed:
        assert got.json() == json.loads(body)
    else:
        wanted = sse_data(body)
        asked_usage = (asked.get("stream_options") or {}).get("include_usage")
        if not asked_usage:
            wanted = [e for e in wanted if e == "[DONE]" or json.loads(e).get("choices") != []]
        assert [e if e == "[DONE]" else json.loads(e) for e in sse_data(got.body)] == \
            [e if e == "[DONE]" else json.loads(e) for e in wanted]
    sent = json.loads(upstream.requests[-1].body)
    changed = {k for k in sent if sent[k] != asked.get(k)} | (set(asked) - set(sent))
    assert changed <= {"stream_options"}, f"changed on the way: {changed}"


@pytest.mark.skipif(not CASES, reason="../shared/fixtures is not there")
def test_recorded_stream_through_the_sdk(replay):
    """One recorded stream read by the SDK itself."""
    upstream, gateway = replay
    for case in CASES:
        _, asked, answer = case.values
        body = body_of(answer)
        if asked.get("stream") and answer["status"] == 200 and body.startswith(b"data:"):
            upstream.default = scripts.raw(scripts.whole(body, kind="text/event-stream"))
            with openai.OpenAI(base_url=gateway.url + "/v1", api_key="x") as sdk:
                chunks = list(sdk.chat.completions.create(
                    model="edge/" + asked["model"], messages=asked["messages"], stream=True))
            assert chunks
            return
    pytest.skip("no recorded stream")
