"""OpenAI's Chat Completions and Embeddings."""

SPEC = "openai.openapi.json"


def image_url(maker):
    kind = maker.random.choice(["png", "jpeg"])
    data = f"data:image/{kind};base64,{maker.base64()}"
    return data if maker.chance(0.4) else f"https://pictures.example/{maker.name()}.{kind}"


def file_data(maker):
    return f"data:application/pdf;base64,{maker.base64()}" if maker.chance(0.7) else maker.base64()


def fit_usage(maker, usage):
    """Counts that a vendor could have counted."""
    prompt, completion = maker.random.randint(0, 90000), maker.random.randint(0, 9000)
    usage |= {"prompt_tokens": prompt, "completion_tokens": completion,
              "total_tokens": prompt + completion}
    for details, most in (("prompt_tokens_details", prompt),
                          ("completion_tokens_details", completion)):
        for key in usage.get(details) or {}:
            if key.endswith("_tokens"):
                usage[details][key] = maker.random.randint(0, most // 4)
    return usage


def fit_file(maker, part):
    """A file is its bytes, with a name, or an id."""
    file = part["file"]
    if "file_id" in file or "file_data" not in file:
        part["file"] = {"file_id": maker.name("file-")}
    else:
        file.setdefault("filename", maker.name() + ".pdf")
    return part


def fit_request(maker, request):
    """What the server demands beside the schema."""
    request["model"] = request["model"] or "gpt-5"
    for tool in request.get("tools") or []:
        function = tool.get("function", tool.get("custom"))
        function["name"] = function["name"] or "look"
    if "max_tokens" in request:
        request.pop("max_completion_tokens", None)
    for message in request["messages"]:
        if message["role"] == "assistant" and not message.get("tool_calls"):
            message.pop("tool_calls", None)
            if not message.get("audio") and not message.get("function_call"):
                message["content"] = message.get("content") or maker.text() or "x"
    return request


def number_choices(_, answer):
    for index, choice in enumerate(answer["choices"]):
        choice["index"] = index
        if "message" in choice and choice["message"].get("tool_calls") == []:
            del choice["message"]["tool_calls"]
    return answer


def head_of(maker):
    head = {"id": maker.name("chatcmpl-"), "object": "chat.completion.chunk",
            "created": maker.random.randint(10**9, 2 * 10**9), "model": "gpt-" + maker.name()}
    if maker.chance(0.5):
        head["service_tier"] = maker.random.choice(["default", "flex"])
    if maker.chance(0.5):
        head["system_fingerprint"] = maker.name("fp_")
    return head


def speak(maker, calls):
    """One delta of a choice; `calls` is how many calls it has begun."""
    kind = maker.random.choice(["content", "content", "refusal", "call", "arguments", "new"])
    if kind == "arguments" and calls[0]:
        return {"tool_calls": [{"index": calls[0] - 1, "function": {"arguments": maker.text()}}]}
    if kind in ("call", "arguments"):
        calls[0] += 1
        return {"tool_calls": [{"index": calls[0] - 1, "id": maker.name("call_"), "type": "function",
                                "function": {"name": maker.name(), "arguments": ""}}]}
    if kind == "new":
        return {"x_unknown_delta": maker.json(1)} if maker.chance(0.2) else {"content": "…"}
    return {kind: maker.text() or "-"}


def chunks(maker):
    head, most = head_of(maker), maker.random.choice([1, 1, 2])
    said = [[0] for _ in range(most)]
    frames = [{"index": i, "delta": {"role": "assistant", "content": ""}, "logprobs": None,
               "finish_reason": None} for i in range(most)]
    for _ in range(maker.random.randint(0, 8)):
        index = maker.random.randrange(most)
        choice = {"index": index, "delta": speak(maker, said[index]), "finish_reason": None}
        if maker.chance(0.3):
            choice["logprobs"] = {"content": [maker.named("ChatCompletionTokenLogprob")],
                                  "refusal": None}
        frames.append(choice)
    for i in range(most):
        reason = maker.random.choice(["stop", "length", "tool_calls", "content_filter"])
        frames.append({"index": i, "delta": {}, "finish_reason": reason})
    out = [{**head, "choices": [choice]} for choice in frames]
    for frame in out:
        if maker.chance(0.1):
            frame["x_unknown_frame"] = maker.json(1)
    if maker.chance(0.7):
        out.append({**head, "choices": [], "usage": maker.named("CompletionUsage")})
    return out + ["[DONE]"]


MEMBERS = {
    "arguments": lambda maker: maker.arguments(),
    "ChatCompletionRequestMessageContentPartImage.image_url": lambda maker: {
        "url": image_url(maker)} | ({"detail": "low"} if maker.chance(0.5) else {}),
    "data": lambda maker: maker.base64(),
    "file_data": file_data,
    "tool_call_id": lambda maker: maker.name("call_"),
    "n": lambda maker: maker.random.randint(1, 4),
    "prompt_tokens": lambda maker: maker.random.randint(0, 900),
    "total_tokens": lambda maker: maker.random.randint(900, 1900),
    "CreateEmbeddingResponse.data": lambda maker: [
        {"object": "embedding", "index": i, "embedding": [maker.random.random(), -0.25, 1e-9]}
        for i in range(maker.random.randint(1, 3))],
}
MEND = {
    "CompletionUsage": fit_usage,
    "ChatCompletionRequestMessageContentPartFile": fit_file,
    "CreateChatCompletionRequest": fit_request,
    "CreateChatCompletionResponse": number_choices,
}
WANTED = [
    ("openai_chat", "request", "CreateChatCompletionRequest", 600),
    ("openai_chat", "answer", "CreateChatCompletionResponse", 300),
    ("openai_chat", "stream", "chat.completion.chunk", 200, chunks),
    ("openai_chat", "embeddings_request", "CreateEmbeddingRequest", 100),
    ("openai_chat", "embeddings_answer", "CreateEmbeddingResponse", 100),
]
