"""Moderations, images, speech and transcriptions: through the official SDK and byte by byte."""

import asyncio
import base64
import io
import json
import os
import socket
import struct
import wave
import zlib

import openai
import pytest

from support import process, scripts
from support.client import Client, request
from support.gateway import Gateway, alone, edge, fleet
from support.process import eventually
from support.scale import SANITIZED
from support.upstream import Upstream

MIB = 1024 * 1024
BOUNDARY = "sb-boundary"
TRANSCRIPT = {"text": "Ho", "usage": {"type": "duration", "seconds": 7}}


@pytest.fixture(scope="module")
def sim_gateway():
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def sim(sim_gateway):
    return sdk(sim_gateway)


@pytest.fixture(scope="module")
def edge_upstream():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def edge_gateway(edge_upstream):
    with Gateway(alone(edge(edge_upstream.port))) as gateway:
        yield gateway


@pytest.fixture
def fake(edge_upstream):
    edge_upstream.forget()
    edge_upstream.plan.clear()
    return edge_upstream


def sdk(gateway) -> openai.OpenAI:
    return openai.OpenAI(base_url=gateway.url + "/v1", api_key="sk-any", max_retries=0, timeout=30)


def part(name: str, value: bytes, file_name: str | None = None) -> bytes:
    more = f'; filename="{file_name}"' if file_name else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def upload(body: bytes, path="/v1/audio/transcriptions", headers=()) -> bytes:
    kind = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    return request("POST", path, body, [kind, *headers])


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def post(gateway, data: bytes):
    with Client(gateway.port, timeout=30) as client:
        client.send_lenient(data)
        return client.read_answer()


def tone(seconds: float = 0.1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(int(8000 * seconds)))
    return out.getvalue()


# sim, by the SDK


def test_moderations(sim, sim_gateway):
    answer = sim.moderations.create(model="sim/guard", input=["I will kill it", "good day"])
    assert [each.flagged for each in answer.results] == [True, False]
    assert answer.results[0].categories.violence
    record = sim_gateway.settlements()[-1]
    assert record["operation"] == "moderations" and record["outcome"] == "ok"


def test_images(sim):
    answer = sim.images.generate(model="sim/painter", prompt="a cat", n=2)
    for image in answer.data:
        png = base64.b64decode(image.b64_json)
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        at, chunks = 8, {}
        while at < len(png):
            size, kind = struct.unpack(">I4s", png[at:at + 8])
            data = png[at + 8:at + 8 + size]
            assert struct.unpack(">I", png[at + 8 + size:at + 12 + size])[0] == zlib.crc32(
                kind + data)
            chunks[kind] = data
            at += 12 + size
        assert len(zlib.decompress(chunks[b"IDAT"])) == 8 * (1 + 8 * 3)
    assert answer.usage.output_tokens == 32


def test_speech(sim, sim_gateway):
    with sim.audio.speech.with_streaming_response.create(
            model="sim/voice", voice="alloy", input="grün") as answer:
        assert answer.headers["content-type"] == "audio/wav"
        sound = answer.read()
    with wave.open(io.BytesIO(sound)) as read:
        assert read.getframerate() == 8000 and read.getnframes() == 5 * 80
    assert sim_gateway.settlements()[-1]["characters"] == 4


def test_speech_as_events(sim_gateway):
    body = json.dumps({"model": "sim/voice", "voice": "v", "input": "hi",
                       "stream_format": "sse"}).encode()
    answer = post(sim_gateway, request("POST", "/v1/audio/speech", body))
    assert answer.header("content-type") == "text/event-stream"
    assert [json.loads(each)["type"] for each in answer.events()] == [
        "speech.audio.delta", "speech.audio.done"]


@pytest.mark.parametrize("kind", ["json", "verbose_json", "text", "srt", "vtt"])
def test_transcriptions(sim, kind):
    answer = sim.audio.transcriptions.create(
        model="sim/ears", file=("a.wav", tone()), response_format=kind)
    text = answer if isinstance(answer, str) else answer.text
    assert f"The file a.wav has {len(tone())} bytes." in text


