"""The mistralai package."""

import json

from mistralai.client import Mistral

from .base import Client, call, data_url, said, usage


class MistralChat(Client):
    name = "mistral"
    home = "mistral"

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = Mistral(api_key=key, server_url=self.url, timeout_ms=20_000)

    def begin(self, ask):
        talk = [{"role": "system", "content": ask["system"]}] if "system" in ask else []
        talk += [{"role": role, "content": text} for role, text in ask.get("history", [])]
        parts = [{"type": "text", "text": ask["prompt"]}]
        if "image" in ask or "image_url" in ask:
            parts.append({"type": "image_url", "image_url":
                          ask.get("image_url") or data_url("image/png", ask["image"])})
        if "pdf" in ask:
            parts.append({"type": "document_url", "document_name": "paper.pdf",
                          "document_url": data_url("application/pdf", ask["pdf"])})
        content = parts if len(parts) > 1 else ask["prompt"]
        if "old" in ask:
            talk += self.old(ask["old"])
        return talk + [{"role": "user", "content": content}]

    def old(self, old):
        """With an id as Mistral wants it, and an assistant between the result and the user."""
        return [{"role": "user", "content": old["prompt"]},
                {"role": "assistant", "content": "", "tool_calls": [{
                    "id": "oldCall01", "type": "function", "function": {
                        "name": old["name"], "arguments": json.dumps(old["args"])}}]},
                {"role": "tool", "tool_call_id": "oldCall01", "name": old["name"],
                 "content": json.dumps(old["result"])},
                {"role": "assistant", "content": "18 degrees."}]

    def request(self, model, ask, talk) -> dict:
        request = {"model": model, "messages": talk, "max_tokens": ask["max_tokens"]}
        for name in ("temperature", "stop"):
            if name in ask:
                request[name] = ask[name]
        if "tools" in ask:
            request["tools"] = [{"type": "function", "function": {
                "name": tool["name"], "description": tool["description"],
                "parameters": tool["schema"]}} for tool in ask["tools"]]
        choice = ask.get("choice")
        if choice:
            request["tool_choice"] = {"required": "any"}.get(choice, choice) if choice in (
                "required", "none") else {"type": "function", "function": {"name": choice}}
        if "parallel" in ask:
            request["parallel_tool_calls"] = ask["parallel"]
        if "schema" in ask:
            request["response_format"] = {"type": "json_schema", "json_schema": {
                "name": ask["schema_name"], "schema": ask["schema"], "strict": True}}
        if "reasoning" in ask:
            request["prompt_mode"] = "reasoning"
        return request

    def turn(self, model, ask, talk):
        request = self.request(model, ask, talk)
        if ask["stream"]:
            content, calls, finish, used = self.streamed(request)
            talk.append({"role": "assistant", "content": content, **({"tool_calls": [
                {"id": c["id"], "type": "function", "function": {
                    "name": c["name"], "arguments": c["arguments"]}} for c in calls]}
                if calls else {})})
            calls = [call(c["id"], c["name"], c["arguments"]) for c in calls]
        else:
            answer = self.sdk.chat.complete(**request)
            message = answer.choices[0].message
            talk.append(message)
            finish, used, content = answer.choices[0].finish_reason, answer.usage, message.content
            calls = [call(c.id, c.function.name, c.function.arguments)
                     for c in message.tool_calls or []]
        text, thoughts = self.words(content)
        finish = {"model_length": "length"}.get(finish, finish)
        return said(text, calls, thoughts, finish, self.usage(used))

    def streamed(self, request):
        content, calls, finish, used = [], {}, "", None
        with self.sdk.chat.stream(**request) as stream:
            for event in stream:
                used = event.data.usage or used
                for choice in event.data.choices:
                    finish = choice.finish_reason or finish
                    said_now = choice.delta.content
                    content += said_now if isinstance(said_now, list) else [said_now or ""]
                    for one in choice.delta.tool_calls or []:
                        known = calls.setdefault(one.index or 0, {"id": "", "name": "",
                                                                  "arguments": ""})
                        known["id"] = one.id if one.id not in (None, "null", "") else known["id"]
                        known["name"] += one.function.name or ""
                        given = one.function.arguments
                        known["arguments"] += given if isinstance(given, str) else json.dumps(given)
        whole = []
        for piece in content:  # neighbours of one kind are one
            piece = {"type": "text", "text": piece} if isinstance(piece, str) else \
                piece.model_dump(exclude_unset=True, by_alias=True)
            if whole and whole[-1]["type"] == piece["type"]:
                whole[-1][piece["type"]] += piece[piece["type"]]
            elif piece.get("text") != "":
                whole.append(piece)
        text = whole[0]["text"] if len(whole) == 1 and whole[0]["type"] == "text" else whole
        return text or "", list(calls.values()), finish, used

    def words(self, content):
        if not isinstance(content, list):
            return content or "", ""
        parts = [part if isinstance(part, dict) else part.model_dump(by_alias=True)
                 for part in content]
        text = "".join(part["text"] for part in parts if part["type"] == "text")
        thoughts = "".join(piece.get("text", "") for part in parts if part["type"] == "thinking"
                           for piece in part["thinking"])
        return text, thoughts

    def usage(self, used):
        if not used:
            return {}
        extra = used.model_extra or {}
        details = getattr(used, "prompt_tokens_details", None) or extra.get("prompt_tokens_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else getattr(
            details, "cached_tokens", None)
        return usage(used.prompt_tokens, used.completion_tokens,
                     cached if isinstance(cached, int) else None)

    def embed(self, model, texts):
        answer = self.sdk.embeddings.create(model=model, inputs=texts)
        return [one.embedding for one in answer.data]

    def results(self, talk, calls, results):
        for one in calls:
            talk.append({"role": "tool", "tool_call_id": one["id"], "name": one["name"],
                         "content": json.dumps(results[one["id"]])})
