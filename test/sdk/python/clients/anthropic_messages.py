"""The anthropic package."""

import json

import anthropic

from .base import Client, call, said, usage

FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length",
          "tool_use": "tool_calls"}


class AnthropicMessages(Client):
    name = "anthropic"
    home = "anthropic"

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = anthropic.Anthropic(base_url=self.url, api_key=key, max_retries=0, timeout=20)

    def begin(self, ask):
        talk = [{"role": role, "content": text} for role, text in ask.get("history", [])]
        parts = [{"type": "text", "text": ask["prompt"]}]
        if "image" in ask:
            parts.append({"type": "image", "source": {
                "type": "base64", "media_type": "image/png", "data": ask["image"]}})
        if "image_url" in ask:
            parts.append({"type": "image", "source": {"type": "url", "url": ask["image_url"]}})
        if "pdf" in ask:
            parts.append({"type": "document", "title": "paper.pdf", "source": {
                "type": "base64", "media_type": "application/pdf", "data": ask["pdf"]}})
        if "old" in ask:
            talk += self.old(ask["old"])
        return talk + [{"role": "user", "content": parts if len(parts) > 1 else ask["prompt"]}]

    def old(self, old):
        return [{"role": "user", "content": old["prompt"]},
                {"role": "assistant", "content": [{"type": "tool_use", "id": old["id"],
                                                   "name": old["name"], "input": old["args"]}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": old["id"],
                                              "content": json.dumps(old["result"])}]}]

    def request(self, model, ask, talk) -> dict:
        request = {"model": model, "messages": talk, "max_tokens": ask["max_tokens"]}
        if "system" in ask:
            request["system"] = ask["system"] if "cache" not in ask else [
                {"type": "text", "text": ask["system"], "cache_control": {"type": "ephemeral"}}]
        if "temperature" in ask:
            request["extra_body"] = {"temperature": ask["temperature"]}  # no longer an argument
        if "stop" in ask:
            request["stop_sequences"] = ask["stop"]
        if "tools" in ask:
            request["tools"] = [{"name": tool["name"], "description": tool["description"],
                                 "input_schema": tool["schema"]} for tool in ask["tools"]]
        choice = ask.get("choice")
        if choice:
            request["tool_choice"] = {"type": "any"} if choice == "required" else (
                {"type": "none"} if choice == "none" else {"type": "tool", "name": choice})
        if ask.get("parallel") is False:
            request["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
        if "schema" in ask:
            request["output_config"] = {"format": {"type": "json_schema",
                                                   "schema": ask["schema"]}}
        if "reasoning" in ask:
            request["thinking"] = {"type": "enabled", "budget_tokens": ask["reasoning"]}
        return request

    def turn(self, model, ask, talk):
        request = self.request(model, ask, talk)
        if ask["stream"]:
            with self.sdk.messages.stream(**request) as stream:
                answer = stream.get_final_message()
        else:
            answer = self.sdk.messages.create(**request)
        talk.append({"role": "assistant", "content": answer.content})
        text = "".join(block.text for block in answer.content if block.type == "text")
        thoughts = "".join(b.thinking for b in answer.content if b.type == "thinking")
        calls = [call(b.id, b.name, b.input) for b in answer.content if b.type == "tool_use"]
        return said(text, calls, thoughts, FINISH.get(answer.stop_reason, answer.stop_reason),
                    self.usage(answer.usage))

    def usage(self, used):
        cached, written = used.cache_read_input_tokens or 0, used.cache_creation_input_tokens or 0
        return usage(used.input_tokens + cached + written, used.output_tokens, cached)

    def count(self, model, ask):
        return self.sdk.messages.count_tokens(model=model, messages=self.begin(ask),
                                              system=ask["system"]).input_tokens

    def results(self, talk, calls, results):
        talk.append({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": one["id"],
             "content": json.dumps(results[one["id"]])} for one in calls]})