def test_transcriptions_as_a_stream(sim):
    events = list(sim.audio.transcriptions.create(
        model="sim/ears", file=("a.wav", tone()), response_format="json", stream=True))
    assert events[-1].type == "transcript.text.done"
    assert "".join(e.delta for e in events[:-1]) == events[-1].text


def test_translations(sim):
    assert "a.wav" in sim.audio.translations.create(model="sim/ears", file=("a.wav", tone())).text


def test_errors_are_the_sdks_own(sim):
    with pytest.raises(openai.BadRequestError) as caught:
        sim.images.generate(model="sim/painter", prompt="a", n=11)
    assert caught.value.param == "n"
    with pytest.raises(openai.NotFoundError):
        sim.audio.speech.create(model="nobody/tts", voice="v", input="x")
    with pytest.raises(openai.BadRequestError) as caught:
        sim.post("/moderations", body={"model": "sim/m"}, cast_to=object)
    assert caught.value.param == "input"


def test_a_vendor_that_lacks_one_names_those_that_have_it():
    config = {"server": {"workers": 1}, "providers": {
        "anthropic": {"key": "sk-a"}, "groq": {"key": "sk-g"},
        "mistral": {"key": "sk-m"}, "sim": {"type": "sim"}}}
    with Gateway(config) as gateway:
        client = sdk(gateway)
        with pytest.raises(openai.BadRequestError, match="anthropic.*transcription.*groq, mistral, sim"):
            client.audio.transcriptions.create(model="anthropic/x", file=("a.wav", tone()))
        with pytest.raises(openai.BadRequestError, match="groq.*embeddings.*these have it: mistral, sim"):
            client.embeddings.create(model="groq/x", input="hi")
        with pytest.raises(openai.BadRequestError, match="groq.*making of images"):
            client.images.generate(model="groq/x", prompt="hi")
        with pytest.raises(openai.BadRequestError, match="mistral.*translation of speech.*groq, sim"):
            client.audio.translations.create(model="mistral/x", file=("a.wav", tone()))
        with pytest.raises(openai.BadRequestError, match="groq.*moderations"):
            client.moderations.create(model="groq/x", input="hi")


# An upstream by script


def test_json_goes_through_byte_for_byte(edge_gateway, fake):
    fake.default = scripts.answer({"id": "modr-1", "model": "m", "results": []})
    body = b'{ "input" : "x", "model":"edge/m" , "extra":[1.0] }'
    answer = post(edge_gateway, request("POST", "/v1/moderations", body))
    assert answer.json() == {"id": "modr-1", "model": "m", "results": []}
    assert fake.requests[-1].target == "/v1/moderations"
    assert fake.requests[-1].body == body.replace(b"edge/m", b"m")


def test_sound_is_passed_on_while_it_comes(edge_gateway, fake):
    going = asyncio.Event()

    async def script(conn, _):
        await conn.send(scripts.head(200, [("Content-Type", "audio/mpeg"),
                                           ("Transfer-Encoding", "chunked")]))
        await conn.send(scripts.chunk(b"\xff\xfb"))
        await going.wait()
        await conn.send(scripts.chunk(b"rest") + b"0\r\n\r\n")

    fake.default = script
    body = json.dumps({"model": "edge/tts-1", "voice": "v", "input": "x"}).encode()
    with Client(edge_gateway.port) as client:
        client.send(request("POST", "/v1/audio/speech", body))
        head = client.read_head()
        assert head.header("content-type") == "audio/mpeg"
        pieces = client.pieces(head)
        assert next(pieces) == b"\xff\xfb"
        fake.loop.call_soon_threadsafe(going.set)
        assert b"".join(pieces) == b"rest"
    assert fake.requests[-1].header("accept") == "*/*"


def test_sound_that_breaks_off_has_no_end(edge_gateway, fake):
    fake.default = scripts.raw(
        scripts.head(200, [("Content-Type", "audio/mpeg"), ("Content-Length", "10")]) + b"abc",
        close=True)
    body = json.dumps({"model": "edge/tts-1", "voice": "v", "input": "x"}).encode()
    with Client(edge_gateway.port) as client:
        client.send(request("POST", "/v1/audio/speech", body))
        head = client.read_head()
        with pytest.raises(Exception, match="after|missing"):
            list(client.pieces(head))


