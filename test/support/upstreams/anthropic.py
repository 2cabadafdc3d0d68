"""Anthropic Messages: `/v1/messages`."""

import json
import re

from .parts import Call, Media, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, pieces
from .script import ERROR_TEXT
from .listener import sse
from .server import Upstream

STOP = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use",
        "refusal": "refusal", "content_filter": "refusal"}
KINDS = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
         404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error",
         500: "api_error", 503: "overloaded_error"}


def source(kind: str, value: dict) -> Media:
    if value["type"] == "base64":
        return Media(kind, value["media_type"], value["data"])
    return Media(kind, url=value["url"])


class Anthropic(Upstream):
    name = "anthropic"
    model = "claude-sonnet-4-5"
    path = re.compile(r"^/v1/messages$")
    spec = ("anthropic.openapi.json", "/v1/messages?beta=true")
    signs_thoughts = True

    def check_credentials(self, asked):
        given = asked.headers.get("x-api-key") or asked.headers.get("authorization", "")
        if given.removeprefix("Bearer ") != self.key:
            raise Problem(f"credentials: {given!r}")
        if not asked.headers.get("anthropic-version"):
            raise Problem("the header anthropic-version is missing")

    def call_id(self, number):
        return f"toolu_01mx{number}"

    def status(self, status):
        return 529 if status == 503 else status

    # a request

    def described(self, asked):
        """The description does not know a format's newer place, nor eager_input_streaming."""
        config = dict(asked.body.get("output_config") or {})
        form = config.pop("format", None)
        rest = {name: value for name, value in asked.body.items() if name != "output_config"}
        rest = {**rest, "output_config": config} if config else rest
        if rest.get("tools"):
            rest["tools"] = [{name: value for name, value in tool.items()
                              if name != "eager_input_streaming"} for tool in rest["tools"]]
        return {**rest, "output_format": form} if form else rest

    def read(self, asked) -> Seen:
        body = asked.body
        seen = Seen(max_tokens=need(body.get("max_tokens"), "max_tokens"),
                    temperature=body.get("temperature"), stop=body.get("stop_sequences") or [],
                    reasoning=(body.get("thinking") or {}).get("type") in ("enabled", "adaptive"))
        system = body.get("system") or ""
        seen.system = system if isinstance(system, str) else "\n\n".join(
            part["text"] for part in system)
        for message in need(body.get("messages"), "messages"):
            content = message["content"]
            blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
            for block in blocks:
                self.block(seen, message["role"], block)
        for tool in body.get("tools") or []:
            seen.tools.append(Tool(tool["name"], tool.get("description", ""),
                                   tool["input_schema"]))
        choice = body.get("tool_choice") or {}
        kind = choice.get("type", "")
        seen.choice = choice["name"] if kind == "tool" else {"any": "required"}.get(kind, kind)
        if "disable_parallel_tool_use" in choice:
            seen.parallel = not choice["disable_parallel_tool_use"]
        seen.cached = '"cache_control"' in json.dumps(body)
        form = (body.get("output_config") or {}).get("format") or body.get("output_format")
        if form:
            seen.schema = form["schema"]
        return seen

    def block(self, seen, role, block):
        kind = block["type"]
        if kind == "text":
            seen.add(role, Text(need(block["text"], "text")))
        elif kind == "thinking":
            seen.add(role, Thought(block["thinking"], need(block.get("signature"), "signature")))
        elif kind in ("image", "document"):
            seen.add(role, source(kind, block["source"]))
        elif kind == "tool_use":
            seen.add(role, Call(block["name"], block["input"], block["id"]))
        elif kind == "tool_result":
            content = block.get("content", "")
            if isinstance(content, list):
                content = "".join(part.get("text", "") for part in content)
            seen.add(role, Result(content, block["tool_use_id"], failed=block.get("is_error")))
        else:
            raise Problem(f"unknown block {kind!r}")

    def check(self, asked):
        roles = [message["role"] for message in asked.body["messages"]]
        if set(roles) - {"user", "assistant"} or roles[0] != "user":
            raise Problem(f"roles: {roles}")
        thinking = asked.body.get("thinking") or {}
        if thinking.get("type") == "enabled":
            if not 1024 <= thinking["budget_tokens"] < asked.body["max_tokens"]:
                raise Problem(f"budget {thinking['budget_tokens']} of {asked.body['max_tokens']}")
            if asked.body.get("temperature") not in (None, 1):
                raise Problem("thinking goes with temperature 1 only")

    # an answer

    def usage(self, usage, output=None) -> dict:
        """What was cached is not part of the input."""
        return {"input_tokens": usage.input - usage.cached, "cache_read_input_tokens": usage.cached,
                "cache_creation_input_tokens": 0, "service_tier": "standard",
                "output_tokens": usage.output if output is None else output}

    def blocks(self, answer) -> list[dict]:
        made = []
        for item in answer.items:
            if isinstance(item, Thought):
                made.append({"type": "thinking", "thinking": item.text,
                             "signature": item.signature})
            elif isinstance(item, (Text, Refusal)):
                made.append({"type": "text", "text": item.text})
            elif isinstance(item, Call):
                made.append({"type": "tool_use", "id": item.id, "name": item.name,
                             "input": item.args})
        return made

    def whole(self, answer, seen, model):
        return {"id": "msg_01mx", "type": "message", "role": "assistant", "model": model,
                "content": self.blocks(answer), "stop_reason": STOP[answer.finish],
                "stop_sequence": None, "usage": self.usage(answer.usage)}

    def frames(self, answer, seen, model):
        message = {**self.whole(answer, seen, model), "content": [], "stop_reason": None,
                   "usage": self.usage(answer.usage, 1)}
        events = [{"type": "message_start", "message": message}, {"type": "ping"}]
        for index, block in enumerate(self.blocks(answer)):
            events += self.block_events(index, block)
        events.append({"type": "message_delta",
                       "delta": {"stop_reason": STOP[answer.finish], "stop_sequence": None},
                       "usage": self.usage(answer.usage)})
        events.append({"type": "message_stop"})
        return [sse(event, event["type"]) for event in events]

    def block_events(self, index, block):
        kind = block["type"]
        if kind == "text":
            start, deltas = {"type": "text", "text": ""}, [
                {"type": "text_delta", "text": piece} for piece in pieces(block["text"])]
        elif kind == "thinking":
            start = {"type": "thinking", "thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": piece}
                      for piece in pieces(block["thinking"])]
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
        else:
            start, text = {**block, "input": {}}, json.dumps(block["input"], ensure_ascii=False)
            deltas = [{"type": "input_json_delta", "partial_json": piece}
                      for piece in [""] + (pieces(text) if block["input"] else [])]
        return [{"type": "content_block_start", "index": index, "content_block": start},
                *({"type": "content_block_delta", "index": index, "delta": delta}
                  for delta in deltas),
                {"type": "content_block_stop", "index": index}]

    def error(self, status):
        return {"type": "error", "request_id": "req_011mx",
                "error": {"type": KINDS[status], "message": ERROR_TEXT}}

    def error_headers(self, status):
        return {"request-id": "req_011mx"}

    def broken(self, frames):
        return frames[:5] + [sse(self.error(503), "error")]
