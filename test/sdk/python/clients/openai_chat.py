"""The openai package, chat completions."""

import openai
from openai.lib.streaming.chat import ChatCompletionStreamState

import json

from .base import Client, call, data_url, said, usage


def called(one):
    """A call; of a tool that takes free text, that text as `input`."""
    if one.type != "custom":
        return call(one.id, one.function.name, one.function.arguments)
    custom = one.custom if isinstance(one.custom, dict) else one.custom.model_dump()
    return call(one.id, custom["name"], json.dumps({"input": custom["input"]}))


class OpenAiChat(Client):
    name = "openai"
    home = "openai"
    base = "/v1"

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = openai.OpenAI(base_url=self.url, api_key=key, max_retries=0, timeout=20)

    def begin(self, ask):
        talk = [{"role": "system", "content": ask["system"]}] if "system" in ask else []
        talk += [{"role": role, "content": text} for role, text in ask.get("history", [])]
        parts = [{"type": "text", "text": ask["prompt"]}]
        if "image" in ask or "image_url" in ask:
            url = ask.get("image_url") or data_url("image/png", ask["image"])
            parts.append({"type": "image_url", "image_url": {"url": url}})
        if "pdf" in ask:
            parts.append({"type": "file", "file": {
                "filename": "paper.pdf", "file_data": data_url("application/pdf", ask["pdf"])}})
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
        request = {"model": model, "messages": talk, "max_completion_tokens": ask["max_tokens"]}
        for name in ("temperature", "stop"):
            if name in ask:
                request[name] = ask[name]
        if "tools" in ask:
            request["tools"] = [{"type": "function", "function": {
                "name": tool["name"], "description": tool["description"],
                "parameters": tool["schema"]}} for tool in ask["tools"]]
        choice = ask.get("choice")
        if choice:
            request["tool_choice"] = choice if choice in ("required", "none") else {
                "type": "function", "function": {"name": choice}}
        if "parallel" in ask:
            request["parallel_tool_calls"] = ask["parallel"]
        if "schema" in ask:
            request["response_format"] = {"type": "json_schema", "json_schema": {
                "name": ask["schema_name"], "schema": ask["schema"], "strict": True}}
        if "reasoning" in ask:
            request["reasoning_effort"] = "medium"
        return request

    def turn(self, model, ask, talk):
        request = self.request(model, ask, talk)
        if ask["stream"]:
            state = ChatCompletionStreamState()
            for chunk in self.sdk.chat.completions.create(
                    **request, stream=True, stream_options={"include_usage": True}):
                state.handle_chunk(chunk)
            answer = state.current_completion_snapshot
        else:
            answer = self.sdk.chat.completions.create(**request)
        message = answer.choices[0].message
        talk.append(message.model_dump(exclude_none=True, exclude={"parsed"}))
        for one in talk[-1].get("tool_calls") or []:  # what the stream's helper adds for itself
            one.pop("index", None)
            one.get("function", {}).pop("parsed_arguments", None)
        extra = message.model_extra or {}
        return said(message.content, [called(c) for c in message.tool_calls or []],
                    extra.get("reasoning_content") or extra.get("reasoning"),
                    answer.choices[0].finish_reason, self.usage(answer.usage), message.refusal)

    def usage(self, used):
        if not used:
            return {}
        given, made = used.prompt_tokens_details, used.completion_tokens_details
        thought = (made and made.reasoning_tokens) or 0
        beside = used.total_tokens == used.prompt_tokens + used.completion_tokens + thought
        return usage(used.prompt_tokens, used.completion_tokens + (thought if beside else 0),
                     given and given.cached_tokens, made and made.reasoning_tokens)

    def embed(self, model, texts):
        answer = self.sdk.embeddings.create(model=model, input=texts)
        return [one.embedding for one in answer.data]

    def results(self, talk, calls, results):
        for one in calls:
            talk.append({"role": "tool", "tool_call_id": one["id"],
                         "content": json.dumps(results[one["id"]])})