def test_the_upstreams_error_is_told(edge_gateway, fake):
    fake.default = scripts.answer({"error": {"message": "Unsupported voice", "param": "voice",
                                             "type": "invalid_request_error"}}, status=400)
    with pytest.raises(openai.BadRequestError) as caught:
        sdk(edge_gateway).audio.speech.create(model="edge/tts-1", voice="x", input="x")
    assert caught.value.param == "voice"


def test_a_form_keeps_its_length(edge_gateway, fake):
    fake.default = scripts.answer(TRANSCRIPT)
    body = form(part("model", b"edge/whisper-1"), part("file", os.urandom(200_000), "a.wav"),
                part("language", b"de"))
    answer = post(edge_gateway, upload(body))
    assert answer.json() == TRANSCRIPT
    sent = fake.requests[-1]
    assert sent.body == body.replace(b"edge/whisper-1", b"whisper-1")
    assert sent.header("content-length") == str(len(sent.body))
    assert sent.header("content-type") == f"multipart/form-data; boundary={BOUNDARY}"
    record = edge_gateway.settlements()[-1]
    assert record["operation"] == "transcriptions" and record["request_bytes"] == len(sent.body)


def test_a_chunked_form_goes_on_in_chunks(edge_gateway, fake):
    fake.default = scripts.answer(TRANSCRIPT)
    body = form(part("model", b"edge/m"), part("file", os.urandom(100_000), "a.wav"))
    head = request("POST", "/v1/audio/translations", None, [
        ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
        ("Transfer-Encoding", "chunked")])
    pieces = [body[at:at + 777] for at in range(0, len(body), 777)]
    answer = post(edge_gateway, head + b"".join(map(scripts.chunk, pieces)) + b"0\r\n\r\n")
    assert answer.json() == TRANSCRIPT
    assert fake.requests[-1].target == "/v1/audio/translations"
    assert fake.requests[-1].header("transfer-encoding") == "chunked"
    assert fake.requests[-1].body == body.replace(b"edge/m", b"m")


def test_a_long_file_before_the_model(edge_gateway, fake):
    fake.default = scripts.answer(TRANSCRIPT)
    body = form(part("file", os.urandom(3 * MIB), "a.wav"), part("model", b"edge/m"))
    refused = post(edge_gateway, upload(body))
    assert refused.status == 413 and "send model first" in refused.json()["error"]["message"]
    assert not fake.requests
    taken = post(edge_gateway, upload(body, headers=[("x-signalbox-model", "edge/m")]))
    assert taken.status == 200, taken.body
    assert fake.requests[-1].body == body.replace(b"edge/m", b"m")


def test_a_connection_goes_on_after_an_upload(edge_gateway, fake):
    fake.default = scripts.answer(TRANSCRIPT)
    body = form(part("model", b"edge/m"), part("file", os.urandom(100_000), "a.wav"))
    with Client(edge_gateway.port) as client:
        for _ in range(3):
            client.send(upload(body))
            assert client.read_answer().json() == TRANSCRIPT
        client.send(upload(body) + upload(body))
        assert client.read_answer().json() == client.read_answer().json() == TRANSCRIPT


def test_a_client_that_waits_to_be_told(edge_gateway, fake):
    fake.default = scripts.answer(TRANSCRIPT)
    data = upload(form(part("model", b"edge/m"), part("file", b"x" * 1000, "a.wav")),
                  headers=[("Expect", "100-continue")])
    head, body = data.split(b"\r\n\r\n", 1)
    with Client(edge_gateway.port) as client:
        client.send(head + b"\r\n\r\n")
        assert client._until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue"
        client.send(body)
        assert client.read_answer().json() == TRANSCRIPT


