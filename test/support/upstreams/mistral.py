"""Mistral: chat completions with thinking inside the content and ids of nine characters."""

import json
import re

from .openai import OpenAi, media
from .parts import Call, Problem, Refusal, Text, Thought, pieces

ID = re.compile(r"^[a-zA-Z0-9]{9}$")


class Mistral(OpenAi):
    name = "mistral"
    model = "magistral-medium"
    path = re.compile(r"^/v1/chat/completions$")
    spec = ("mistral.openapi.yaml", "/v1/chat/completions")

    def call_id(self, number):
        return f"mxCall00{number}"

    def reasons(self, body):
        return body.get("prompt_mode") == "reasoning" or bool(body.get("reasoning_effort"))

    def check(self, asked):
        messages = asked.body["messages"]
        roles = [message["role"] for message in messages]
        if ("tool", "user") in zip(roles, roles[1:]):
            raise Problem("Unexpected role 'user' after role 'tool'")
        for message in messages:
            ids = [call["id"] for call in message.get("tool_calls") or []]
            for one in ids + ([message["tool_call_id"]] if message["role"] == "tool" else []):
                if not ID.match(one or ""):
                    raise Problem(f"the id {one!r} must be nine letters and digits")

    def read(self, asked):
        seen = super().read(asked)
        seen.choice = {"any": "required"}.get(seen.choice, seen.choice)
        return seen

    def message(self, seen, message):
        if message["role"] == "developer":
            raise Problem("there is no role developer")
        super().message(seen, message)

    def part(self, seen, role, part):
        kind = part["type"]
        if kind == "thinking":
            text = "".join(piece["text"] for piece in part["thinking"])
            seen.add(role, Thought(text))
        elif kind == "image_url":
            url = part["image_url"]
            seen.add(role, media("image", url if isinstance(url, str) else url["url"]))
        elif kind == "document_url":
            seen.add(role, media("document", part["document_url"]))
        else:
            super().part(seen, role, part)

    def spoken_message(self, answer):
        calls = [self.call(call) for call in answer.of(Call)]
        text = answer.text() or "".join(item.text for item in answer.of(Refusal))
        content = text
        if answer.of(Thought):
            content = [self.thinking(item.text) for item in answer.of(Thought)]
            content += [{"type": "text", "text": text}] if text else []
        message = {"role": "assistant", "content": content, "prefix": False}
        return {**message, "tool_calls": calls or None}

    def thinking(self, text):
        return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}

    def call(self, call):
        """Without a type."""
        return {"id": call.id, "function": {"name": call.name,
                                            "arguments": json.dumps(call.args, ensure_ascii=False)},
                "index": 0}

    def usage(self, usage):
        counts = {"prompt_tokens": usage.input, "completion_tokens": usage.output,
                  "total_tokens": usage.input + usage.output}
        if usage.cached:
            counts["prompt_tokens_details"] = {"cached_tokens": usage.cached}
            counts["num_cached_tokens"] = usage.cached
        return counts

    def deltas(self, answer):
        """A call comes in one piece; thoughts are parts of the content."""
        yield {"role": "assistant", "content": ""}
        for item in answer.items:
            if isinstance(item, Thought):
                yield from ({"content": [self.thinking(piece)]} for piece in pieces(item.text))
            elif isinstance(item, (Text, Refusal)):
                yield from ({"content": piece} for piece in pieces(item.text))
        for index, call in enumerate(answer.of(Call)):
            yield {"content": "", "tool_calls": [{**self.call(call), "index": index}]}

    def frames(self, answer, seen, model):
        """Usage comes in the frame that ends the choice."""
        base = {"id": "mx1", "object": "chat.completion.chunk", "created": 1760000000,
                "model": model}
        from .listener import sse
        frames = [sse({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
                  for delta in self.deltas(answer)]
        last = {**base, "choices": [{"index": 0, "delta": {"content": ""},
                                     "finish_reason": self.finish(answer)}],
                "usage": self.usage(answer.usage)}
        return frames + [sse(last), sse("[DONE]")]

    def error(self, status: int):
        from .script import ERROR_TEXT
        kinds = {400: "invalid_request_message", 401: "unauthorized", 403: "forbidden",
                 404: "invalid_model", 413: "request_too_large", 429: "rate_limited",
                 500: "internal_server_error", 503: "unreachable_backend"}
        codes = {400: "3000", 404: "1500", 429: "1300", 500: "3700", 503: "1100"}
        if status == 401:
            return {"detail": ERROR_TEXT}
        return {"object": "error", "message": ERROR_TEXT, "type": kinds[status], "param": None,
                "code": codes.get(status)}
