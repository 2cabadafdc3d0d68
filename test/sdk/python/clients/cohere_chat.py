"""The cohere package, v2."""

import json

import cohere

from .base import Client, call, data_url, said, usage

FINISH = {"COMPLETE": "stop", "STOP_SEQUENCE": "stop", "MAX_TOKENS": "length",
          "TOOL_CALL": "tool_calls", "ERROR_TOXIC": "content_filter", "ERROR": "content_filter"}


class CohereChat(Client):
    name = "cohere"
    home = "cohere"
    cannot = frozenset({"parallel", "tool_named", "pdf"})

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = cohere.ClientV2(api_key=key, base_url=self.url, timeout=20, max_retries=0)

    def begin(self, ask):
        talk = [{"role": "system", "content": ask["system"]}] if "system" in ask else []
        talk += [{"role": role, "content": text} for role, text in ask.get("history", [])]
        parts = [{"type": "text", "text": ask["prompt"]}]
        if "image" in ask or "image_url" in ask:
            url = ask.get("image_url") or data_url("image/png", ask["image"])
            parts.append({"type": "image_url", "image_url": {"url": url}})
        content = parts if len(parts) > 1 else ask["prompt"]
        if "old" in ask:
            talk += self.old(ask["old"])
        return talk + [{"role": "user", "content": content}]

    def old(self, old):
        return [{"role": "user", "content": old["prompt"]},
                {"role": "assistant", "tool_calls": [{"id": old["id"], "type": "function",
                 "function": {"name": old["name"], "arguments": json.dumps(old["args"])}}]},
                {"role": "tool", "tool_call_id": old["id"], "content": json.dumps(old["result"])}]

    def request(self, model, ask, talk) -> dict:
        request = {"model": model, "messages": talk, "max_tokens": ask["max_tokens"],
                   "request_options": {"max_retries": 0}}
        if "temperature" in ask:
            request["temperature"] = ask["temperature"]
        if "stop" in ask:
            request["stop_sequences"] = ask["stop"]
        if "tools" in ask:
            request["tools"] = [{"type": "function", "function": {
                "name": tool["name"], "description": tool["description"],
                "parameters": tool["schema"]}} for tool in ask["tools"]]
        if ask.get("choice"):
            request["tool_choice"] = ask["choice"].upper()
        if "schema" in ask:
            request["response_format"] = {"type": "json_object", "json_schema": ask["schema"]}
        if "reasoning" in ask:
            request["thinking"] = {"type": "enabled", "token_budget": ask["reasoning"]}
        return request

    def turn(self, model, ask, talk):
        request = self.request(model, ask, talk)
        if ask["stream"]:
            message, finish, used = self.streamed(request)
        else:
            answer = self.sdk.chat(**request)
            message, finish, used = answer.message.dict(), answer.finish_reason, answer.usage
        talk.append({key: value for key, value in message.items()
                     if value not in (None, [], "") and key != "citations"})
        blocks = message.get("content") or []
        text = "".join(b["text"] for b in blocks if b["type"] == "text")
        thoughts = "".join(b["thinking"] for b in blocks if b["type"] == "thinking")
        calls = [call(c["id"], c["function"]["name"], c["function"]["arguments"])
                 for c in message.get("tool_calls") or []]
        return said(text or message.get("tool_plan"), calls, thoughts,
                    FINISH.get(finish, finish), self.usage(used))

    def streamed(self, request):
        message, finish, used = {"role": "assistant", "content": [], "tool_calls": [],
                                 "tool_plan": ""}, "", None
        for event in self.sdk.chat_stream(**request):
            if event.type == "message-end":
                finish, used = event.delta.finish_reason, event.delta.usage
                if finish == "ERROR" and event.delta.error:
                    raise RuntimeError(event.delta.error)
            elif event.type == "content-start":
                message["content"].append({"type": event.delta.message.content.type or "text"})
                kind = message["content"][-1]["type"]
                message["content"][-1][kind] = getattr(event.delta.message.content, kind) or ""
            elif event.type == "content-delta":
                block = message["content"][-1]
                block[block["type"]] += getattr(event.delta.message.content, block["type"])
            elif event.type == "tool-plan-delta":
                message["tool_plan"] += event.delta.message.tool_plan
            elif event.type == "tool-call-start":
                message["tool_calls"].append(event.delta.message.tool_calls.dict())
            elif event.type == "tool-call-delta":
                message["tool_calls"][-1]["function"]["arguments"] += \
                    event.delta.message.tool_calls.function.arguments
        for one in message["tool_calls"]:
            one["function"]["arguments"] = one["function"]["arguments"] or "{}"
        return message, finish, used

    def usage(self, used):
        counted = used and (used.tokens or used.billed_units)
        return usage(int(counted.input_tokens or 0), int(counted.output_tokens or 0),
                     getattr(used, "cached_tokens", None)) if counted else {}

    def embed(self, model, texts):
        answer = self.sdk.embed(model=model, texts=texts, input_type="search_document",
                                embedding_types=["float"])
        return answer.embeddings.float_

    def results(self, talk, calls, results):
        for one in calls:
            talk.append({"role": "tool", "tool_call_id": one["id"], "content": [
                {"type": "document", "document": {"data": json.dumps(results[one["id"]])}}]})
