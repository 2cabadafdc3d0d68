"""Ollama's own API."""

SPEC = "ollama.openapi.json"


def lines(schema):
    def make(maker):
        head = {"model": maker.name(), "created_at": "2026-01-02T03:04:05.678901Z"}
        frames = []
        for _ in range(maker.random.randint(1, 6)):
            frame = maker.named(schema) | head | {"done": False}
            if "message" in frame:
                frame["message"]["role"] = "assistant"
            for key in ("done_reason", *COUNTS):
                frame.pop(key, None)
            frames.append(frame)
        last = {"message": {"role": "assistant", "content": ""}} if "Chat" in schema else {
            "response": ""}
        frames.append(head | last | {"done": True, "done_reason": "stop"} | {
            key: maker.random.randint(1, 10**9) for key in COUNTS})
        return frames
    return make


COUNTS = ("total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration",
          "eval_count", "eval_duration")


def say(**members):
    """Puts in what every server says, where the schema leaves it open."""
    def mend(_, value):
        if value.get("message"):
            value["message"]["role"] = "assistant"
        return {"model": "llama3.2"} | value | {
            key: value.get(key) or member for key, member in members.items()}
    return mend


MEMBERS = {"model": lambda maker: maker.name("llama"),
           "ToolCall.function": lambda maker: {
               "name": maker.name(), "arguments": maker.object()},
           "images": lambda maker: [maker.base64() for _ in range(maker.random.randint(0, 2))]}
MEND = {
    "ChatMessage": lambda maker, message: message if message["role"] == "assistant" else {
        key: value for key, value in message.items() if key != "tool_calls"},
    "ToolCall": lambda maker, call: {
        "function": {"name": maker.name(), "arguments": maker.object()}} | call,
    "ToolDefinition": lambda maker, tool: tool | {
        "function": tool["function"] | {"name": maker.name()}},
    "ChatResponse": say(done=True, message={"role": "assistant", "content": "hm"}),
    "GenerateResponse": say(done=True, response="hm"),
    "EmbedResponse": say(embeddings=[[0.5, -1e-7]]),
}
WANTED = [
    ("ollama", "request", "ChatRequest", 300),
    ("ollama", "answer", "ChatResponse", 200),
    ("ollama", "stream", "ChatStreamEvent", 100, lines("ChatStreamEvent")),
    ("ollama_generate", "request", "GenerateRequest", 200),
    ("ollama_generate", "answer", "GenerateResponse", 200),
    ("ollama_generate", "stream", "GenerateStreamEvent", 100, lines("GenerateStreamEvent")),
    ("ollama", "embeddings_request", "EmbedRequest", 100),
    ("ollama", "embeddings_answer", "EmbedResponse", 100),
]
