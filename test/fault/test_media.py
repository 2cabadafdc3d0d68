"""F52: what a request names by URL is fetched for vendors that take bytes alone, and from nowhere
that the caller has no business with."""

import base64
import json

import pytest

from support import scripts
from support.client import fetch
from support.gateway import Gateway
from support.upstream import Upstream

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
ANSWER = {"candidates": [{"content": {"role": "model", "parts": [{"text": "A picture."}]},
                          "finishReason": "STOP", "index": 0}],
          "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 7}}

# Where a caller's URL may not lead: the program's own machine, its network, the clouds' metadata, in
# every spelling, and other schemes.
PRIVATE = ["http://127.0.0.1:{port}/a.png", "http://127.1:{port}/a.png", "http://0.0.0.0:{port}/a.png",
           "http://0:{port}/a.png", "http://2130706433:{port}/a.png", "http://0x7f000001:{port}/a.png",
           "http://0177.0.0.1:{port}/a.png", "http://[::1]:{port}/a.png",
           "http://[::ffff:127.0.0.1]:{port}/a.png", "http://[::ffff:7f00:1]:{port}/a.png",
           "http://localhost:{port}/a.png", "http://localhost.:{port}/a.png",
           "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/a.png",
           "http://172.16.0.1/a.png", "http://192.168.1.1/a.png", "http://100.64.0.1/a.png",
           "http://[fd00::1]/a.png", "http://[fe80::1]/a.png", "http://198.18.0.1/a.png",
           "http://user@127.0.0.1:{port}/a.png", "http://user:pass@127.0.0.1:{port}/a.png",
           "http://127.0.0.1:{port}\\@example.com/a.png", "http://１２７.0.0.1:{port}/a.png"]


@pytest.fixture
def pictures():
    with Upstream() as upstream:
        upstream.default = scripts.raw(scripts.whole(PICTURE, kind="image/png"))
        yield upstream


def config(vendor, **media) -> dict:
    return {"providers": {"g": {"type": "gemini", "base_url": f"http://127.0.0.1:{vendor.port}", "key": "k"}},
            "media": {"time": "2s", **media}}


def look_at(gateway, url: str):
    body = {"model": "g/m", "messages": [{"role": "user", "content": [
        {"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]}]}
    return fetch(gateway, "POST", "/v1/chat/completions", body=json.dumps(body).encode(),
                 headers=[("content-type", "application/json")])


@pytest.fixture
def vendor():
    with Upstream() as upstream:
        upstream.default = scripts.answer(ANSWER)
        yield upstream


def test_f52_a_picture_is_fetched_from_a_host_that_is_allowed(vendor, pictures):
    with Gateway(config(vendor, allow=["127.0.0.1"])) as gateway:
        answer = look_at(gateway, f"http://127.0.0.1:{pictures.port}/a.png")
    assert answer.status == 200, answer.body
    part = json.loads(vendor.requests[-1].body)["contents"][0]["parts"][1]["inlineData"]
    assert part["mimeType"] == "image/png"
    assert base64.b64decode(part["data"]) == PICTURE
    names = {name.lower() for name, _ in pictures.requests[-1].headers}
    assert not names & {"authorization", "x-goog-api-key", "cookie"}


def test_f52_no_url_leads_to_a_private_place(vendor, pictures):
    with Gateway(config(vendor)) as gateway:
        for form in PRIVATE:
            url = form.format(port=pictures.port)
            answer = look_at(gateway, url)
            assert answer.status == 400, (url, answer.status, answer.body)
            error = json.loads(answer.body)["error"]
            assert error["param"] == "messages[0].content[1]", (url, error)
    assert not pictures.requests
    assert not vendor.requests


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/a.png"])
def test_f52_other_schemes_are_never_opened(vendor, scheme):
    with Gateway(config(vendor)) as gateway:
        answer = look_at(gateway, scheme)
    assert answer.status in (200, 400)
    for request in vendor.requests:  # Google may be told of a URI; nothing of ours was opened
        assert b"root:" not in request.body


def test_f52_a_redirect_is_checked_like_the_first_address(vendor, pictures):
    with Upstream() as trap, Gateway(config(vendor, allow=["127.0.0.1"])) as gateway:
        trap.default = scripts.raw(scripts.whole(PICTURE, kind="image/png"))
        pictures.default = scripts.answer({}, 302, [("Location", f"http://[::1]:{trap.port}/b.png")])
        answer = look_at(gateway, f"http://127.0.0.1:{pictures.port}/a.png")
        assert answer.status == 400, answer.body
        pictures.default = scripts.answer({}, 302, [("Location", "/a.png")])
        answer = look_at(gateway, f"http://127.0.0.1:{pictures.port}/a.png")
        assert answer.status == 400 and b"redirect" in answer.body, answer.body
    assert not trap.requests


def test_f52_what_is_too_large_or_not_there_is_the_callers_error(vendor, pictures):
    with Gateway(config(vendor, allow=["127.0.0.1"], bytes="1KiB")) as gateway:
        pictures.default = scripts.raw(scripts.whole(bytes(4096), kind="image/png"))
        answer = look_at(gateway, f"http://127.0.0.1:{pictures.port}/a.png")
        assert answer.status == 400, answer.body
        pictures.default = scripts.answer({}, 404)
        answer = look_at(gateway, f"http://127.0.0.1:{pictures.port}/a.png")
        assert answer.status == 400 and b"404" in answer.body, answer.body
    assert not vendor.requests


def test_f52_nothing_is_fetched_when_that_is_off(vendor, pictures):
    with Gateway(config(vendor, fetch=False, allow=["127.0.0.1"])) as gateway:
        answer = look_at(gateway, f"http://127.0.0.1:{pictures.port}/a.png")
    assert answer.status == 400 and b"media.fetch" in answer.body, answer.body
    assert not pictures.requests
