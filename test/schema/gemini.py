"""Google's generateContent and countTokens."""

SPEC = "gemini.openapi.json"
DATA = ("text", "inlineData", "functionCall", "functionResponse", "fileData", "executableCode",
        "codeExecutionResult")


def only(maker, value, keys):
    """Leaves one of `keys`, which exclude each other."""
    present = [key for key in keys if key in value]
    if present:
        kept = maker.random.choice(present)
        for key in present:
            if key != kept:
                del value[key]
    return value


def fit_part(maker, part):
    only(maker, part, DATA)
    if not any(key in part for key in DATA):
        part["text"] = maker.text() or "-"
    if not part.get("thought"):
        part.pop("thought", None)
    return part


def fit_content(maker, content):
    content["role"] = maker.random.choice(["user", "model"])
    content["parts"] = content.get("parts") or [{"text": maker.text() or "-"}]
    return content


def fit_function(maker, function):
    only(maker, function, ("parameters", "parametersJsonSchema"))
    return only(maker, function, ("response", "responseJsonSchema"))


def fit_config(maker, config):
    only(maker, config, ("responseSchema", "responseJsonSchema", "_responseJsonSchema"))
    if any("Schema" in key for key in config):
        config["responseMimeType"] = "application/json"
    return config


def fit_request(maker, request):
    request["contents"] = request.get("contents") or [fit_content(maker, {})]
    if "systemInstruction" in request:
        request["systemInstruction"]["parts"] = [{"text": maker.text() or "-"} for _ in range(2)]
    return request


def fit_count(maker, request):
    """Of the two forms the one whose body says it all."""
    return {"contents": request.get("contents") or [fit_content(maker, {})]}


def fit_answer(maker, answer):
    for index, candidate in enumerate(answer.get("candidates", [])):
        candidate["index"] = index
        for part in candidate.get("content", {}).get("parts", []):
            part.pop("functionResponse", None)
            fit_part(maker, part)
    return answer if answer.get("candidates") else answer | {"candidates": [{"finishReason": "STOP"}]}


def frames(maker):
    head = {"modelVersion": maker.name("gemini-"), "responseId": maker.name()}
    out = []
    for _ in range(maker.random.randint(1, 4)):
        frame = maker.named("GenerateContentResponse") | head
        frame.pop("promptFeedback", None)
        for candidate in frame["candidates"]:
            candidate.pop("finishReason", None)
            candidate.setdefault("content", fit_content(maker, {}))
        out.append(frame)
    for candidate in out[-1]["candidates"]:
        candidate["finishReason"] = maker.random.choice(["STOP", "MAX_TOKENS", "SAFETY"])
    return out


def counted(maker):
    return maker.random.randint(1, 9000)


MEMBERS = {
    "GenerateContentRequest.model": None,  # the URL's business
    "mimeType": lambda maker: maker.random.choice(["image/png", "audio/wav", "text/plain"]),
    "data": lambda maker: maker.base64(),
    "name": lambda maker: maker.name(),
    "args": lambda maker: maker.object(),
    "response": lambda maker: maker.object(),
    "thoughtSignature": lambda maker: maker.base64(),
    "fileUri": lambda maker: "https://files.example/" + maker.name(),
    "mode": lambda maker: maker.random.choice(["AUTO", "ANY", "NONE", "VALIDATED"]),
    "allowedFunctionNames": lambda maker: [maker.name()],
    "stopSequences": lambda maker: [maker.name()],
    "responseModalities": lambda maker: ["TEXT", "IMAGE"],
    "thinkingLevel": lambda maker: maker.random.choice(["LOW", "MEDIUM", "HIGH"]),
    "responseMimeType": lambda maker: maker.random.choice(["text/plain", "text/x.enum"]),
    "modelVersion": lambda maker: maker.name("gemini-"),
    "responseId": lambda maker: maker.name(),
    "FunctionResponse.parts": lambda maker: [
        {"inlineData": {"mimeType": "image/png", "data": maker.base64()}}],
    "promptTokenCount": counted,
    "candidatesTokenCount": counted,
    "functionDeclarations": lambda maker: [
        maker.named("FunctionDeclaration") for _ in range(maker.random.randint(1, 3))],
    "_responseJsonSchema": lambda maker: {"type": "object", "title": maker.name()},
    "responseJsonSchema": lambda maker: {"type": "object", "title": maker.name()},
    "parametersJsonSchema": lambda maker: {"type": "object", "title": maker.name()},
    "serviceTier": lambda maker: maker.random.choice(["flex", "priority"]),
}
MEND = {
    "Part": fit_part,
    "Content": fit_content,
    "FunctionDeclaration": fit_function,
    "GenerationConfig": fit_config,
    "GenerateContentRequest": fit_request,
    "CountTokensRequest": fit_count,
    "GenerateContentResponse": fit_answer,
    "Tool": lambda maker, tool: tool or {"googleSearch": {}},
    "FunctionCall": lambda maker, call: {"args": {}} | call,
    "Blob": lambda maker, blob: {"mimeType": "image/png", "data": maker.base64()} | blob,
}
WANTED = [
    ("gemini", "request", "GenerateContentRequest", 600),
    ("vertex", "request", "GenerateContentRequest", 200),
    ("gemini", "count_request", "CountTokensRequest", 100),
    ("gemini", "answer", "GenerateContentResponse", 500),
    ("gemini", "stream", "GenerateContentResponse", 300, frames),
]
