"""OpenAI Responses: `/v1/responses`."""

import json
import re

from .openai import OpenAi, allowed, arguments, media
from .parts import Call, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, pieces
from .listener import sse
from .server import Upstream


class OpenAiResponses(Upstream):
    name = "openai_responses"
    base = "/v1"
    model = "gpt-5.1"
    path = re.compile(r"^/v1/responses$")
    spec = ("openai.openapi.json", "/responses")
    signs_thoughts = True
    lacks = frozenset({"cache", "stop"})

    # a request

    def described(self, asked):
        """The description demands a detail of every picture; the server does not."""
        def told(item):
            parts = item.get("content")
            if not isinstance(parts, list):
                return item
            return {**item, "content": [{"detail": "auto", **part} if part.get("type") ==
                                        "input_image" else part for part in parts]}

        items = asked.body.get("input")
        return {**asked.body, "input": [told(item) for item in items]
                if isinstance(items, list) else items}

    def read(self, asked) -> Seen:
        body = asked.body
        seen = Seen(max_tokens=body.get("max_output_tokens"), temperature=body.get("temperature"),
                    system=body.get("instructions") or "",
                    parallel=body.get("parallel_tool_calls"),
                    reasoning=bool((body.get("reasoning") or {}).get("effort")))
        items = need(body.get("input"), "input")
        if isinstance(items, str):
            items = [{"role": "user", "content": items}]
        for item in items:
            self.item(seen, item)
        for tool in body.get("tools") or []:
            seen.tools.append(Tool(tool["name"], tool.get("description") or "",
                                   tool.get("parameters") or {}))
        choice = body.get("tool_choice") or ""
        if isinstance(choice, dict):
            among = choice if choice["type"] == "allowed_tools" else None
            choice = allowed(among, seen) or choice["name"]
        seen.choice = choice
        form = (body.get("text") or {}).get("format") or {}
        if form.get("type") == "json_schema":
            seen.schema = form["schema"]
        return seen

    def item(self, seen, item):
        kind = item.get("type", "message")
        if kind == "message":
            self.message(seen, item)
        elif kind == "function_call":
            seen.add("assistant", Call(item["name"], arguments(item["arguments"]),
                                       item["call_id"]))
        elif kind == "function_call_output":
            output = item["output"]
            if isinstance(output, list):
                output = "".join(part.get("text", "") for part in output)
            seen.add("user", Result(output, item["call_id"]))
        elif kind == "reasoning":
            text = "".join(part["text"] for part in item.get("summary") or [])
            seen.add("assistant", Thought(text, item.get("encrypted_content") or ""))
        else:
            raise Problem(f"unknown item {kind!r}")

    def message(self, seen, item):
        role, content = item["role"], item["content"]
        parts = [{"type": "input_text", "text": content}] if isinstance(content, str) else content
        if role in ("system", "developer"):
            text = "".join(part["text"] for part in parts)
            seen.system = f"{seen.system}\n\n{text}" if seen.system else text
            return
        for part in parts:
            kind = part["type"]
            if kind in ("input_text", "output_text"):
                seen.add(role, Text(part["text"]))
            elif kind == "input_image":
                seen.add(role, media("image", part["image_url"]))
            elif kind == "input_file":
                need(part.get("filename") or part.get("file_url"), "filename")
                seen.add(role, media("document", part.get("file_data") or part["file_url"]))
            else:
                raise Problem(f"unknown part {kind!r}")

    # an answer

    def items(self, answer) -> list[dict]:
        made = []
        for item in answer.items:
            if isinstance(item, Thought):
                made.append({"id": "rs_mx1", "type": "reasoning", "summary": [
                    {"type": "summary_text", "text": item.text}],
                    "encrypted_content": item.signature})
            elif isinstance(item, (Text, Refusal)):
                part = {"type": "output_text", "text": item.text, "annotations": [],
                        "logprobs": []} if isinstance(item, Text) else {
                            "type": "refusal", "refusal": item.text}
                made.append({"id": "msg_mx1", "type": "message", "role": "assistant",
                             "status": "completed", "content": [part]})
            elif isinstance(item, Call):
                made.append({"id": f"fc_{item.id}", "type": "function_call", "name": item.name,
                             "arguments": json.dumps(item.args, ensure_ascii=False),
                             "call_id": item.id, "status": "completed"})
        return made

    def usage(self, usage) -> dict:
        return {"input_tokens": usage.input, "output_tokens": usage.output,
                "total_tokens": usage.input + usage.output,
                "input_tokens_details": {"cached_tokens": usage.cached},
                "output_tokens_details": {"reasoning_tokens": usage.reasoning}}

    def whole(self, answer, seen, model):
        short = answer.finish == "length"
        return {"id": "resp_mx1", "object": "response", "created_at": 1760000000, "model": model,
                "status": "incomplete" if short else "completed", "error": None,
                "incomplete_details": {"reason": "max_output_tokens"} if short else None,
                "instructions": None, "max_output_tokens": None, "output": self.items(answer),
                "parallel_tool_calls": True, "previous_response_id": None,
                "reasoning": {"effort": None, "summary": None}, "service_tier": "default",
                "store": True, "temperature": 1.0, "text": {"format": {"type": "text"}},
                "tool_choice": "auto", "tools": [], "top_p": 1.0, "truncation": "disabled",
                "usage": self.usage(answer.usage), "user": None, "metadata": {}}

    def frames(self, answer, seen, model):
        done = self.whole(answer, seen, model)
        begun = {**done, "status": "in_progress", "output": [], "usage": None,
                 "incomplete_details": None}
        events = [{"type": "response.created", "response": begun},
                  {"type": "response.in_progress", "response": begun}]
        for index, item in enumerate(done["output"]):
            events += self.item_events(index, item)
        events.append({"type": f"response.{done['status']}", "response": done})
        return [sse({**event, "sequence_number": number}, event["type"])
                for number, event in enumerate(events)]

    def item_events(self, index, item):
        where = {"item_id": item["id"], "output_index": index}
        if item["type"] == "function_call":
            start = {**item, "arguments": "", "status": "in_progress"}
            middle = [{"type": "response.function_call_arguments.delta", **where, "delta": piece}
                      for piece in pieces(item["arguments"])]
            middle.append({"type": "response.function_call_arguments.done", **where,
                           "arguments": item["arguments"], "name": item["name"]})
        elif item["type"] == "reasoning":
            start = {**item, "summary": [], "encrypted_content": "Z3Jvd2luZw=="}
            middle = self.summary_events(where, item["summary"][0])
        else:
            start = {**item, "content": [], "status": "in_progress"}
            middle = self.part_events(where, item["content"][0])
        return [{"type": "response.output_item.added", "output_index": index, "item": start},
                *middle, {"type": "response.output_item.done", "output_index": index,
                          "item": item}]

    def summary_events(self, where, part):
        where, kind = {**where, "summary_index": 0}, "response.reasoning_summary"
        return [{"type": f"{kind}_part.added", **where, "part": {**part, "text": ""}},
                *({"type": f"{kind}_text.delta", **where, "delta": piece}
                  for piece in pieces(part["text"])),
                {"type": f"{kind}_text.done", **where, "text": part["text"]},
                {"type": f"{kind}_part.done", **where, "part": part}]

    def part_events(self, where, part):
        where = {**where, "content_index": 0}
        name = "text" if part["type"] == "output_text" else "refusal"
        kind = "response.output_text" if name == "text" else "response.refusal"
        more = {"logprobs": []} if name == "text" else {}
        return [{"type": "response.content_part.added", **where, "part": {**part, name: ""}},
                *({"type": f"{kind}.delta", **where, "delta": piece, **more}
                  for piece in pieces(part[name])),
                {"type": f"{kind}.done", **where, name: part[name], **more},
                {"type": "response.content_part.done", **where, "part": part}]

    error = OpenAi.error
    WORDS = OpenAi.WORDS

    def broken(self, frames):
        failed = {"type": "error", "code": "server_error", "message": "The dog ate the request",
                  "param": None, "sequence_number": 5}
        return frames[:5] + [sse(failed, "error")]
