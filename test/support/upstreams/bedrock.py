"""Bedrock Converse: `/model/…/converse`; signed requests, answers as binary event-stream frames."""

import json
import re

from . import eventstream, sigv4
from .parts import (Call, Media, Problem, Refusal, Result, Seen, Text, Thought, Tool, need, only,
                    pieces)
from .script import ERROR_TEXT
from .server import Upstream

STOP = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use",
        "refusal": "content_filtered", "content_filter": "content_filtered"}
ERRORS = {400: "ValidationException", 403: "AccessDeniedException",
          404: "ResourceNotFoundException", 413: "ValidationException",
          429: "ThrottlingException", 500: "InternalServerException",
          503: "ServiceUnavailableException"}
MEMBERS = ("messages system inferenceConfig toolConfig guardrailConfig "
           "additionalModelRequestFields promptVariables additionalModelResponseFieldPaths "
           "requestMetadata performanceConfig serviceTier outputConfig")
FORMATS = {"png": "image/png", "pdf": "application/pdf"}


class Bedrock(Upstream):
    name = "bedrock"
    model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    path = re.compile(r"^/model/(?P<model>[^/]+)/(?P<action>converse(-stream)?)$")
    signs_thoughts = True
    lacks = frozenset({"parallel"})
    stream_type = "application/vnd.amazon.eventstream"
    region = "eu-west-1"
    access_key = "AKIAMXEXAMPLE"
    secret = "mx/secret+key"

    def provider(self):
        return {"type": self.name, "base_url": self.host, "region": self.region,
                "access_key_id": self.access_key, "secret_access_key": self.secret}

    def check_credentials(self, asked):
        if asked.headers.get("authorization") == f"Bearer {self.key}":
            return
        sigv4.check(asked.method, asked.target, asked.headers, asked.raw, region=self.region,
                    access_key=self.access_key, secret=self.secret)

    def streams(self, asked):
        return asked.path.endswith("converse-stream")

    def status(self, status):
        return 403 if status == 401 else status

    def call_id(self, number):
        return f"tooluse_mx-{number}"

    # a request

    def read(self, asked) -> Seen:
        body = asked.body
        config, more = body.get("inferenceConfig") or {}, body.get(
            "additionalModelRequestFields") or {}
        only(config, "maxTokens temperature topP stopSequences", "inferenceConfig")
        thinking = more.get("thinking") or more.get("reasoning_config") or {}
        seen = Seen(max_tokens=config.get("maxTokens"), temperature=config.get("temperature"),
                    stop=config.get("stopSequences") or [],
                    reasoning=thinking.get("type") in ("enabled", "adaptive"))
        seen.system = "\n\n".join(block["text"] for block in body.get("system") or []
                                  if "text" in block)
        seen.cached = '"cachePoint"' in json.dumps(body)
        for message in need(body.get("messages"), "messages"):
            for block in message["content"]:
                self.block(seen, message["role"], block)
        tools = body.get("toolConfig") or {}
        for tool in tools.get("tools") or []:
            spec = tool["toolSpec"]
            seen.tools.append(Tool(spec["name"], spec.get("description", ""),
                                   spec["inputSchema"]["json"]))
        (kind, value), = (tools.get("toolChoice") or {"": {}}).items()
        seen.choice = value["name"] if kind == "tool" else {"any": "required"}.get(kind, kind)
        form = (body.get("outputConfig") or {}).get("textFormat") or {}
        if form.get("type") == "json_schema":
            seen.schema = json.loads(form["structure"]["jsonSchema"]["schema"])
        return seen

    def block(self, seen, role, block):
        (kind, value), = block.items()
        if kind == "text":
            seen.add(role, Text(need(value, "text")))
        elif kind in ("image", "document"):
            if kind == "document" and not re.fullmatch(r"[A-Za-z0-9 ()\[\]-]{1,200}",
                                                       value.get("name", "")):
                raise Problem(f"a document called {value.get('name')!r}")
            seen.add(role, Media(kind, FORMATS.get(value["format"], value["format"]),
                                 value["source"]["bytes"]))
        elif kind == "toolUse":
            if not isinstance(value["input"], dict):
                raise Problem(f"toolUse.input is {value['input']!r}")
            seen.add(role, Call(value["name"], value["input"], value["toolUseId"]))
        elif kind == "toolResult":
            (_, content), = value["content"][0].items()
            seen.add(role, Result(content, value["toolUseId"]))
        elif kind == "reasoningContent":
            text = value["reasoningText"]
            seen.add(role, Thought(text["text"], text.get("signature", "")))
        elif kind != "cachePoint":
            raise Problem(f"unknown block {kind!r}")

    def check(self, asked):
        only(asked.body, MEMBERS, "body")
        roles = [message["role"] for message in asked.body["messages"]]
        if any(one == two for one, two in zip(roles, roles[1:])):
            raise Problem(f"roles must take turns: {roles}")

    # an answer

    def usage(self, usage):
        counts = {"inputTokens": usage.input - usage.cached, "outputTokens": usage.output,
                  "totalTokens": usage.input + usage.output}
        if usage.cached:
            counts |= {"cacheReadInputTokens": usage.cached, "cacheWriteInputTokens": 0}
        return counts

    def blocks(self, answer):
        made = []
        for item in answer.items:
            if isinstance(item, Thought):
                made.append({"reasoningContent": {"reasoningText": {
                    "text": item.text, "signature": item.signature}}})
            elif isinstance(item, (Text, Refusal)):
                made.append({"text": item.text})
            elif isinstance(item, Call):
                made.append({"toolUse": {"toolUseId": item.id, "name": item.name,
                                         "input": item.args}})
        return made

    def whole(self, answer, seen, model):
        return {"output": {"message": {"role": "assistant", "content": self.blocks(answer)}},
                "stopReason": STOP[answer.finish], "usage": self.usage(answer.usage),
                "metrics": {"latencyMs": 12}}

    def frames(self, answer, seen, model):
        frames = [eventstream.event("messageStart", {"p": "abcde", "role": "assistant"})]
        for index, block in enumerate(self.blocks(answer)):
            frames += self.block_frames(index, block)
        frames.append(eventstream.event("messageStop", {"p": "ab",
                                                        "stopReason": STOP[answer.finish]}))
        frames.append(eventstream.event("metadata", {
            "metrics": {"latencyMs": 12}, "p": "abc", "usage": self.usage(answer.usage)}))
        return frames

    def block_frames(self, index, block):
        (kind, value), = block.items()
        at, frames = {"contentBlockIndex": index, "p": "abcd"}, []
        if kind == "toolUse":
            frames.append(eventstream.event("contentBlockStart", {**at, "start": {"toolUse": {
                "toolUseId": value["toolUseId"], "name": value["name"]}}}))
            deltas = [{"toolUse": {"input": piece}} for piece in pieces(
                json.dumps(value["input"], ensure_ascii=False))]
            deltas = deltas if value["input"] else [{"toolUse": {"input": ""}}]
        elif kind == "reasoningContent":
            text = value["reasoningText"]
            deltas = [{"reasoningContent": {"text": piece}} for piece in pieces(text["text"])]
            deltas.append({"reasoningContent": {"signature": text["signature"]}})
        else:
            deltas = [{"text": piece} for piece in pieces(value)]
        frames += [eventstream.event("contentBlockDelta", {**at, "delta": delta})
                   for delta in deltas]
        return frames + [eventstream.event("contentBlockStop", at)]

    def error(self, status):
        return {"message": ERROR_TEXT}

    def error_headers(self, status):
        kind = ERRORS.get(status, "UnrecognizedClientException")
        return {"x-amzn-errortype": kind + ":http://internal.amazon.com/coral/",
                "x-amzn-requestid": "mx"}

    def broken(self, frames):
        return frames[:3] + [eventstream.exception("modelStreamErrorException", {
            "message": ERROR_TEXT, "originalStatusCode": 500})]
