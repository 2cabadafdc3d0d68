"""Bodies and streams as an OpenAI-compatible upstream gives them."""

import json

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18,
         "prompt_tokens_details": {"cached_tokens": 3},
         "completion_tokens_details": {"reasoning_tokens": 2}}


def last_user_text(body: bytes) -> str:
    try:
        messages = json.loads(body).get("messages") or []
    except (ValueError, AttributeError):
        return ""
    for message in reversed(messages):
        if not isinstance(message, dict) or message.get("role") != "user":
            continue
        if isinstance(message.get("content"), str):
            return message["content"]
    return ""


def completion(text: str = "hello", model: str = "gpt-4o-mini", **message) -> dict:
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000,
            "model": model, "system_fingerprint": "fp_1",
            "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None,
                         "message": {"role": "assistant", "content": text, "refusal": None,
                                     **message}}],
            "usage": USAGE}


def sse(value) -> bytes:
    return b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n"


def delta(change: dict, finish=None, model: str = "gpt-4o-mini", **extra) -> dict:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000,
            "model": model, "choices": [{"index": 0, "delta": change, "logprobs": None,
                                         "finish_reason": finish}], **extra}


def usage_chunk(model: str = "gpt-4o-mini") -> dict:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000,
            "model": model, "choices": [], "usage": USAGE}


DONE = b"data: [DONE]\n\n"


def frames(words=("Hel", "lo", " there"), *, usage: bool = False, done: bool = True) -> list[bytes]:
    """A whole answer as a list of SSE frames, the way OpenAI orders them."""
    null = {"usage": None} if usage else {}
    out = [sse(delta({"role": "assistant", "content": ""}, **null))]
    out += [sse(delta({"content": word}, **null)) for word in words]
    out.append(sse(delta({}, "stop", **null)))
    if usage:
        out.append(sse(usage_chunk()))
    if done:
        out.append(DONE)
    return out


def error(message: str, kind: str, code=None, param=None) -> dict:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
