"""Recorded answers of real vendors as an upstream's: those of ../shared/fixtures, where they are.

The model's name says which: `gpt-mx-recorded_17-c5` is the recording of index 17. What is asked
does not matter; the answer comes as it was recorded, framed again where the framing was taken off.
"""

import base64
import json
import pathlib
import re
from dataclasses import dataclass

from . import eventstream
from .server import Upstream

FOLDER = pathlib.Path(__file__).resolve().parents[4] / "shared" / "fixtures"
# (provider or "", api) → the type of provider that speaks so.
TYPES = {("anthropic", "messages"): "anthropic", ("gemini", "generate"): "gemini",
         ("vertex", "generate"): "vertex", ("mistral", "chat"): "mistral",
         ("cohere", "v2chat"): "cohere", ("ollama", "native-chat"): "ollama_native",
         ("bedrock", "converse"): "bedrock", ("cloudflare", "run"): "workers_ai",
         ("azure", "chat"): "azure_openai", ("", "chat"): "openai",
         ("", "responses"): "openai_responses"}
CALLS = re.compile(r"/chat/completions|/responses$|/messages(\?|$)|enerateContent|/v2/chat$"
                   r"|/api/chat$|/converse|/ai/run/")
KINDS = {"ollama_native": "application/x-ndjson", "bedrock": "application/vnd.amazon.eventstream"}


@dataclass
class Recording:
    name: str
    type: str
    status: int
    body: bytes
    streamed: bool
    headers: dict


def is_json(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), (dict, list))
    except ValueError:
        return False


def framed(kind: str, lines: list[str]) -> bytes:
    """The framing that a recorder took off, put on again."""
    if kind == "bedrock":
        frames = []
        for line in lines:
            (name, payload), = json.loads(line).items()
            frames.append(eventstream.event(name, payload))
        return b"".join(frames)
    if kind == "ollama_native":
        return "".join(line + "\n" for line in lines).encode()
    named = kind in ("anthropic", "openai_responses", "cohere")
    done = "data: [DONE]\n\n" if kind in ("openai", "azure_openai", "mistral", "cohere") else ""
    text = "".join((f"event: {json.loads(line).get('type')}\n" if named else "")
                   + f"data: {line}\n\n" for line in lines)
    return (text + done).encode()


def exchanges(path: pathlib.Path, kind: str, name: str) -> list[Recording]:
    found = []
    for number, item in enumerate(json.loads(path.read_text())):
        answer = item["response"]
        if not CALLS.search(item["request"]["url"]):
            continue
        if "body_base64" in answer:
            body = base64.b64decode(answer["body_base64"])
        elif answer.get("body_json") is not None:
            body = json.dumps(answer["body_json"]).encode()
        else:
            body = (answer.get("body_text") or "").encode()
        if body:
            found.append(Recording(f"{name}#{number}", kind, answer["status"], body,
                                   not is_json(body), answer.get("headers") or {}))
    return found


def load() -> list[Recording]:
    """All recorded calls of chat, in the manifest's order; none when they are not there."""
    manifest = FOLDER / "manifest.json"
    found = []
    for entry in json.loads(manifest.read_text()) if manifest.exists() else []:
        kind = TYPES.get((entry["provider"], entry["api"])) or TYPES.get(("", entry["api"]))
        path = FOLDER / entry["file"]
        if not kind:
            continue
        if entry["kind"] == "cassette":
            path = path.with_name(path.name.removesuffix(".yaml") + ".exchanges.json")
            found += exchanges(path, kind, entry["file"])
        elif path.name.endswith(".chunks.txt"):
            lines = [line for line in path.read_text().splitlines() if line.startswith("{")]
            found.append(Recording(entry["file"], kind, 200, framed(kind, lines), True, {}))
        else:
            body = path.read_bytes()
            found.append(Recording(entry["file"], kind, 200, body, not is_json(body), {}))
    return found


class Recorded(Upstream):
    """One server for all dialects: any path, any credentials."""

    def __init__(self):
        super().__init__()
        self.recordings = load()

    def respond(self, asked):
        found = re.search(r"-mx-recorded_(\d+)-", asked.path + str(asked.body.get("model")))
        if not found:
            return 404, {}, b"{}"
        one = self.recordings[int(found.group(1))]
        if not one.streamed:
            return one.status, {}, one.body
        frames = [one.body[at:at + 700] for at in range(0, len(one.body), 700)]
        return one.status, {"content-type": KINDS.get(one.type, "text/event-stream")}, frames