def test_what_a_form_may_not_be(edge_upstream):
    config = alone(edge(edge_upstream.port))
    config["server"]["limits"] = {"body_bytes": "1MiB"}
    good = form(part("model", b"edge/m"), part("file", bytes(2 * MIB), "a.wav"))
    edge_upstream.forget()
    with Gateway(config) as gateway:
        assert post(gateway, upload(good)).status == 413
        assert not edge_upstream.requests
        chunked = request("POST", "/v1/audio/transcriptions", None, [
            ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
            ("Transfer-Encoding", "chunked")])
        pieces = b"".join(scripts.chunk(good[at:at + 50_000]) for at in range(0, len(good), 50_000))
        assert post(gateway, chunked + pieces + b"0\r\n\r\n").status == 413
        zipped = post(gateway, upload(b"x", headers=[("Content-Encoding", "gzip")]))
        assert zipped.status == 400 and b"content-encoding" in zipped.body
        bad = post(gateway, chunked + b"zz\r\n")
        assert bad.status == 400


def test_another_upstream_before_the_file_has_gone():
    with Upstream() as upstream:
        upstream.default = scripts.answer(TRANSCRIPT)
        config = fleet({"dead": closed_port(), "live": upstream.port})
        with Gateway(config) as gateway:
            body = form(part("model", b"any"), part("file", os.urandom(3 * MIB), "a.wav"))
            answer = post(gateway, upload(body))
            assert answer.json() == TRANSCRIPT
            assert answer.header("x-signalbox-fallbacks") == "1"
            assert upstream.requests[-1].body == body.replace(b"any", b"m", 1)


def test_a_long_upload_takes_no_memory(edge_gateway, fake):
    fake.default = scripts.answer(TRANSCRIPT)
    size = 30 * MIB
    post(edge_gateway, upload(form(part("model", b"edge/m"), part("file", b"x" * MIB, "a.wav"))))
    before = process.status_kib(edge_gateway.pid, "VmHWM")
    body = form(part("model", b"edge/m"), part("file", os.urandom(size), "a.wav"))
    assert post(edge_gateway, upload(body)).json() == TRANSCRIPT
    more = process.status_kib(edge_gateway.pid, "VmHWM") - before
    assert more < (20 if SANITIZED else 8) * 1024, f"{more} KiB more"
    assert len(fake.requests[-1].body) > size


def test_a_client_that_leaves_in_mid_upload(edge_gateway, fake):
    body = form(part("model", b"edge/m"), part("file", os.urandom(4 * MIB), "a.wav"))
    before = {id(one): one.bytes_in for one in fake.connections}  # one of them may be taken again

    def taking():
        return next((one for one in fake.connections
                     if one.bytes_in > before.get(id(one), 0) + MIB), None)

    with Client(edge_gateway.port) as client:
        client.send(upload(body)[:2 * MIB])
        taken = eventually(taking)
        assert taken
        client.reset()
    assert eventually(lambda: taken.closed_at), "the upstream's connection stays"
    assert eventually(lambda: edge_gateway.settlements()[-1]["outcome"] == "cancelled")
    fake.default = scripts.answer(TRANSCRIPT)
    assert post(edge_gateway, upload(body)).status == 200


def test_an_upstream_that_answers_before_the_end():
    async def refuse(conn, _):
        while conn.bytes_in < MIB:
            await asyncio.sleep(0.001)
        conn.transport.pause_reading()
        await conn.send(scripts.whole(json.dumps(
            {"error": {"message": "too long", "type": "invalid_request_error"}}).encode(), 413))

    with Upstream(on_connect=refuse) as upstream, \
            Gateway(alone(edge(upstream.port))) as gateway:
        body = form(part("model", b"edge/m"), part("file", os.urandom(16 * MIB), "a.wav"))
        answer = post(gateway, upload(body))
        assert answer.status == 413 and answer.json()["error"]["message"] == "too long"
        assert upstream.connections[0].bytes_in < 15 * MIB
        assert gateway.settlements()[-1]["outcome"] == "failed"


def test_forms_that_are_none(edge_gateway, fake):
    good = part("model", b"edge/m")
    for body in (b"x", good, form(part("file", b"x", "a.wav")), form(good, good),
                 form(part("model", b""), part("file", b"x", "a"))):
        answer = post(edge_gateway, upload(body))
        assert answer.status == 400, body[:100]
        assert answer.json()["error"]["type"] == "invalid_request_error"
    answer = post(edge_gateway, request("POST", "/v1/audio/transcriptions", b"{}"))
    assert answer.status == 400 and b"multipart/form-data" in answer.body
    assert not fake.requests
