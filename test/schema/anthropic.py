"""Anthropic's Messages, as its SDKs send them with and without betas."""
import copy
import json

SPEC = "anthropic.openapi.json"


def fit_usage(maker, usage):
    """Counts that a vendor could have counted."""
    for key, value in usage.items():
        if isinstance(value, dict):
            fit_usage(maker, value)
        elif isinstance(value, int) and not isinstance(value, bool):
            usage[key] = maker.random.randint(0, 90000)
    return usage


def text_deltas(kind, key, text):
    return [{"type": kind, key: text[at:at + 3]} for at in range(0, len(text), 3)]


def deltas_of(block):
    """What a block is told in, beside its start, which is what is left of it."""
    if block["type"] == "text":
        cited = block.pop("citations", None) or []
        deltas = [{"type": "citations_delta", "citation": citation} for citation in cited]
        text, block["text"] = block["text"], ""
        return deltas + text_deltas("text_delta", "text", text)
    if block["type"] == "thinking":
        text, block["thinking"] = block["thinking"], ""
        signature, block["signature"] = block["signature"], ""
        return text_deltas("thinking_delta", "thinking", text) + [
            {"type": "signature_delta", "signature": signature}]
    if block["type"].endswith("tool_use"):
        text, block["input"] = json.dumps(block["input"]), {}
        return [{"type": "input_json_delta", "partial_json": ""}] + text_deltas(
            "input_json_delta", "partial_json", text)
    return []


def frames(maker):
    message = maker.named("BetaMessage")
    content, message["content"] = message["content"], []
    end = {"stop_reason": message["stop_reason"] or "end_turn",
           "stop_sequence": message["stop_sequence"]}
    message |= {"stop_reason": None, "stop_sequence": None}
    if message.get("container"):
        end["container"] = message["container"]
    last = {"type": "message_delta", "delta": end,
            "usage": {"output_tokens": message["usage"]["output_tokens"]}}
    if message.get("context_management"):
        last["context_management"] = message["context_management"]
    for key in ("container", "context_management"):
        message.pop(key, None)
    out = [{"type": "message_start", "message": message}, {"type": "ping"}]
    for index, block in enumerate(content):
        start = copy.deepcopy(block)
        deltas = deltas_of(start)
        out.append({"type": "content_block_start", "index": index, "content_block": start})
        out += [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
        out.append({"type": "content_block_stop", "index": index})
        if maker.chance(0.1):
            out.append({"type": "x_unknown_event", "says": maker.json(1)})
    return out + [last, {"type": "message_stop"}]


def word(prefix):
    return lambda maker: maker.name(prefix)


MEMBERS = {
    "model": word("claude-"),
    "signature": word("sig"),
    "data": lambda maker: maker.base64(),
    "name": word("tool_"),
    "url": lambda maker: f"https://pages.example/{maker.name()}",
    "stop_sequence": lambda maker: maker.name() if maker.chance(0.3) else None,
    "document_title": lambda maker: maker.name() if maker.chance(0.7) else None,
}
MEND = {"Usage": fit_usage, "BetaUsage": fit_usage}
WANTED = [
    ("anthropic", "request", "CreateMessageParams", 400),
    ("anthropic", "request", "BetaCreateMessageParams", 500),
    ("anthropic", "count_request", "BetaCountMessageTokensParams", 200),
    ("anthropic", "answer", "Message", 300),
    ("anthropic", "answer", "BetaMessage", 400),
    ("anthropic", "stream", "BetaMessageStreamEvent", 300, frames),
]
