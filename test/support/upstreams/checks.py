"""What an upstream must have been asked for a feature: the same for every dialect."""

import json

from . import script
from .parts import Call, Media, Result, Seen, Text, Thought


def value_of(content):
    """A tool's result as a value: text is read as JSON, wrappings that vendors ask for come off."""
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            return content
    if isinstance(content, list) and len(content) == 1:
        return value_of(content[0])
    if isinstance(content, dict) and set(content) == {"name", "content"}:
        return value_of(content["content"])
    if isinstance(content, dict) and len(content) == 1:
        (name, inner), = content.items()
        if name in ("output", "result", "content", "text", "json", "response"):
            return value_of(inner)
    return content


def same_schema(seen, wanted) -> bool:
    """Equal but for the spelling of types and what a vendor's schema cannot say."""
    def plain(value):
        if isinstance(value, dict):
            return {k: (v.lower() if k == "type" and isinstance(v, str) else plain(v))
                    for k, v in value.items()
                    if k not in ("additionalProperties", "$schema", "title", "propertyOrdering")
                    and not (k in ("properties", "required") and not v)}
        return [plain(item) for item in value] if isinstance(value, list) else value
    seen, wanted = plain(seen) or {"type": "object"}, plain(wanted)  # none: no parameters
    if isinstance(seen, dict) and "description" not in wanted:
        seen.pop("description", None)
    return seen == wanted


