"""LangChain's chat models over three vendors' packages."""

import json

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_openai import ChatOpenAI

from .base import Client, call, data_url, said, usage

FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "STOP": "stop",
          "tool_use": "tool_calls", "MAX_TOKENS": "length", "SAFETY": "content_filter"}


class LangChain(Client):
    """Without the features that LangChain leaves to a vendor's own extras."""

    cannot = frozenset({"parallel", "image_url", "pdf"})

    def model(self, name, ask):
        raise NotImplementedError

    def begin(self, ask):
        talk = [SystemMessage(ask["system"])] if "system" in ask else []
        talk += [{"user": HumanMessage, "assistant": AIMessage}[role](text)
                 for role, text in ask.get("history", [])]
        if "old" in ask:
            old = ask["old"]
            made = {"name": old["name"], "args": old["args"], "id": old["id"]}
            talk += [HumanMessage(old["prompt"]), AIMessage("", tool_calls=[made]),
                     ToolMessage(json.dumps(old["result"]), tool_call_id=old["id"],
                                 name=old["name"])]
        if "image" not in ask:
            return talk + [HumanMessage(ask["prompt"])]
        return talk + [HumanMessage([{"type": "text", "text": ask["prompt"]},
                                     {"type": "image_url", "image_url": {
                                         "url": data_url("image/png", ask["image"])}}])]

    def bound(self, name, ask):
        model, more = self.model(name, ask), {}
        if "stop" in ask:
            more["stop"] = ask["stop"]
        if "tools" in ask:
            tools = [{"title": t["name"], "description": t["description"], **t["schema"]}
                     for t in ask["tools"]]
            choice = {"required": "any"}.get(ask.get("choice"), ask.get("choice"))
            if choice:
                more["tool_choice"] = choice
            return model.bind_tools(tools, **more)
        if "schema" in ask:
            return self.structured(model, {"title": ask["schema_name"], "description": "A person",
                                           **ask["schema"]})
        return model.bind(**more) if more else model

    def structured(self, model, schema):
        chain = model.with_structured_output(schema, method="json_schema", include_raw=True)
        return chain.steps__["raw"] if hasattr(chain, "steps__") else chain.first.steps__["raw"]

    def turn(self, model, ask, talk):
        runnable = self.bound(model, ask)
        if ask["stream"]:
            answer = None
            for chunk in runnable.stream(talk):
                answer = chunk if answer is None else answer + chunk
        else:
            answer = runnable.invoke(talk)
        talk.append(answer)
        thoughts = "".join(self.thought(part) for part in answer.content
                           if isinstance(part, dict)) if isinstance(answer.content, list) else ""
        meta = answer.response_metadata
        finish = meta.get("finish_reason") or meta.get("stop_reason") or ""
        calls = [call(c["id"], c["name"], c["args"]) for c in answer.tool_calls]
        finish = FINISH.get(finish, finish)
        return said(answer.text, calls, thoughts,
                    "tool_calls" if calls and finish == "stop" else finish,
                    self.usage(answer.usage_metadata),
                    answer.additional_kwargs.get("refusal"))

    def thought(self, part):
        return part.get("thinking") or part.get("reasoning") or "".join(
            piece.get("text", "") for piece in part.get("summary") or [])

    def usage(self, used):
        if not used:
            return {}
        return usage(used["input_tokens"], used["output_tokens"],
                     used.get("input_token_details", {}).get("cache_read"),
                     used.get("output_token_details", {}).get("reasoning"))

    def results(self, talk, calls, results):
        talk += [ToolMessage(json.dumps(results[one["id"]]), tool_call_id=one["id"],
                             name=one["name"]) for one in calls]

    def failure(self, error):
        """LangChain wraps some SDKs' errors in its own."""
        cause = error.__cause__ if error.__cause__ is not None else error
        inner = super().failure(cause)
        return {**inner, "error": type(error).__name__, "family":
                [c.__name__ for c in type(error).__mro__] + inner["family"]}


class LangChainOpenAi(LangChain):
    name = "langchain_openai"
    home = "openai"
    base = "/v1"
    cannot = LangChain.cannot | {"thoughts"}

    def model(self, name, ask):
        return ChatOpenAI(model=name, base_url=self.url, api_key=self.key, max_retries=0,
                          max_completion_tokens=ask["max_tokens"], stream_usage=True,
                          use_responses_api=False, temperature=ask.get("temperature"),
                          reasoning_effort="medium" if "reasoning" in ask else None)


class LangChainAnthropic(LangChain):
    name = "langchain_anthropic"
    home = "anthropic"
    cannot = LangChain.cannot | {"tool_none"}

    def model(self, name, ask):
        thinking = {"thinking": {"type": "enabled", "budget_tokens": ask["reasoning"]}} \
            if "reasoning" in ask else {}
        return ChatAnthropic(model=name, anthropic_api_url=self.url, api_key=self.key,
                             max_retries=0, max_tokens=ask["max_tokens"],
                             temperature=ask.get("temperature"), **thinking)


class LangChainGoogle(LangChain):
    name = "langchain_google"
    home = "gemini"

    def model(self, name, ask):
        thinking = {"thinking_budget": ask["reasoning"], "include_thoughts": True} \
            if "reasoning" in ask else {}
        return ChatGoogleGenerativeAI(model=name, base_url=self.url, google_api_key=self.key,
                                      max_retries=0, max_output_tokens=ask["max_tokens"],
                                      temperature=ask.get("temperature"), **thinking)
