"""Cloudflare Workers AI, native: `/ai/run/@cf/…`, answers wrapped in success, result, errors."""

import json
import re

from .openai import OpenAi, media
from .parts import Call, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, only, pieces
from .script import ERROR_TEXT
from .listener import sse
from .server import Upstream

MEMBERS = ("messages prompt tools functions max_tokens max_completion_tokens temperature top_p "
           "top_k seed stream response_format repetition_penalty frequency_penalty raw lora image "
           "presence_penalty reasoning_effort reasoning chat_template_kwargs tool_choice "
           "stop parallel_tool_calls")


class Thinking(OpenAi):
    """OpenAI's form with what was thought in a member of its own."""

    def spoken_thoughts(self, answer):
        return {"reasoning_content": "".join(item.text for item in answer.of(Thought))}

    def thought_deltas(self, thought):
        return ({"reasoning_content": piece} for piece in pieces(thought.text))


class WorkersAi(Upstream):
    openai = Thinking()
    name = "workers_ai"
    base = "/client/v4/accounts/mx/ai"
    model = "@cf/meta/llama-4-scout-17b-16e-instruct"
    path = re.compile(r"^/client/v4/accounts/mx/ai/run/(?P<model>@cf/.+)$")
    has_ids = False
    lacks = frozenset({"cache", "parallel", "stop"})

    def read(self, asked) -> Seen:
        body = asked.body
        seen = Seen(max_tokens=body.get("max_tokens", body.get("max_completion_tokens")),
                    temperature=body.get("temperature"),
                    reasoning=bool(body.get("reasoning_effort") or body.get("reasoning") or (
                        body.get("chat_template_kwargs") or {}).get("enable_thinking")))
        self.names = {}
        for message in need(body.get("messages"), "messages"):
            self.message(seen, message)
        for tool in body.get("tools") or []:
            function = tool.get("function", tool)
            seen.tools.append(Tool(function["name"], function.get("description", ""),
                                   function["parameters"]))
        choice = body.get("tool_choice") or ""
        seen.choice = {"any": "required"}.get(choice, choice) if isinstance(choice, str) else \
            choice["function"]["name"]
        form = body.get("response_format") or {}
        if form.get("type") == "json_schema":
            schema = form["json_schema"]
            seen.schema = schema.get("schema", schema)
        return seen

    def message(self, seen, message):
        role, content = message["role"], message.get("content") or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if role == "system":
            text = "".join(part["text"] for part in parts)
            seen.system = f"{seen.system}\n\n{text}" if seen.system else text
        elif role == "tool":
            name = message.get("name") or self.names.get(message.get("tool_call_id"), "")
            seen.add("user", Result("".join(part["text"] for part in parts), "", name))
        elif role in ("user", "assistant"):
            for part in parts:
                if part["type"] == "image_url":
                    seen.add(role, media("image", part["image_url"]["url"]))
                elif part["text"]:
                    seen.add(role, Text(part["text"]))
            for call in message.get("tool_calls") or []:
                function = call.get("function", call)
                given = function["arguments"]
                seen.add(role, Call(function["name"],
                                    json.loads(given) if isinstance(given, str) else given))
                self.names[call.get("id")] = function["name"]
        else:
            raise Problem(f"there is no role {role}")

    def check(self, asked):
        only(asked.body, MEMBERS, "body")

    def usage(self, usage):
        return {"prompt_tokens": usage.input, "completion_tokens": usage.output,
                "total_tokens": usage.input + usage.output}

    def text_of(self, answer) -> str:
        return "".join(i.text for i in answer.items if isinstance(i, (Text, Refusal)))

    def whole(self, answer, seen, model):
        if answer.of(Thought):  # models that think answer in OpenAI's form
            result = self.openai.whole(answer, seen, model)
            return {"result": result, "success": True, "errors": [], "messages": []}
        calls = [{"name": call.name, "arguments": call.args} for call in answer.of(Call)]
        result = {"response": self.text_of(answer) or None, "usage": self.usage(answer.usage)}
        if calls:
            result["tool_calls"] = calls
        return {"result": result, "success": True, "errors": [], "messages": []}

    def frames(self, answer, seen, model):
        if answer.of(Thought):
            return self.openai.frames(answer, seen, model)
        frames = [{"response": piece, "p": "abc"} for piece in pieces(self.text_of(answer))]
        frames += [{"response": "", "tool_calls": [{"name": call.name, "arguments": call.args}]}
                   for call in answer.of(Call)]
        frames += [{"tool_calls": [], "p": "abcdef"},
                   {"response": "", "usage": self.usage(answer.usage)}]
        return [sse(frame) for frame in frames] + [sse("[DONE]")]

    CODES = {400: 5006, 401: 10000, 403: 5018, 404: 5007, 413: 3006, 429: 3036, 500: 3043,
             503: 3040}

    def error(self, status):
        return {"result": None, "success": False, "messages": [],
                "errors": [{"code": self.CODES[status], "message": ERROR_TEXT}]}

    def broken(self, frames):
        return frames[:3] + [sse({"errors": [{"code": 3043, "message": ERROR_TEXT}],
                                  "success": False})]
