"""An upstream that answers as OpenAI does. What the request asks for decides the answer.

The last user text is a command where it begins with `!`: `!error 429`, `!hang`, `!slow`. Tools,
response_format, n and stream work as they would with a model that always takes the first choice.
"""

import base64
import json
import struct

from support import answers, scripts

ERRORS = {
    400: answers.error("Unsupported value: 'temperature'.", "invalid_request_error",
                       "unsupported_value", "temperature"),
    401: answers.error("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    403: answers.error("Not allowed.", "permission_error", "forbidden"),
    404: answers.error("The model does not exist.", "invalid_request_error", "model_not_found"),
    409: answers.error("Conflict.", "invalid_request_error"),
    422: answers.error("Unprocessable.", "invalid_request_error"),
    429: answers.error("Rate limit reached.", "requests", "rate_limit_exceeded"),
    500: answers.error("The server had an error.", "server_error"),
    503: answers.error("Overloaded.", "server_error"),
}
WEATHER = [("Paris", "call_paris"), ("Oslo", "call_oslo")]


def user_text(request: dict) -> str:
    for message in reversed(request.get("messages") or []):
        content = message.get("content")
        if message.get("role") == "user":
            if isinstance(content, list):
                return " ".join(part.get("text") or "image" for part in content)
            return content or ""
    return ""


def tool_calls(request: dict) -> list[dict]:
    """One call, or two when parallel calls are not switched off; none once a result is there."""
    if not request.get("tools") or request["messages"][-1].get("role") == "tool":
        return []
    name = request["tools"][0]["function"]["name"]
    count = 2 if request.get("parallel_tool_calls", False) else 1
    return [{"id": call_id, "type": "function",
             "function": {"name": name, "arguments": json.dumps({"city": city})}}
            for city, call_id in WEATHER[:count]]


def message_of(request: dict) -> dict:
    calls = tool_calls(request)
    if calls:
        return {"role": "assistant", "content": None, "tool_calls": calls, "refusal": None}
    text = f"You said: {user_text(request)}"
    if (request.get("response_format") or {}).get("type") == "json_schema":
        text = json.dumps({"name": "Ada", "age": 36})
    return {"role": "assistant", "content": text, "refusal": None, "annotations": []}


def whole(request: dict) -> dict:
    message = message_of(request)
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    choices = [{"index": n, "message": message, "logprobs": None, "finish_reason": finish}
               for n in range(request.get("n") or 1)]
    return {"id": "chatcmpl-7", "object": "chat.completion", "created": 1700000000,
            "model": request["model"], "choices": choices, "usage": answers.USAGE,
            "service_tier": "default", "system_fingerprint": "fp_7"}


def deltas(message: dict):
    yield {"role": "assistant", "content": None if message.get("tool_calls") else ""}
    for index, call in enumerate(message.get("tool_calls") or []):
        yield {"tool_calls": [{"index": index, "id": call["id"], "type": "function",
                               "function": {"name": call["function"]["name"], "arguments": ""}}]}
        text = call["function"]["arguments"]
        for at in range(0, len(text), 5):
            yield {"tool_calls": [{"index": index, "function": {"arguments": text[at:at + 5]}}]}
    text = message.get("content") or ""
    for at in range(0, len(text), 4):
        yield {"content": text[at:at + 4]}


def stream_frames(request: dict) -> list[bytes]:
    message = message_of(request)
    usage = bool((request.get("stream_options") or {}).get("include_usage"))
    more = {"usage": None} if usage else {}
    model = request["model"]
    frames = [answers.sse(answers.delta(change, None, model, **more)) for change in deltas(message)]
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    frames.append(answers.sse(answers.delta({}, finish, model, **more)))
    if usage:
        frames.append(answers.sse(answers.usage_chunk(model)))
    return frames + [answers.DONE]


def embeddings(request: dict) -> dict:
    inputs = request["input"] if isinstance(request["input"], list) else [request["input"]]
    size = request.get("dimensions") or 8

    def vector(text: str):
        values = [((len(text) + n) % 7) / 8 for n in range(size)]
        if request.get("encoding_format") == "base64":
            return base64.b64encode(struct.pack(f"<{size}f", *values)).decode()
        return values

    data = [{"object": "embedding", "index": n, "embedding": vector(str(text))}
            for n, text in enumerate(inputs)]
    return {"object": "list", "data": data, "model": request["model"],
            "usage": {"prompt_tokens": len(inputs), "total_tokens": len(inputs)}}


async def openai(conn, http_request):
    """The script for `Upstream(openai)`."""
    if http_request.method == "GET":
        models = [{"id": "gpt-4o-mini", "object": "model", "created": 1, "owned_by": "openai"}]
        return await scripts.answer({"object": "list", "data": models})(conn, http_request)
    request = json.loads(http_request.body)
    if http_request.target.endswith("/embeddings"):
        return await scripts.answer(embeddings(request))(conn, http_request)
    if not isinstance(request.get("messages"), list):
        return await scripts.answer(ERRORS[400], 400)(conn, http_request)
    text = user_text(request)
    if text.startswith("!error "):
        status = int(text.split()[1])
        headers = [("Retry-After", "0"), ("x-request-id", "req_up")]
        return await scripts.answer(ERRORS[status], status, headers)(conn, http_request)
    if text == "!hang":
        return await conn.until_gone()
    if text == "!slow":
        words = [answers.sse(answers.delta({"content": "tick "}))] * 2000
        return await scripts.stream(words, pace=0.02)(conn, http_request)
    if request.get("stream"):
        return await scripts.stream(stream_frames(request))(conn, http_request)
    return await scripts.answer(whole(request))(conn, http_request)


def wait_until_closed(upstream, seconds: float = 1.0) -> bool:
    """True when no call that hangs or streams slowly is left."""
    from support.process import eventually

    def idle():
        return not [c for c in upstream.open_connections() if c.task and not c.task.done()]

    return eventually(idle, seconds)
