"""Pictures, speech and transcripts at vendors with a form of their own, asked for by the official
OpenAI SDK."""

import base64
import io
import json
import os
import re
import signal
import subprocess
import wave

import openai
import pytest

from support import process, scripts
from support.gateway import BINARY, Gateway, alone, clean_env
from support.scale import SANITIZED
from support.upstream import Upstream

MIB = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
MP3 = b"\xff\xfb\x90" + bytes(1000)


@pytest.fixture(scope="module")
def vendors():
    """One upstream, which is three vendors."""
    with Upstream() as upstream:
        host = f"http://127.0.0.1:{upstream.port}"
        config = alone({"server": {"workers": 1}, "providers": {
            "cf": {"type": "workers_ai", "base_url": f"{host}/client/v4/accounts/a/ai",
                   "key": "k"},
            "hf": {"type": "huggingface", "base_url": host, "key": "k"},
            "google": {"type": "gemini", "base_url": host, "key": "k"},
            "vertex": {"type": "vertex", "key": "k",
                       "base_url": f"{host}/v1/projects/p/locations/l"},
            "anthropic": {"type": "anthropic", "base_url": host, "key": "k"}}})
        with Gateway(config) as gateway:
            yield upstream, gateway


@pytest.fixture
def fake(vendors):
    vendors[0].forget()
    vendors[0].plan.clear()
    return vendors[0]


@pytest.fixture
def client(vendors):
    return openai.OpenAI(base_url=vendors[1].url + "/v1", api_key="sk-any", max_retries=0,
                         timeout=30)


def raw(body: bytes, kind: str):
    return scripts.raw(scripts.whole(body, kind=kind))


def result(**members):
    return scripts.answer({"result": members, "success": True, "errors": [], "messages": []})


def asked(fake):
    return json.loads(fake.requests[-1].body)


