"""Gemini: `/v1beta/models/…:generateContent`; events end with CRLF and nothing ends the stream."""

import json
import re

from .parts import Call, Media, Problem, Result, Seen, Text, Thought, Tool, need, pieces
from .script import ERROR_TEXT
from .server import Upstream

FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP", "refusal": "SAFETY",
          "content_filter": "SAFETY"}
OWN_WORDS = ("args", "response", "parametersjsonschema", "responsejsonschema", "labels")
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED",
          404: "NOT_FOUND", 413: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL",
          503: "UNAVAILABLE"}


def camel(value, free: bool = False):
    """Names as the description has them: the SDK for Python sends some with underscores."""
    if isinstance(value, list):
        return [camel(item, free) for item in value]
    if not isinstance(value, dict) or free:
        return value
    return {re.sub(r"_([a-z])", lambda found: found.group(1).upper(), name):
            camel(item, name.lower().replace("_", "") in OWN_WORDS)
            for name, item in value.items()}


def plain(data: str) -> str:
    """Base64 as everybody has it: the SDK for Python sends the form for URLs."""
    return data.replace("-", "+").replace("_", "/")


def sse(data: dict) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\r\n\r\n"


class Gemini(Upstream):
    name = "gemini"
    base = "/v1beta"
    model = "gemini-2.5-pro"
    path = re.compile(r"^/v1(beta)?/models/(?P<model>.+):(?P<action>(streamG|g)enerateContent)$")
    spec = ("gemini.openapi.json", "/v1beta/models/{model}:generateContent")
    has_ids = False
    lacks = frozenset({"cache", "parallel"})

    def check_credentials(self, asked):
        given = asked.headers.get("x-goog-api-key") or asked.query.get("key")
        if given != self.key:
            raise Problem(f"credentials: x-goog-api-key is {given!r}")

    def streams(self, asked):
        return ":stream" in asked.path

    def check(self, asked):
        if self.streams(asked) and asked.query.get("alt") != "sse":
            raise Problem(f"alt is {asked.query.get('alt')!r}")

    # a request

    def described(self, asked):
        return {"model": "models/m", **camel(asked.body)}

    def read(self, asked) -> Seen:
        body = camel(asked.body)
        config = body.get("generationConfig") or {}
        thinking = config.get("thinkingConfig") or {}
        seen = Seen(max_tokens=config.get("maxOutputTokens"),
                    temperature=config.get("temperature"), stop=config.get("stopSequences") or [],
                    reasoning=bool(thinking.get("includeThoughts")
                                   or thinking.get("thinkingBudget")
                                   or thinking.get("thinkingLevel")))
        system = body.get("systemInstruction") or {}
        seen.system = "\n\n".join(part["text"] for part in system.get("parts", []))
        for content in need(body.get("contents"), "contents"):
            role = {"model": "assistant"}.get(content.get("role"), "user")
            for part in content["parts"]:
                self.part(seen, role, part)
        for tool in body.get("tools") or []:
            for function in tool.get("functionDeclarations") or []:
                schema = function.get("parametersJsonSchema") or function.get("parameters") or {}
                seen.tools.append(Tool(function["name"], function.get("description", ""), schema))
        calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
        mode, names = calling.get("mode", ""), calling.get("allowedFunctionNames") or []
        seen.choice = names[0] if mode == "ANY" and len(names) == 1 else \
            {"ANY": "required", "VALIDATED": "auto"}.get(mode, mode.lower())
        if config.get("responseMimeType") == "application/json":
            seen.schema = config.get("responseJsonSchema") or config.get("responseSchema")
        return seen

    def part(self, seen, role, part):
        signature = part.get("thoughtSignature", "")
        if part.get("thought"):
            seen.add(role, Thought(part["text"], signature))
        elif "text" in part:
            seen.add(role, Text(part["text"]))
        elif "inlineData" in part:
            mime = part["inlineData"]["mimeType"]
            kind = "image" if mime.startswith("image/") else "document"
            seen.add(role, Media(kind, mime, plain(part["inlineData"]["data"])))
        elif "fileData" in part:
            seen.add(role, Media("image", part["fileData"].get("mimeType", ""),
                                 url=part["fileData"]["fileUri"]))
        elif "functionCall" in part:
            call = part["functionCall"]
            seen.add(role, Call(call["name"], call.get("args") or {}, call.get("id", ""),
                                signature))
        elif "functionResponse" in part:
            result = part["functionResponse"]
            if not isinstance(result["response"], dict):
                raise Problem(f"functionResponse.response is {result['response']!r}")
            seen.add(role, Result(result["response"], result.get("id", ""), result["name"]))
        else:
            raise Problem(f"unknown part {list(part)}")

    # an answer

    def usage(self, usage) -> dict:
        """What was thought is not part of the candidates' tokens; zeros are left out."""
        counts = {"promptTokenCount": usage.input,
                  "candidatesTokenCount": usage.output - usage.reasoning,
                  "totalTokenCount": usage.input + usage.output,
                  "promptTokensDetails": [{"modality": "TEXT", "tokenCount": usage.input}]}
        if usage.cached:
            counts["cachedContentTokenCount"] = usage.cached
        if usage.reasoning:
            counts["thoughtsTokenCount"] = usage.reasoning
        return counts

    def parts(self, answer, stream: bool) -> list[dict]:
        made = []
        for item in answer.items:
            if isinstance(item, Thought):
                made += [{"text": text, "thought": True} for text in self.cut(item.text, stream)]
            elif isinstance(item, Text):
                made += [{"text": text} for text in self.cut(item.text, stream)]
            elif isinstance(item, Call):
                made.append(self.call_part(item))
        return made

    def cut(self, text, stream):
        return pieces(text) if stream else [text]

    def call_part(self, call):
        """No id, and no args for a call without arguments."""
        made = {"functionCall": {"name": call.name, **({"args": call.args} if call.args else {})}}
        if call.signature:
            made["thoughtSignature"] = call.signature
        return made

    def fragments(self, call):
        """As Google streams arguments on demand: texts bit by bit, each closed by an empty one."""
        yield {"functionCall": {"name": call.name, "willContinue": True}}
        for name, value in call.args.items():
            for piece in pieces(value):
                yield {"functionCall": {"willContinue": True, "partialArgs": [{
                    "jsonPath": f"$.{name}", "stringValue": piece, "willContinue": True}]}}
            yield {"functionCall": {"willContinue": True, "partialArgs": [{
                "jsonPath": f"$.{name}", "stringValue": ""}]}}
        yield {"functionCall": {}}

    def chunk(self, model, parts, usage, finish="") -> dict:
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        if finish == "SAFETY":
            candidate = {"finishReason": finish, "index": 0, "safetyRatings": [
                {"category": "HARM_CATEGORY_HARASSMENT", "probability": "HIGH", "blocked": True}]}
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model,
                "responseId": "mx-response"}

    def whole(self, answer, seen, model):
        return self.chunk(model, self.parts(answer, False), self.usage(answer.usage),
                          FINISH[answer.finish])

    def frames(self, answer, seen, model):
        parts, usage = self.parts(answer, True), self.usage(answer.usage)
        if answer.fragments:
            parts = [part for call in answer.of(Call) for part in self.fragments(call)]
        counting = {"promptTokenCount": usage["promptTokenCount"],
                    "totalTokenCount": usage["promptTokenCount"]}
        chunks = [self.chunk(model, [part], counting) for part in parts[:-1]]
        chunks.append(self.chunk(model, parts[-1:], usage, FINISH[answer.finish]))
        return [sse(chunk) for chunk in chunks]

    def error(self, status):
        return {"error": {"code": status, "message": ERROR_TEXT, "status": STATUS[status]}}

    def broken(self, frames):
        return frames[:3] + [sse(self.error(503))]
