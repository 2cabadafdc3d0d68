"""Mistral's Chat Completions and Embeddings."""
from openai_chat import image_url

SPEC = "mistral.openapi.yaml"


def fit_usage(maker, usage):
    prompt, completion = maker.random.randint(0, 90000), maker.random.randint(0, 9000)
    usage |= {"prompt_tokens": prompt, "completion_tokens": completion,
              "total_tokens": prompt + completion}
    cached = maker.random.randint(0, prompt)
    if usage.get("num_cached_tokens") is not None:
        usage["num_cached_tokens"] = cached
    for key in ("prompt_tokens_details", "prompt_token_details"):
        if usage.get(key):
            usage[key]["cached_tokens"] = cached
    return usage


CHUNKS = {"TextChunk": "text", "ImageURLChunk": "image_url", "DocumentURLChunk": "document_url",
          "ReferenceChunk": "reference", "FileChunk": "file", "ThinkChunk": "thinking",
          "AudioChunk": "input_audio", "ToolReferenceChunk": "tool_reference"}


def say(**members):
    """Puts in what a schema leaves open, where it is not said."""
    def mend(_, value):
        for key, member in members.items():
            value.setdefault(key, member)
        return value
    return mend


def fit_answer(_, answer):
    """Models answer with words, thoughts and references, at most a picture."""
    answer["object"] = "chat.completion"
    for choice in answer["choices"]:
        content = choice.get("message", {}).get("content")
        if isinstance(content, list):
            content = [part for part in content
                       if part["type"] in ("thinking", "reference", "image_url")]
            choice["message"]["content"] = content or "Hm"
    return answer


def speak(maker, calls):
    kind = maker.random.choice(["text", "text", "list", "call"])
    if kind == "text":
        return {"content": maker.text() or "-"}
    if kind == "list":
        return {"content": [maker.named(maker.random.choice(("ThinkChunk", "ReferenceChunk")))]}
    calls[0] += 1
    call = maker.named("ToolCall") | {"index": calls[0] - 1}
    call["function"] = {"name": call["function"]["name"] or "look",
                        "arguments": call["function"]["arguments"]}
    return {"tool_calls": [call]}


def chunks(maker):
    head = {"id": maker.name(), "object": "chat.completion.chunk",
            "created": maker.random.randint(10**9, 2 * 10**9), "model": maker.name("mistral-")}
    calls = [0]
    deltas = [{"role": "assistant", "content": ""}]
    deltas += [speak(maker, calls) for _ in range(maker.random.randint(0, 6))]
    frames = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
              for delta in deltas]
    reason = maker.random.choice(["stop", "length", "error", "tool_calls", "model_length"])
    end = {"index": 0, "delta": {"content": ""}, "finish_reason": reason}
    return frames + [{**head, "choices": [end], "usage": maker.named("UsageInfo")}, "[DONE]"]


MEMBERS = {
    "model": lambda maker: maker.name("mistral-"),
    "ToolCall.index": None,
    "ThinkChunk.thinking": lambda maker: [{"type": "text", "text": maker.text() or "Hm"}],
    "ToolCall.id": lambda maker: maker.name()[:9],
    "object": None,
    "arguments": lambda maker: maker.arguments(),
    "image_url": image_url,
    "tool_call_id": lambda maker: maker.name("a"),
}
MEND = {
    "UsageInfo": fit_usage,
    "AssistantMessage": say(role="assistant"),
    "SystemMessage": say(role="system"),
    "UserMessage": say(role="user"),
    "ToolMessage": say(role="tool", tool_call_id="abcdefghi"),
    "ToolCall": say(id="Xcdefghij"),
    "ResponseFormat": say(type="text"),
    "EmbeddingRequest": lambda maker, request: request | {"input": request["input"] or "x"},
    "ChatCompletionResponse": fit_answer,
    **{schema: say(type=kind) for schema, kind in CHUNKS.items()},
    "EmbeddingResponse": say(object="list"),
    "EmbeddingResponseData": say(object="embedding", index=0),
}
WANTED = [
    ("mistral", "request", "ChatCompletionRequest", 500),
    ("mistral", "answer", "ChatCompletionResponse", 300),
    ("mistral", "stream", "CompletionChunk", 150, chunks),
    ("mistral", "embeddings_request", "EmbeddingRequest", 100),
    ("mistral", "embeddings_answer", "EmbeddingResponse", 100),
]