def tone(seconds: float = 0.1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(os.urandom(int(8000 * seconds) * 2))
    return out.getvalue()


# Pictures


def test_pictures_of_workers_ai(client, fake, vendors):
    fake.default = result(image=base64.b64encode(PNG).decode())
    answer = client.images.with_raw_response.generate(
        model="cf/@cf/black-forest-labs/flux-1-schnell", prompt="a cat", quality="hd",
        size="1792x1024", style="vivid")
    assert base64.b64decode(answer.parse().data[0].b64_json) == PNG
    assert answer.parse().output_format == "png"
    assert answer.headers["x-signalbox-dropped"] == "style, size"
    assert fake.requests[-1].target == (
        "/client/v4/accounts/a/ai/run/@cf/black-forest-labs/flux-1-schnell")
    assert asked(fake) == {"prompt": "a cat", "steps": 8}
    record = vendors[1].settlements()[-1]
    assert record["operation"] == "images" and record["outcome"] == "ok"


def test_a_picture_that_comes_as_it_is(client, fake):
    fake.default = raw(PNG, "image/png")
    answer = client.images.generate(model="cf/@cf/stabilityai/stable-diffusion-xl-base-1.0",
                                    prompt="a cat", size="512x768")
    assert base64.b64decode(answer.data[0].b64_json) == PNG
    assert asked(fake) == {"prompt": "a cat", "width": 512, "height": 768}
    answer = client.images.generate(model="hf/stabilityai/sdxl", prompt="a cat",
                                    extra_body={"negative_prompt": "dogs", "seed": 7})
    assert base64.b64decode(answer.data[0].b64_json) == PNG
    assert fake.requests[-1].target == "/models/stabilityai/sdxl"
    assert asked(fake) == {"inputs": "a cat", "parameters": {"negative_prompt": "dogs", "seed": 7}}


@pytest.mark.parametrize("name, path", [
    ("google", "/v1beta/models/imagen-4.0-generate-001:predict"),
    ("vertex",
     "/v1/projects/p/locations/l/publishers/google/models/imagen-4.0-generate-001:predict")])
def test_pictures_of_imagen(client, fake, name, path):
    picture = {"mimeType": "image/png", "bytesBase64Encoded": base64.b64encode(PNG).decode()}
    fake.default = scripts.answer({"predictions": [picture, picture]})
    answer = client.images.generate(model=f"{name}/imagen-4.0-generate-001", prompt="a cat", n=2,
                                    size="1024x1792")
    assert [base64.b64decode(each.b64_json) for each in answer.data] == [PNG, PNG]
    assert fake.requests[-1].target == path
    assert asked(fake) == {"instances": [{"prompt": "a cat"}],
                           "parameters": {"sampleCount": 2, "aspectRatio": "9:16"}}


def test_pictures_of_gemini(client, fake):
    fake.default = scripts.answer({
        "candidates": [{"content": {"parts": [{"text": "Here it is"}, {"inlineData": {
            "mimeType": "image/png", "data": base64.b64encode(PNG).decode()}}]}}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 1290,
                          "totalTokenCount": 1293}})
    answer = client.images.generate(model="google/gemini-2.5-flash-image", prompt="a cat")
    assert base64.b64decode(answer.data[0].b64_json) == PNG
    assert answer.usage.output_tokens == 1290
    assert asked(fake)["generationConfig"] == {"responseModalities": ["TEXT", "IMAGE"]}


def test_what_cannot_be_asked_for_is_said(client, fake):
    for settings, param in [({"n": 2}, "n"), ({"response_format": "url"}, "response_format"),
                            ({"background": "transparent"}, "background"),
                            ({"size": "big"}, "size")]:
        with pytest.raises(openai.BadRequestError) as caught:
            client.images.generate(model="cf/@cf/x/flux-1-schnell", prompt="a cat", **settings)
        assert caught.value.param == param
    with pytest.raises(openai.BadRequestError, match="these have it: cf, google, hf, vertex"):
        client.images.generate(model="anthropic/x", prompt="a cat")
    with pytest.raises(openai.BadRequestError, match="no transcription; these have it: cf, hf"):
        client.audio.transcriptions.create(model="google/x", file=("a.wav", tone()))
    with pytest.raises(openai.BadRequestError, match="translation of speech; these have it: cf"):
        client.audio.translations.create(model="hf/x", file=("a.wav", tone()))
    assert not fake.requests


def test_the_vendors_error_is_the_sdks_own(client, fake):
    fake.default = scripts.answer({"success": False, "errors": [
        {"code": 10000, "message": "Authentication error"}], "result": None}, status=401)
    with pytest.raises(openai.AuthenticationError):
        client.images.generate(model="cf/@cf/x/flux-1-schnell", prompt="a cat")
    fake.default = scripts.answer({"error": "Model is overloaded"}, status=503)
    with pytest.raises(openai.InternalServerError):
        client.audio.speech.create(model="hf/x/tts", voice="alloy", input="hi")


# Speech


def test_speech_as_it_comes(client, fake, vendors):
    fake.default = raw(MP3, "audio/mpeg")
    with client.audio.speech.with_streaming_response.create(
            model="cf/@cf/deepgram/aura-1", voice="orion", input="grün",
            response_format="mp3") as answer:
        assert answer.headers["content-type"] == "audio/mpeg"
        assert answer.read() == MP3
    assert asked(fake) == {"text": "grün", "speaker": "orion", "encoding": "mp3"}
    assert vendors[1].settlements()[-1]["characters"] == 4


def test_speech_inside_json(client, fake):
    sound = tone()
    fake.default = result(audio=base64.b64encode(sound).decode())
    answer = client.audio.speech.create(model="cf/@cf/myshell-ai/melotts", voice="fr", input="oui")
    assert answer.read() == sound and answer.response.headers["content-type"] == "audio/wav"
    assert asked(fake) == {"prompt": "oui", "lang": "fr"}


def test_speech_of_gemini(client, fake):
    pcm = os.urandom(4800)
    fake.default = scripts.answer({"candidates": [{"content": {"parts": [{"inlineData": {
        "mimeType": "audio/L16;codec=pcm;rate=24000",
        "data": base64.b64encode(pcm).decode()}}]}}]})
    answer = client.audio.speech.create(model="google/gemini-2.5-flash-preview-tts", voice="Kore",
                                        input="hi", response_format="wav")
    with wave.open(io.BytesIO(answer.read())) as read:
        assert (read.getframerate(), read.getsampwidth(), read.getnchannels()) == (24000, 2, 1)
        assert read.readframes(10_000) == pcm
    answer = client.audio.speech.create(model="google/gemini-2.5-flash-preview-tts", voice="Kore",
                                        input="hi", response_format="pcm")
    assert answer.read() == pcm


# Transcripts


@pytest.mark.parametrize("seconds", [0.1, 30])
def test_a_transcript_by_base64(client, fake, vendors, seconds):
    fake.default = result(text="Good day", transcription_info={"language": "en", "duration": 2.5},
                          segments=[{"start": 0, "end": 2.5, "text": "Good day"}])
    sound = tone(seconds)
    answer = client.audio.transcriptions.create(
        model="cf/@cf/openai/whisper-large-v3-turbo", file=("a.wav", sound), language="en",
        response_format="verbose_json", temperature=0.2)
    assert answer.text == "Good day" and answer.duration == 2.5
    assert answer.segments[0].end == 2.5
    sent = asked(fake)
    assert base64.b64decode(sent.pop("audio")) == sound
    assert sent == {"language": "en"}
    assert vendors[1].settlements()[-1]["operation"] == "transcriptions"


def test_a_transcript_of_a_file_as_it_is(client, fake):
    fake.default = result(text="Ho", words=[{"word": "Ho", "start": 0.5, "end": 1}])
    sound = tone(30)
    text = client.audio.transcriptions.create(model="cf/@cf/openai/whisper",
                                              file=("a.wav", sound), response_format="srt")
    assert text == "1\n00:00:00,500 --> 00:00:01,000\nHo\n\n"
    assert fake.requests[-1].body == sound
    assert fake.requests[-1].header("content-type") in ("audio/x-wav", "audio/wav")
    assert fake.requests[-1].header("transfer-encoding") == "chunked"


def test_a_transcript_of_huggingface(client, fake):
    fake.default = scripts.answer({"text": " Ho", "chunks": [{"text": " Ho", "timestamp": [0, 1]}]})
    sound = tone()
    answer = client.audio.transcriptions.create(model="hf/openai/whisper-large-v3",
                                                file=("a.flac", sound, "audio/flac"))
    assert answer.text == " Ho"
    assert fake.requests[-1].body == sound
    assert fake.requests[-1].header("content-type") == "audio/flac"
    assert fake.requests[-1].header("content-length") == str(len(sound))
    answer = client.audio.transcriptions.create(model="hf/openai/whisper-large-v3",
                                                file=("a.wav", sound), response_format="vtt")
    assert "00:00:00.000 --> 00:00:01.000\nHo" in answer
    sent = asked(fake)
    assert base64.b64decode(sent["inputs"]) == sound
    assert sent["parameters"] == {"return_timestamps": True}


def test_a_transcript_as_events(client, fake):
    fake.default = result(text="Good day")
    events = list(client.audio.transcriptions.create(
        model="cf/@cf/openai/whisper", file=("a.wav", tone()), stream=True))
    assert [each.type for each in events] == ["transcript.text.delta", "transcript.text.done"]
    assert events[-1].text == "Good day"


def test_a_translation(client, fake):
    fake.default = result(text="Good day")
    answer = client.audio.translations.create(model="cf/@cf/openai/whisper-large-v3-turbo",
                                              file=("a.wav", tone()))
    assert answer.text == "Good day"
    assert asked(fake)["task"] == "translate"
    with pytest.raises(openai.BadRequestError, match="whisper-large-v3-turbo alone"):
        client.audio.translations.create(model="cf/@cf/openai/whisper", file=("a.wav", tone()))


def test_a_long_file_takes_no_memory(client, fake, vendors):
    fake.default = result(text="Ho")
    model = "cf/@cf/openai/whisper-large-v3-turbo"
    client.audio.transcriptions.create(model=model, file=("a.wav", os.urandom(MIB)))
    before = process.status_kib(vendors[1].pid, "VmHWM")
    sound = os.urandom(30 * MIB)
    assert client.audio.transcriptions.create(model=model, file=("a.wav", sound)).text == "Ho"
    more = process.status_kib(vendors[1].pid, "VmHWM") - before
    assert more < (20 if SANITIZED else 8) * 1024, f"{more} KiB more"
    assert base64.b64decode(asked(fake)["audio"]) == sound


# The simulated vendors


def test_the_simulated_vendors_answer(tmp_path):
    child = subprocess.Popen([BINARY, "sim", "serve", "--listen", "127.0.0.1:0"],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_env(),
                             cwd=tmp_path)
    try:
        port = int(re.search(rb"http://127\.0\.0\.1:(\d+)", child.stdout.readline()).group(1))
        host = f"http://127.0.0.1:{port}"
        providers = {
            "cf": {"type": "workers_ai", "base_url": host, "account": "a", "key": "k"},
            "hf": {"type": "huggingface", "base_url": host, "key": "k"},
            "google": {"type": "gemini", "base_url": host, "key": "k"}}
        with Gateway({"server": {"workers": 1}, "providers": providers}) as gateway:
            client = openai.OpenAI(base_url=gateway.url + "/v1", api_key="sk", max_retries=0)
            for model in ("cf/@cf/x/flux-1-schnell", "cf/@cf/x/stable-diffusion", "hf/o/sdxl",
                          "google/imagen-4.0-generate-001", "google/gemini-2.5-flash-image"):
                answer = client.images.generate(model=model, prompt="a cat")
                assert base64.b64decode(answer.data[0].b64_json).startswith(PNG[:8]), model
            for model in ("cf/@cf/myshell-ai/melotts", "cf/@cf/deepgram/aura-1", "hf/o/x-tts",
                          "google/gemini-2.5-flash-preview-tts"):
                sound = client.audio.speech.create(model=model, voice="alloy", input="hello")
                with wave.open(io.BytesIO(sound.read())) as read:
                    assert read.getnframes() == 5 * 80, model
            for model in ("cf/@cf/openai/whisper-large-v3-turbo", "cf/@cf/openai/whisper",
                          "hf/openai/whisper-large-v3"):
                answer = client.audio.transcriptions.create(model=model, file=("a.wav", tone()))
                assert answer.text == f"The file has {len(tone())} bytes.", model
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(5) == 0
        child.stdout.close()
