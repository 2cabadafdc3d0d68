"""Ollama's own API: `/api/chat`; a JSON text a line, arguments as objects, calls without ids."""

import json
import re

from .parts import (Call, Media, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, pieces)
from .script import ERROR_TEXT
from .server import Upstream

DONE = {"stop": "stop", "length": "length"}


class OllamaNative(Upstream):
    name = "ollama_native"
    model = "qwen3"
    path = re.compile(r"^/api/chat$")
    spec = ("ollama.openapi.json", "/api/chat", ("messages[].tool_name", "messages[].thinking",
                                                "messages[].tool_calls[].id",
                                                "messages[].tool_call_id"))
    has_ids = False
    lacks = frozenset({"cache", "parallel"})
    stream_type = "application/x-ndjson"

    def check_credentials(self, asked):
        if asked.headers.get("authorization") not in (None, f"Bearer {self.key}"):
            raise Problem(f"credentials: {asked.headers.get('authorization')!r}")

    def described(self, asked):
        """The description wants a content where a message has calls only; the server does not."""
        return {**asked.body, "messages": [{"content": "", **message}
                                           for message in asked.body["messages"]]}

    def streams(self, asked):
        return asked.body.get("stream", True)

    # a request

    def read(self, asked) -> Seen:
        body = asked.body
        options = body.get("options") or {}
        stop = options.get("stop") or []
        seen = Seen(max_tokens=options.get("num_predict"), temperature=options.get("temperature"),
                    stop=[stop] if isinstance(stop, str) else stop,
                    reasoning=bool(body.get("think")))
        if isinstance(body.get("format"), dict):
            seen.schema = body["format"]
        for message in need(body.get("messages"), "messages"):
            self.message(seen, message)
        for tool in body.get("tools") or []:
            function = tool["function"]
            seen.tools.append(Tool(function["name"], function.get("description", ""),
                                   function["parameters"]))
        return seen

    def message(self, seen, message):
        role, content = message["role"], message.get("content") or ""
        if not isinstance(content, str):
            raise Problem("content must be a text")
        if role == "system":
            seen.system = f"{seen.system}\n\n{content}" if seen.system else content
            return
        if role == "tool":
            seen.add("user", Result(content, "", message.get("tool_name", "")))
            return
        if message.get("thinking"):
            seen.add(role, Thought(message["thinking"]))
        if content:
            seen.add(role, Text(content))
        for image in message.get("images") or []:
            seen.add(role, Media("image", "image/png", image))
        for call in message.get("tool_calls") or []:
            function = call["function"]
            if not isinstance(function["arguments"], dict):
                raise Problem(f"arguments must be an object: {function['arguments']!r}")
            seen.add(role, Call(function["name"], function["arguments"]))

    # an answer

    def message_of(self, answer) -> dict:
        message = {"role": "assistant",
                   "content": "".join(i.text for i in answer.items
                                      if isinstance(i, (Text, Refusal)))}
        thoughts = "".join(item.text for item in answer.of(Thought))
        if thoughts:
            message["thinking"] = thoughts
        calls = [{"function": {"name": call.name, "arguments": call.args}}
                 for call in answer.of(Call)]
        return {**message, "tool_calls": calls} if calls else message

    def line(self, model, message, **more) -> dict:
        return {"model": model, "created_at": "2025-10-09T08:53:20.123456789Z", "message": message,
                **more}

    def ending(self, answer) -> dict:
        return {"done": True, "done_reason": DONE.get(answer.finish, "stop"),
                "total_duration": 900, "load_duration": 100,
                "prompt_eval_count": answer.usage.input, "prompt_eval_duration": 200,
                "eval_count": answer.usage.output, "eval_duration": 600}

    def whole(self, answer, seen, model):
        return self.line(model, self.message_of(answer), **self.ending(answer))

    def frames(self, answer, seen, model):
        message, empty = self.message_of(answer), {"role": "assistant", "content": ""}
        lines = [{**empty, "thinking": piece} for piece in pieces(message.get("thinking", ""))]
        lines += [{**empty, "content": piece} for piece in pieces(message["content"])]
        lines += [{**empty, "tool_calls": [call]} for call in message.get("tool_calls", [])]
        made = [self.line(model, line, done=False) for line in lines]
        made.append(self.line(model, empty, **self.ending(answer)))
        return [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in made]

    def error(self, status):
        return {"error": ERROR_TEXT}

    def broken(self, frames):
        return frames[:3] + [json.dumps(self.error(500)).encode() + b"\n"]