class Checks:
    """The complaints about one request. `upstream` says what its dialect can express."""

    def __init__(self, upstream, feature: str, seen: Seen):
        self.upstream, self.feature, self.seen = upstream, feature, seen
        self.name = script.bare(feature)
        self.ask = script.ASKS[self.name]
        self.found: list[str] = []

    def want(self, what: str, seen, wanted) -> None:
        if seen != wanted:
            self.found.append(f"{what}: got {seen!r}, wanted {wanted!r}")

    def run(self) -> list[str]:
        seen, ask = self.seen, self.ask
        self.want("stream", seen.stream, self.feature.endswith("_stream"))
        self.want("system", seen.system.strip(), ask.get("system", ""))
        again = bool(seen.of(Result)) and "old" not in ask
        if not again:
            self.want("prompt", seen.user_text(), ask["prompt"])
        self.sampling()
        self.tools()
        self.media()
        if ask.get("history"):
            spoken = [[turn.role, turn.item.text] for turn in seen.turns]
            self.want("history", spoken[:-1], ask["history"])
        unsigned = again and self.upstream.signs_thoughts and not seen.of(Thought)
        if ask.get("reasoning") and not unsigned:  # without its thoughts the vendor would refuse
            self.want("reasoning asked for", seen.reasoning, True)
        if "cache" in ask and "cache" not in self.upstream.lacks:
            self.want("marked for the cache", seen.cached, True)
        if "old" in ask:
            self.old_call()
        if again:
            self.loop()
        return self.found

    def sampling(self) -> None:
        seen, ask, lacks = self.seen, self.ask, self.upstream.lacks
        if "max_tokens" not in lacks:
            self.want("max_tokens", seen.max_tokens, ask["max_tokens"])
        if "temperature" in ask and "temperature" not in lacks:
            self.want("temperature", seen.temperature, ask["temperature"])
        if "stop" in ask and "stop" not in lacks:
            self.want("stop", seen.stop, ask["stop"])

    def tools(self) -> None:
        seen, ask = self.seen, self.ask
        tools = [tool for tool in seen.tools if tool.name != "__schema"]
        if ask.get("schema"):
            if seen.schema is None or not same_schema(seen.schema, ask["schema"]):
                self.found.append(f"schema: got {seen.schema!r}")
            return
        wanted = ask.get("tools") or []
        if [tool.name for tool in tools] == [ask.get("choice")] and seen.choice == "required":
            return  # one tool by name: said by offering it alone
        if ask.get("choice") == "none" and not tools:
            return  # none may be called: some vendors are best told so by naming none
        self.want("tools", [(t.name, t.description) for t in tools],
                  [(t["name"], t["description"]) for t in wanted])
        for tool, other in zip(tools, wanted):
            if not same_schema(tool.schema, other["schema"]):
                self.found.append(f"parameters of {tool.name}: {tool.schema!r}")
        if ask.get("choice"):
            self.want("tool choice", seen.choice, ask["choice"])
        else:
            self.want("tool choice", seen.choice in ("", "auto"), True)
        if "parallel" in ask and "parallel" not in self.upstream.lacks:
            self.want("parallel calls", seen.parallel, ask["parallel"])

    def media(self) -> None:
        media, ask = self.seen.of(Media), self.ask
        wanted = [Media("image", "image/png", ask["image"])] if "image" in ask else []
        wanted += [Media("document", "application/pdf", ask["pdf"])] if "pdf" in ask else []
        if "image_url" in ask:
            if [m.url for m in media] != [ask["image_url"]]:  # by its URL, or fetched
                self.want("image", [(m.kind, m.mime, m.data) for m in media],
                          [("image", "image/png", script.PNG)])
        else:
            self.want("media", [(m.kind, m.mime, m.data) for m in media],
                      [(m.kind, m.mime, m.data) for m in wanted])

    def old_call(self) -> None:
        """A call that was never this vendor's, its result, and what the user says now."""
        old, turns = self.ask["old"], self.seen.turns
        spoken = [turn for turn in turns if self.upstream.name != "mistral"
                  or not (turn.role == "assistant" and isinstance(turn.item, Text))]
        spoken = [turn for turn in spoken
                  if not (isinstance(turn.item, Text) and turn.item.text == "18 degrees.")]
        self.want("the turns", [(turn.role, type(turn.item).__name__) for turn in spoken],
                  [("user", "Text"), ("assistant", "Call"), ("user", "Result"), ("user", "Text")])
        call, result = (self.seen.of(kind)[:1] for kind in (Call, Result))
        if call and result:
            self.want("the old call", (call[0].name, call[0].args), (old["name"], old["args"]))
            self.want("its result", value_of(result[0].content), old["result"])
            if self.upstream.has_ids:
                self.want("the id of its result", result[0].id, call[0].id)
            else:
                self.want("the name of its result", result[0].name, call[0].name)

    def loop(self) -> None:
        """The calls came back as they were made, each with its result, thoughts unchanged."""
        made = script.answer(self.feature, False)
        items = [turn.item for turn in self.seen.turns]
        if not items or not isinstance(items[0], Text) or items[0].text != self.ask["prompt"]:
            self.found.append(f"the conversation begins with {items[:1]!r}")
        calls = [item for item in items if isinstance(item, Call)]
        results = [item for item in items if isinstance(item, Result)]
        wanted = made.of(Call)
        self.want("calls", [(c.name, c.args) for c in calls], [(c.name, c.args) for c in wanted])
        self.want("results", [value_of(r.content) for r in results],
                  [script.RESULTS[c.args["city"]] for c in wanted])
        if self.upstream.has_ids:
            ids = [self.upstream.call_id(number) for number in range(len(wanted))]
            self.want("results of other calls", [r.id for r in results], [c.id for c in calls])
            self.want("different ids", len({c.id for c in calls}), len(calls))
            self.want("ids of the calls", [c.id for c in calls], ids)
        else:
            self.want("names of the results", [r.name for r in results],
                      [c.name for c in wanted])
        last_call = max((n for n, item in enumerate(items) if isinstance(item, Call)), default=-1)
        first_result = min((n for n, item in enumerate(items) if isinstance(item, Result)),
                           default=-1)
        self.want("results after calls", last_call < first_result, True)
        for thought, own in zip(self.seen.of(Thought), made.of(Thought)):
            if self.upstream.signs_thoughts:
                self.want("the thought", (thought.text, thought.signature),
                          (own.text, own.signature))
            else:
                self.want("the thought", thought.text, own.text)
        for call, own in zip(calls, wanted):
            if call.signature:
                self.want("the call's signature", call.signature, own.signature)

    def carried(self) -> list[str]:
        """What of a thought came back, for the judge: thought, signature, call_signature."""
        thoughts, calls = self.seen.of(Thought), self.seen.of(Call)
        return ([] if not thoughts else ["thought"]) \
            + (["signature"] if any(t.signature for t in thoughts) else []) \
            + (["call_signature"] if any(c.signature for c in calls) else [])
