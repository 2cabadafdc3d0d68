"""The google-genai package."""

import base64

from google import genai
from google.genai import types

from .base import Client, call, said, usage

FINISH = {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "content_filter",
          "PROHIBITED_CONTENT": "content_filter"}


class GoogleGenAi(Client):
    name = "gemini"
    home = "gemini"
    cannot = frozenset({"parallel"})

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = genai.Client(api_key=key, http_options=types.HttpOptions(
            base_url=self.url, timeout=20_000,
            retry_options=types.HttpRetryOptions(attempts=1)))

    def begin(self, ask):
        roles = {"assistant": "model"}
        talk = [types.Content(role=roles.get(role, role), parts=[types.Part(text=text)])
                for role, text in ask.get("history", [])]
        parts = [types.Part(text=ask["prompt"])]
        if "image" in ask:
            parts.append(types.Part.from_bytes(data=base64.b64decode(ask["image"]),
                                               mime_type="image/png"))
        if "image_url" in ask:
            parts.append(types.Part.from_uri(file_uri=ask["image_url"], mime_type="image/png"))
        if "pdf" in ask:
            parts.append(types.Part.from_bytes(data=base64.b64decode(ask["pdf"]),
                                               mime_type="application/pdf"))
        if "old" in ask:
            old = ask["old"]
            talk += [types.Content(role="user", parts=[types.Part(text=old["prompt"])]),
                     types.Content(role="model", parts=[types.Part.from_function_call(
                         name=old["name"], args=old["args"])]),
                     types.Content(role="user", parts=[types.Part.from_function_response(
                         name=old["name"], response=old["result"])])]
        return talk + [types.Content(role="user", parts=parts)]

    def config(self, ask) -> types.GenerateContentConfig:
        config = {"max_output_tokens": ask["max_tokens"],
                  "automatic_function_calling": types.AutomaticFunctionCallingConfig(disable=True)}
        if "system" in ask:
            config["system_instruction"] = ask["system"]
        if "temperature" in ask:
            config["temperature"] = ask["temperature"]
        if "stop" in ask:
            config["stop_sequences"] = ask["stop"]
        if "tools" in ask:
            config["tools"] = [types.Tool(function_declarations=[
                types.FunctionDeclaration(name=tool["name"], description=tool["description"],
                                          parameters_json_schema=tool["schema"])
                for tool in ask["tools"]])]
        choice = ask.get("choice")
        if choice:
            calling = {"mode": {"none": "NONE"}.get(choice, "ANY")}
            if choice not in ("none", "required"):
                calling["allowed_function_names"] = [choice]
            config["tool_config"] = types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(**calling))
        if "schema" in ask:
            config["response_mime_type"] = "application/json"
            config["response_json_schema"] = ask["schema"]
        if "reasoning" in ask:
            config["thinking_config"] = types.ThinkingConfig(include_thoughts=True,
                                                             thinking_budget=ask["reasoning"])
        return types.GenerateContentConfig(**config)

    def turn(self, model, ask, talk):
        request = {"model": model, "contents": talk, "config": self.config(ask)}
        chunks = list(self.sdk.models.generate_content_stream(**request)) if ask["stream"] else [
            self.sdk.models.generate_content(**request)]
        parts, finish, used = [], "", None
        for chunk in chunks:
            for candidate in chunk.candidates or []:
                parts += candidate.content.parts or [] if candidate.content else []
                finish = candidate.finish_reason.value if candidate.finish_reason else finish
            used = chunk.usage_metadata or used
        talk.append(types.Content(role="model", parts=parts))
        text = "".join(p.text for p in parts if p.text and not p.thought)
        thoughts = "".join(p.text for p in parts if p.text and p.thought)
        calls = [call(p.function_call.id, p.function_call.name, p.function_call.args)
                 for p in parts if p.function_call]
        for number, one in enumerate(calls):
            one["number"] = number
        finish = FINISH.get(finish, finish)
        return said(text, calls, thoughts, "tool_calls" if calls and finish == "stop" else finish,
                    self.usage(used))

    def usage(self, used):
        if not used:
            return {}
        thought = used.thoughts_token_count
        given = (used.prompt_token_count or 0) + (used.tool_use_prompt_token_count or 0)
        return usage(given, (used.candidates_token_count or 0) + (thought or 0),
                     used.cached_content_token_count, thought)

    def embed(self, model, texts):
        answer = self.sdk.models.embed_content(model=model, contents=texts)
        return [one.values for one in answer.embeddings]

    def count(self, model, ask):
        """This API takes no system prompt by itself, so it is the first that the user says."""
        talk = [types.Content(role="user", parts=[types.Part(text=ask["system"])])]
        return self.sdk.models.count_tokens(model=model,
                                            contents=talk + self.begin(ask)).total_tokens

    def run(self, model, ask):
        if "texts" in ask or "count" in ask:
            return super().run(model, ask)
        talk = self.begin(ask)
        first = self.turn(model, ask, talk)
        if "results" not in ask or not first["calls"]:
            return first
        talk.append(types.Content(role="user", parts=[
            types.Part(function_response=types.FunctionResponse(
                id=one["id"] or None, name=one["name"],
                response=ask["results"].get(one["args"].get("city"), {})))
            for one in first["calls"]]))
        return {**self.turn(model, ask, talk), "first": first}
