"""The ollama package."""

import json

import ollama

from .base import Client, call, said, usage


class OllamaChat(Client):
    name = "ollama"
    home = "ollama_native"
    cannot = frozenset({"parallel", "tool_named", "tool_required", "tool_none", "pdf",
                        "image_url"})

    def __init__(self, host, key):
        super().__init__(host, key)
        self.sdk = ollama.Client(host=self.url, timeout=20,
                                 headers={"authorization": f"Bearer {key}"})

    def begin(self, ask):
        talk = [{"role": "system", "content": ask["system"]}] if "system" in ask else []
        talk += [{"role": role, "content": text} for role, text in ask.get("history", [])]
        message = {"role": "user", "content": ask["prompt"]}
        if "image" in ask:
            message["images"] = [ask["image"]]
        if "old" in ask:
            old = ask["old"]
            talk += [{"role": "user", "content": old["prompt"]},
                     {"role": "assistant", "tool_calls": [{"function": {
                         "name": old["name"], "arguments": old["args"]}}]},
                     {"role": "tool", "tool_name": old["name"],
                      "content": json.dumps(old["result"])}]
        return talk + [message]

    def turn(self, model, ask, talk):
        options = {"num_predict": ask["max_tokens"]}
        options.update({name: ask[name] for name in ("temperature", "stop") if name in ask})
        request = {"model": model, "messages": talk, "options": options}
        if "tools" in ask:
            request["tools"] = [{"type": "function", "function": {
                "name": tool["name"], "description": tool["description"],
                "parameters": tool["schema"]}} for tool in ask["tools"]]
        if "schema" in ask:
            request["format"] = ask["schema"]
        if "reasoning" in ask:
            request["think"] = True
        chunks = list(self.sdk.chat(**request, stream=True)) if ask["stream"] else [
            self.sdk.chat(**request)]
        text = "".join(chunk.message.content or "" for chunk in chunks)
        thoughts = "".join(chunk.message.thinking or "" for chunk in chunks)
        made = [one for chunk in chunks for one in chunk.message.tool_calls or []]
        talk.append(ollama.Message(role="assistant", content=text, thinking=thoughts or None,
                                   tool_calls=made or None))
        calls = [call("", one.function.name, dict(one.function.arguments)) for one in made]
        last = chunks[-1]
        if not last.done:
            raise EOFError("the stream ended without done")
        finish = "tool_calls" if calls and last.done_reason == "stop" else last.done_reason
        return said(text, calls, thoughts, finish,
                    usage(last.prompt_eval_count, last.eval_count))

    def embed(self, model, texts):
        return self.sdk.embed(model=model, input=texts).embeddings

    def run(self, model, ask):
        if "texts" in ask:
            return super().run(model, ask)
        talk = self.begin(ask)
        first = self.turn(model, ask, talk)
        if "results" not in ask or not first["calls"]:
            return first
        for one in first["calls"]:
            talk.append({"role": "tool", "tool_name": one["name"],
                         "content": json.dumps(ask["results"][one["args"]["city"]])})
        return {**self.turn(model, ask, talk), "first": first}
