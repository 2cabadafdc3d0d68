"""OpenAI Chat Completions: `/v1/chat/completions`. Others build on its form."""

import json
import re

from .parts import (Call, Media, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, pieces)
from .listener import sse
from .server import Upstream

DATA_URL = re.compile(r"data:([^;,]+);base64,(.*)$", re.DOTALL)
FINISH = {"refusal": "stop"}


def arguments(text: str):
    try:
        return json.loads(text)
    except ValueError:
        raise Problem(f"arguments are no JSON: {text!r}") from None


def media(kind: str, url: str) -> Media:
    found = DATA_URL.match(url)
    return Media(kind, found.group(1), found.group(2)) if found else Media(kind, url=url)


def allowed(choice: dict | None, seen: Seen) -> str:
    """A choice among tools: the mode, where all are among them, or the only one's name."""
    if not choice:
        return ""
    names = [tool.get("name") or tool["function"]["name"] for tool in choice["tools"]]
    if sorted(names) == sorted(tool.name for tool in seen.tools):
        return choice["mode"]
    return names[0] if len(names) == 1 else "several"


class OpenAi(Upstream):
    name = "openai"
    base = "/v1"
    model = "gpt-5.1"
    path = re.compile(r"^/v1/chat/completions$")
    lacks = frozenset({"cache"})
    spec = ("openai.openapi.json", "/chat/completions", ("messages[].annotations",))

    # a request

    def read(self, asked) -> Seen:
        body = asked.body
        seen = Seen(max_tokens=body.get("max_completion_tokens", body.get("max_tokens")),
                    temperature=body.get("temperature"),
                    parallel=body.get("parallel_tool_calls"),
                    reasoning=self.reasons(body))
        stop = body.get("stop") or []
        seen.stop = [stop] if isinstance(stop, str) else stop
        for message in need(body.get("messages"), "messages"):
            self.message(seen, message)
        for tool in body.get("tools") or []:
            function = tool["function"]
            seen.tools.append(Tool(function["name"], function.get("description", ""),
                                   function.get("parameters") or {}))
        choice = body.get("tool_choice") or ""
        if isinstance(choice, dict):
            choice = allowed(choice.get("allowed_tools"), seen) or choice["function"]["name"]
        seen.choice = choice
        form = body.get("response_format") or {}
        if form.get("type") == "json_schema":
            seen.schema = form["json_schema"]["schema"]
        return seen

    def reasons(self, body: dict) -> bool:
        return bool(body.get("reasoning_effort"))

    def message(self, seen: Seen, message: dict) -> None:
        role, content = message["role"], message.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
        if role in ("system", "developer"):
            text = "".join(part["text"] for part in parts)
            seen.system = f"{seen.system}\n\n{text}" if seen.system else text
        elif role == "tool":
            text = "".join(part.get("text", "") for part in parts)
            name = self.names.get(message.get("tool_call_id"), "") if self.names_by_id(seen) else ""
            seen.add("user", Result(text, need(message.get("tool_call_id"), "tool_call_id"), name))
        else:
            self.thoughts(seen, message)
            for part in parts:
                self.part(seen, role, part)
            for call in message.get("tool_calls") or []:
                function = call["function"]
                seen.add(role, Call(function["name"], arguments(function["arguments"]), call["id"]))

    def names_by_id(self, seen: Seen) -> bool:
        self.names = {call.id: call.name for call in seen.of(Call)}
        return True

    def thoughts(self, seen: Seen, message: dict) -> None:
        thought = message.get("reasoning_content") or message.get("reasoning")
        if thought:
            raise Problem("reasoning is no member of a message")

    def part(self, seen: Seen, role: str, part: dict) -> None:
        kind = part["type"]
        if kind == "text":
            if part["text"] or role == "user":
                seen.add(role, Text(part["text"]))
        elif kind == "image_url":
            seen.add(role, media("image", part["image_url"]["url"]))
        elif kind == "file":
            need(part["file"].get("filename"), "file.filename")
            seen.add(role, media("document", part["file"]["file_data"]))
        else:
            raise Problem(f"unknown part {kind!r}")

    # an answer

    def usage(self, usage) -> dict:
        return {"prompt_tokens": usage.input, "completion_tokens": usage.output,
                "total_tokens": usage.input + usage.output,
                "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": usage.reasoning}}

    def finish(self, answer) -> str:
        return FINISH.get(answer.finish, answer.finish)

    def call(self, call: Call) -> dict:
        return {"id": call.id, "type": "function",
                "function": {"name": call.name,
                             "arguments": json.dumps(call.args, ensure_ascii=False)}}

    def spoken_message(self, answer) -> dict:
        refusal = "".join(item.text for item in answer.of(Refusal))
        message = {"role": "assistant", "content": answer.text() or None,
                   "refusal": refusal or None, "annotations": []}
        message.update(self.spoken_thoughts(answer))
        calls = [self.call(call) for call in answer.of(Call)]
        return {**message, "tool_calls": calls} if calls else message

    def spoken_thoughts(self, answer) -> dict:
        return {}

    def whole(self, answer, seen, model) -> dict:
        return {"id": "chatcmpl-mx1", "object": "chat.completion", "created": 1760000000,
                "model": model, "service_tier": "default", "system_fingerprint": "fp_mx",
                "choices": [{"index": 0, "message": self.spoken_message(answer), "logprobs": None,
                             "finish_reason": self.finish(answer)}],
                "usage": self.usage(answer.usage)}

    def deltas(self, answer):
        yield {"role": "assistant", "content": "", "refusal": None}
        for item in answer.of(Thought):
            yield from self.thought_deltas(item)
        for kind, name in ((Text, "content"), (Refusal, "refusal")):
            for item in answer.of(kind):
                yield from ({name: piece} for piece in pieces(item.text))
        for index, call in enumerate(answer.of(Call)):
            whole = self.call(call)
            text = whole["function"]["arguments"]
            yield {"tool_calls": [{"index": index, **whole,
                                   "function": {**whole["function"], "arguments": ""}}]}
            for piece in pieces(text):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}

    def thought_deltas(self, thought):
        return ()

    def chunk(self, model: str, choices: list, **more) -> bytes:
        return sse({"id": "chatcmpl-mx1", "object": "chat.completion.chunk", "created": 1760000000,
                    "model": model, "service_tier": "default", "system_fingerprint": "fp_mx",
                    "choices": choices, **more})

    def frames(self, answer, seen, model) -> list[bytes]:
        empty = {"usage": None, "obfuscation": "aB3"}
        frames = [b": keep-alive\n\n"]
        frames += [self.chunk(model, [{"index": 0, "delta": delta, "logprobs": None,
                                       "finish_reason": None}], **empty)
                   for delta in self.deltas(answer)]
        frames.append(self.chunk(model, [{"index": 0, "delta": {}, "logprobs": None,
                                          "finish_reason": self.finish(answer)}], **empty))
        frames.append(self.chunk(model, [], usage=self.usage(answer.usage)))
        return frames + [sse("[DONE]")]

    # errors

    WORDS = {400: ("invalid_request_error", "unsupported_value"),
             401: ("invalid_request_error", "invalid_api_key"),
             403: ("invalid_request_error", "unsupported_country_region_territory"),
             404: ("invalid_request_error", "model_not_found"),
             413: ("invalid_request_error", "request_too_large"),
             429: ("requests", "rate_limit_exceeded"),
             500: ("server_error", None), 503: ("server_error", "overloaded")}

    def error(self, status: int) -> dict:
        from .script import ERROR_TEXT
        kind, code = self.WORDS[status]
        return {"error": {"message": ERROR_TEXT, "type": kind, "param": None, "code": code}}

    def broken(self, frames):
        return frames[:4] + [sse(self.error(500))]
