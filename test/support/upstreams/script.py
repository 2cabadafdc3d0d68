"""What is asked and answered, by feature: the same words for every client and every upstream.

A feature with `_stream` at its end is the one before it, streamed. `ASKS` goes to the clients as
JSON; `answer` is what an upstream says.
"""

import copy

from .embeddings import TEXTS
from .parts import Answer, Call, Refusal, Text, Thought, Usage

SYSTEM = "You are a careful clerk.\nAnswer briefly."
PROMPT = "Say hello to “everyone” – 你好."
HELLO = "Hello there, “everyone” – 你好 🌍!\nSecond line."
THOUGHT = "The user wants a greeting, so I greet."
WEATHER_THOUGHT = "I need the weather service."
WEATHER = "It is 18 degrees in Paris."
PNG = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5E"
       "rkJggg==")
PDF = ("JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+PgplbmRvYmoKdHJhaWxlcgo8PC9Sb290IDEgMCBSPj4K"
       "JSVFT0YK")
PERSON = {"name": "Ada", "age": 36}
PERSON_TEXT = '{"name":"Ada","age":36}'
PERSON_SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["name", "age"],
    "properties": {"name": {"type": "string", "description": "Given name"},
                   "age": {"type": "integer"}}}
TOOLS = [
    {"name": "get_weather", "description": "The weather in a city.",
     "schema": {"type": "object", "required": ["city"],
                "properties": {"city": {"type": "string", "description": "Its name"},
                               "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}}},
    {"name": "get_time", "description": "The time now.",
     "schema": {"type": "object", "properties": {}}}]
PARIS = {"city": "Paris", "unit": "celsius"}
ZURICH = {"city": "Zürich “West”"}
RESULTS = {"Paris": {"degrees": 18, "sky": "clear"}, "Zürich “West”": {"degrees": 9}}
STATUSES = {400: "invalid", 401: "no_auth", 403: "forbidden", 404: "not_found", 413: "too_large",
            429: "limited", 500: "broken", 503: "overloaded"}
ERROR_TEXT = "The dog ate the request"
RETRY_AFTER = 7

CHAT = {"system": SYSTEM, "prompt": PROMPT, "max_tokens": 300}
TOOL_ASK = {**CHAT, "tools": TOOLS}
# A call that another vendor's model made earlier in the conversation, and its result.
OLD = {"prompt": "How warm is it in Paris?", "id": "call_0123456789abcdefghijABCD",
       "name": "get_weather", "args": PARIS, "result": RESULTS["Paris"]}
LOOP = {**TOOL_ASK, "results": RESULTS}
HARD = {"prompt": PROMPT, "max_tokens": 4000, "reasoning": 2048}

ASKS = {
    "text": {**CHAT, "temperature": 0},
    "stop": {**CHAT, "stop": ["END"]},
    "usage": CHAT,
    "multi_turn": {**CHAT, "history": [["user", "First?"], ["assistant", "One."]]},
    "tools": TOOL_ASK,
    "bare_tool": TOOL_ASK,
    "parallel_tools": TOOL_ASK,
    "text_and_tool": TOOL_ASK,
    "tool_required": {**TOOL_ASK, "choice": "required"},
    "tool_named": {**TOOL_ASK, "choice": "get_weather"},
    "tool_none": {**TOOL_ASK, "choice": "none"},
    "one_tool_at_a_time": {**TOOL_ASK, "parallel": False},
    "tool_loop": LOOP,
    "parallel_loop": LOOP,
    "old_call": {**TOOL_ASK, "old": OLD},
    "schema": {**CHAT, "schema": PERSON_SCHEMA, "schema_name": "person"},
    "image_data": {**CHAT, "image": PNG},
    "image_url": {**CHAT, "image_url": ""},
    "pdf": {**CHAT, "pdf": PDF},
    "reasoning": HARD,
    "reasoning_loop": {**HARD, "tools": TOOLS, "results": RESULTS},
    "refusal": CHAT,
    "length": {**CHAT, "max_tokens": 16},
    "error_mid": CHAT,
    "fragments": TOOL_ASK,
    "cache": {**CHAT, "cache": True},
    "own_401": CHAT,  # errors of the program itself
    "own_404": CHAT,
    "embeddings": {"texts": TEXTS},
    "count_tokens": {**CHAT, "count": True},
    **{f"error_{status}": CHAT for status in STATUSES},
}
STREAMED = ("text usage tools bare_tool parallel_tools text_and_tool tool_loop parallel_loop "
            "own_401 schema reasoning reasoning_loop refusal length error_429").split()
IN_BITS = ("usage_stream", "parallel_loop_stream", "reasoning_loop_stream")  # cut anywhere
ONLY_STREAMED = ("error_mid", "fragments")
FEATURES = [feature for name in ASKS for feature in
            ([] if name in ONLY_STREAMED else [name])
            + ([name + "_stream"] if name in STREAMED + list(ONLY_STREAMED) else [])]


def picture_at(url: str) -> None:
    """Where the picture of `image_url` is, once that is known."""
    ASKS["image_url"]["image_url"] = url


def bare(feature: str) -> str:
    return feature.removesuffix("_stream")


def ask(feature: str) -> dict:
    """What a client is to ask."""
    return {**copy.deepcopy(ASKS[bare(feature)]), "stream": feature.endswith("_stream")}


def answer(feature: str, again: bool) -> Answer:
    """What an upstream says; `again`: results of tools have come."""
    name = bare(feature)
    if again:
        return Answer([Text(WEATHER)])
    paris, zurich = Call("get_weather", PARIS), Call("get_weather", ZURICH)
    called = {
        "tools": [paris], "fragments": [paris, zurich], "tool_loop": [paris],
        "tool_required": [paris], "tool_named": [paris],
        "one_tool_at_a_time": [paris], "bare_tool": [Call("get_time", {})],
        "parallel_tools": [paris, zurich], "parallel_loop": [paris, zurich],
        "text_and_tool": [Text("Let me look."), paris],
        "reasoning_loop": [Thought(WEATHER_THOUGHT, "c2lnbmF0dXJlLW9mLXRoZS10aG91Z2h0"),
                           Call("get_weather", PARIS, signature="c2lnbmF0dXJlLW9mLXRoZS1jYWxs")],
    }
    if name in called:
        thought = 16 if name == "reasoning_loop" else 0
        return Answer(called[name], "tool_calls", Usage(reasoning=thought),
                      name == "fragments")
    if name == "usage":
        return Answer([Text(HELLO)], usage=Usage(120, 40, 64, 0))
    if name == "reasoning":
        return Answer([Thought(THOUGHT, "c2lnbmF0dXJlLW9mLXRoZS10aG91Z2h0"), Text(HELLO)],
                      usage=Usage(120, 40, 0, 24))
    if name == "schema":
        return Answer([Text(PERSON_TEXT)])
    if name == "refusal":
        return Answer([Refusal("I will not do that.")], "refusal")
    if name == "length":
        return Answer([Text("Hello the")], "length", Usage(120, 16))
    return Answer([Text(HELLO)])
