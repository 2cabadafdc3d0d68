"""Cohere v2: `/v2/chat`."""

import json
import re

from .openai import arguments, media
from .parts import (Call, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, only, pieces)
from .script import ERROR_TEXT
from .listener import sse
from .server import Upstream

MEMBERS = ("model messages tools strict_tools documents citation_options response_format "
           "safety_mode max_tokens stop_sequences temperature seed frequency_penalty "
           "presence_penalty k p logprobs tool_choice thinking stream priority raw_prompting")
FINISH = {"stop": "COMPLETE", "length": "MAX_TOKENS", "tool_calls": "TOOL_CALL",
          "refusal": "ERROR_TOXIC", "content_filter": "ERROR_TOXIC"}


class Cohere(Upstream):
    name = "cohere"
    base = "/v2"
    model = "command-a-reasoning"
    path = re.compile(r"^/v2/chat$")
    lacks = frozenset({"cache", "parallel"})

    # a request

    def read(self, asked) -> Seen:
        body = asked.body
        seen = Seen(max_tokens=body.get("max_tokens"), temperature=body.get("temperature"),
                    stop=body.get("stop_sequences") or [],
                    reasoning=(body.get("thinking") or {}).get("type") == "enabled")
        for message in need(body.get("messages"), "messages"):
            self.message(seen, message)
        for tool in body.get("tools") or []:
            only(tool, "type function", "tool")
            function = tool["function"]
            seen.tools.append(Tool(function["name"], function.get("description", ""),
                                   function["parameters"]))
        seen.choice = {"REQUIRED": "required", "NONE": "none"}.get(body.get("tool_choice"), "")
        form = body.get("response_format") or {}
        if form.get("type") == "json_object":
            seen.schema = form.get("json_schema") or form.get("schema")
        return seen

    def message(self, seen, message):
        role, content = message["role"], message.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
        if role == "system":
            text = "".join(part["text"] for part in parts)
            seen.system = f"{seen.system}\n\n{text}" if seen.system else text
        elif role == "tool":
            texts = [part["text"] if part["type"] == "text" else part["document"]["data"]
                     for part in parts]
            seen.add("user", Result(texts[0] if len(texts) == 1 else texts,
                                    need(message.get("tool_call_id"), "tool_call_id")))
        elif role in ("user", "assistant"):
            for part in parts:
                self.part(seen, role, part)
            if message.get("tool_plan"):
                seen.add(role, Text(message["tool_plan"]))
            for call in message.get("tool_calls") or []:
                function = call["function"]
                seen.add(role, Call(function["name"], arguments(function["arguments"]),
                                    call["id"]))
        else:
            raise Problem(f"there is no role {role}")

    def part(self, seen, role, part):
        if part["type"] == "text":
            seen.add(role, Text(part["text"]))
        elif part["type"] == "thinking":
            seen.add(role, Thought(part["thinking"]))
        elif part["type"] == "image_url":
            seen.add(role, media("image", part["image_url"]["url"]))
        else:
            raise Problem(f"unknown part {part['type']!r}")

    def check(self, asked):
        only(asked.body, MEMBERS, "body")

    # an answer

    def usage(self, usage) -> dict:
        counts = {"billed_units": {"input_tokens": usage.input - 100,
                                   "output_tokens": usage.output - 1},
                  "tokens": {"input_tokens": usage.input, "output_tokens": usage.output}}
        return {**counts, "cached_tokens": usage.cached} if usage.cached else counts

    def call(self, call):
        """A call without arguments has the text `null`."""
        text = json.dumps(call.args, ensure_ascii=False) if call.args else "null"
        return {"id": call.id, "type": "function",
                "function": {"name": call.name, "arguments": text}}

    def blocks(self, answer) -> list[dict]:
        return [{"type": "thinking", "thinking": item.text} if isinstance(item, Thought)
                else {"type": "text", "text": item.text}
                for item in answer.items if isinstance(item, (Thought, Text, Refusal))]

    def whole(self, answer, seen, model):
        calls = [self.call(call) for call in answer.of(Call)]
        message = {"role": "assistant"}
        if calls:
            message["tool_calls"] = calls
            message["content"] = [b for b in self.blocks(answer) if b["type"] == "thinking"]
            if answer.text():
                message["tool_plan"] = answer.text()
        if not calls or not message["content"]:
            message["content"] = [] if calls else self.blocks(answer)
        return {"id": "mx-cohere", "message": message, "finish_reason": FINISH[answer.finish],
                "usage": self.usage(answer.usage)}

    def frames(self, answer, seen, model):
        events = [{"id": "mx-cohere", "type": "message-start", "delta": {"message": {
            "role": "assistant", "content": [], "tool_plan": "", "tool_calls": [],
            "citations": []}}}]
        calls = answer.of(Call)
        at = 0
        for block in self.blocks(answer):
            if calls and block["type"] == "text":
                events += [{"type": "tool-plan-delta", "delta": {"message": {"tool_plan": piece}}}
                           for piece in pieces(block["text"])]
            else:
                events += self.block_events(at, block)
                at += 1
        for index, call in enumerate(calls):
            events += self.call_events(index, self.call(call))
        events.append({"type": "message-end", "delta": {
            "finish_reason": FINISH[answer.finish], "usage": self.usage(answer.usage)}})
        return [sse(event, event["type"]) for event in events] + [sse("[DONE]")]

    def block_events(self, index, block):
        kind = block["type"]

        def event(name, content=None):
            delta = {"delta": {"message": {"content": content}}} if content else {}
            return {"type": f"content-{name}", "index": index, **delta}

        return [event("start", {**block, kind: ""}),
                *(event("delta", {kind: piece}) for piece in pieces(block[kind])), event("end")]

    def call_events(self, index, call):
        def event(name, calls):
            return {"type": f"tool-call-{name}", "index": index,
                    "delta": {"message": {"tool_calls": calls}}}

        text = call["function"]["arguments"]
        start = {**call, "function": {**call["function"], "arguments": ""}}
        deltas = [] if text == "null" else pieces(text)
        return [event("start", start),
                *(event("delta", {"function": {"arguments": piece}}) for piece in deltas),
                {"type": "tool-call-end", "index": index}]

    def error(self, status):
        return {"id": "mx-error", "message": ERROR_TEXT}

    def broken(self, frames):
        """A stream that ends with its reason: an error."""
        end = {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": ERROR_TEXT}}
        return frames[:4] + [sse(end, "message-end")]
