"""The openai package, Responses."""

import json

import openai

from .base import Client, call, data_url, said, usage


class Broken(Exception):
    """The stream said that it failed."""


class OpenAiResponses(Client):
    name = "openai_responses"
    home = "openai_responses"
    base = "/v1"
    cannot = frozenset({"stop"})

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = openai.OpenAI(base_url=self.url, api_key=key, max_retries=0, timeout=20)

    def begin(self, ask):
        talk = [{"role": role, "content": text} for role, text in ask.get("history", [])]
        parts = [{"type": "input_text", "text": ask["prompt"]}]
        if "image" in ask or "image_url" in ask:
            url = ask.get("image_url") or data_url("image/png", ask["image"])
            parts.append({"type": "input_image", "image_url": url, "detail": "auto"})
        if "pdf" in ask:
            parts.append({"type": "input_file", "filename": "paper.pdf",
                          "file_data": data_url("application/pdf", ask["pdf"])})
        if "old" in ask:
            talk += self.old(ask["old"])
        return talk + [{"role": "user", "content": parts if len(parts) > 1 else ask["prompt"]}]

    def old(self, old):
        return [{"role": "user", "content": old["prompt"]},
                {"type": "function_call", "call_id": old["id"], "name": old["name"],
                 "arguments": json.dumps(old["args"])},
                {"type": "function_call_output", "call_id": old["id"],
                 "output": json.dumps(old["result"])}]

    def request(self, model, ask, talk) -> dict:
        request = {"model": model, "input": talk, "max_output_tokens": ask["max_tokens"],
                   "store": False}
        if "system" in ask:
            request["instructions"] = ask["system"]
        if "temperature" in ask:
            request["temperature"] = ask["temperature"]
        if "tools" in ask:
            request["tools"] = [{"type": "function", "name": tool["name"], "strict": False,
                                 "description": tool["description"], "parameters": tool["schema"]}
                                for tool in ask["tools"]]
        choice = ask.get("choice")
        if choice:
            request["tool_choice"] = choice if choice in ("required", "none") else {
                "type": "function", "name": choice}
        if "parallel" in ask:
            request["parallel_tool_calls"] = ask["parallel"]
        if "schema" in ask:
            request["text"] = {"format": {"type": "json_schema", "name": ask["schema_name"],
                                          "schema": ask["schema"], "strict": True}}
        if "reasoning" in ask:
            request["reasoning"] = {"effort": "medium", "summary": "auto"}
            request["include"] = ["reasoning.encrypted_content"]
        return request

    def streamed(self, request):
        """The final answer; what the deltas said must be what it says."""
        words, answer = {"text": "", "arguments": "", "thoughts": ""}, None
        kinds = {"response.output_text.delta": "text",
                 "response.function_call_arguments.delta": "arguments",
                 "response.reasoning_summary_text.delta": "thoughts",
                 "response.reasoning_text.delta": "thoughts"}
        with self.sdk.responses.stream(**request) as stream:
            for event in stream:
                if event.type in kinds:
                    words[kinds[event.type]] += event.delta
                if event.type == "error":
                    raise Broken(event.message)
                if event.type == "response.failed":
                    raise Broken(event.response.error.message)
                if event.type in ("response.completed", "response.incomplete"):
                    answer = event.response
        whole = "".join(item.arguments for item in answer.output if item.type == "function_call")
        if words["text"] != answer.output_text or words["arguments"] != whole:
            raise AssertionError(f"the deltas say {words}, the end {answer.output}")
        return answer

    def turn(self, model, ask, talk):
        request = self.request(model, ask, talk)
        answer = self.streamed(request) if ask["stream"] else self.sdk.responses.create(**request)
        talk += [item.model_dump(exclude_none=True, exclude={"parsed_arguments", "status"})
                 for item in answer.output]
        calls, thoughts, refusal = [], "", ""
        for item in answer.output:
            if item.type == "function_call":
                calls.append(call(item.call_id, item.name, item.arguments))
            elif item.type == "custom_tool_call":  # takes free text
                calls.append(call(item.call_id, item.name, json.dumps({"input": item.input})))
            elif item.type == "reasoning":
                thoughts += "".join(part.text for part in item.summary)
                thoughts += "".join(part.text for part in item.content or [])
            elif item.type == "message":
                refusal += "".join(p.refusal for p in item.content if p.type == "refusal")
        return said(answer.output_text, calls, thoughts, self.finish(answer, calls),
                    self.usage(answer.usage), refusal)

    def finish(self, answer, calls):
        if answer.status == "incomplete":
            return {"max_output_tokens": "length"}.get(answer.incomplete_details.reason,
                                                       answer.incomplete_details.reason)
        return "tool_calls" if calls else {"completed": "stop"}.get(answer.status, answer.status)

    def usage(self, used):
        return used and usage(used.input_tokens, used.output_tokens,
                              used.input_tokens_details.cached_tokens,
                              used.output_tokens_details.reasoning_tokens)

    def results(self, talk, calls, results):
        for one in calls:
            talk.append({"type": "function_call_output", "call_id": one["id"],
                         "output": json.dumps(results[one["id"]])})
