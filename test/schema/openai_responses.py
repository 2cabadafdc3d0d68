"""OpenAI's Responses."""
from openai_chat import image_url

SPEC = "openai.openapi.json"


def fit_usage(maker, usage):
    into, out = maker.random.randint(0, 90000), maker.random.randint(0, 9000)
    usage |= {"input_tokens": into, "output_tokens": out, "total_tokens": into + out}
    for details, most in (("input_tokens_details", into), ("output_tokens_details", out)):
        for key in usage[details]:
            if key.endswith("_tokens"):
                usage[details][key] = maker.random.randint(0, most // 4)
    return usage


def fit_request(maker, request):
    """Something is said, by a tool with a name."""
    if not request.get("previous_response_id") and not request.get("prompt"):
        request.setdefault("input", maker.text() or "x")
    for tool in request.get("tools") or []:
        if tool.get("name") == "":
            tool["name"] = "look"
    return request


def fit_file(_, part):
    """A file is its bytes, a URL or an id."""
    given = [key for key in ("file_data", "file_url", "file_id") if part.get(key)]
    return {key: value for key, value in part.items() if key not in given[1:]}


def fit_answer(maker, answer):
    """What every answer says; one that failed has its own test."""
    answer.setdefault("status", "incomplete" if answer.get("incomplete_details") else "completed")
    answer["error"] = None
    return answer


SPOKEN = ("OutputMessage", "OutputMessage", "ReasoningItem", "FunctionToolCall", "CustomToolCall")
RUN = ("WebSearchToolCall", "FileSearchToolCall", "ImageGenToolCall", "CodeInterpreterToolCall",
       "MCPToolCall", "MCPListTools", "LocalShellToolCall", "ComputerToolCall", "CompactionBody")
# What OpenAI tells of its own tools while they run.
PROGRESS = {
    "web_search_call": ("in_progress", "searching", "completed"),
    "file_search_call": ("in_progress", "searching", "completed"),
    "image_generation_call": ("in_progress", "generating", "completed"),
    "code_interpreter_call": ("in_progress", "interpreting", "completed"),
    "mcp_call": ("in_progress", "completed"),
    "mcp_list_tools": ("in_progress", "completed"),
}


class Teller:
    """The events that tell of one response."""

    def __init__(self, maker):
        self.maker = maker
        self.events = []
        self.place = {}

    def tell(self, kind, **members):
        event = {"type": "response." + kind, "sequence_number": len(self.events)}
        self.events.append(event | self.place | members)

    def pieces(self, text):
        cut = self.maker.random.randint(0, len(text))
        return [piece for piece in (text[:cut], text[cut:]) if piece]

    def deltas(self, kind, key, text, **members):
        for piece in self.pieces(text):
            self.tell(kind + ".delta", delta=piece, **members)
        self.tell(kind + ".done", **{key: text}, **members)

    def item(self, index, item):
        self.place = {"output_index": index}
        begun = item | ({"status": "in_progress"} if "status" in item else {})
        for key, empty in (("content", []), ("summary", []), ("arguments", ""), ("input", "")):
            if isinstance(begun.get(key), type(empty)):
                begun[key] = empty
        begun.pop("encrypted_content", None)
        self.tell("output_item.added", item=begun)
        self.place["item_id"] = item["id"]
        getattr(self, item["type"], self.runs)(item)
        del self.place["item_id"]
        self.tell("output_item.done", item=item)

    def message(self, item):
        for index, part in enumerate(item["content"]):
            text = part["type"] == "output_text"
            key = "text" if text else "refusal"
            empty = {"annotations": []} if text else {}
            self.tell("content_part.added", content_index=index, part=part | {key: ""} | empty)
            if text:
                for piece in self.pieces(part["text"]):
                    self.tell("output_text.delta", delta=piece, content_index=index, logprobs=[])
                for number, note in enumerate(part["annotations"]):
                    self.tell("output_text.annotation.added", content_index=index,
                              annotation_index=number, annotation=note)
                self.tell("output_text.done", text=part["text"], content_index=index, logprobs=[])
            else:
                self.deltas("refusal", "refusal", part["refusal"], content_index=index)
            self.tell("content_part.done", content_index=index, part=part)

    def reasoning(self, item):
        for index, part in enumerate(item["summary"]):
            self.tell("reasoning_summary_part.added", summary_index=index, part=part | {"text": ""})
            self.deltas("reasoning_summary_text", "text", part["text"], summary_index=index)
            self.tell("reasoning_summary_part.done", summary_index=index, part=part)
        for index, part in enumerate(item.get("content") or []):
            self.tell("content_part.added", content_index=index, part=part | {"text": ""})
            self.deltas("reasoning_text", "text", part["text"], content_index=index)
            self.tell("content_part.done", content_index=index, part=part)

    def function_call(self, item):
        for piece in self.pieces(item["arguments"]):
            self.tell("function_call_arguments.delta", delta=piece)
        self.tell("function_call_arguments.done", arguments=item["arguments"], name=item["name"])

    def custom_tool_call(self, item):
        self.deltas("custom_tool_call_input", "input", item["input"])

    def runs(self, item):
        kind = item["type"]
        for state in PROGRESS.get(kind, ()):
            self.tell(f"{kind}.{state}")
        if kind == "code_interpreter_call" and item.get("code"):
            self.deltas("code_interpreter_call_code", "code", item["code"])


def spoken(maker, name):
    """An item as a model ends it."""
    item = maker.named(name, depth=3)
    item["id"] = maker.name("it_")
    if "status" in item:
        item["status"] = "completed"
    item["content"] = [part for part in item.get("content") or [] if part.get("text", "-")]
    item["summary"] = [part for part in item.get("summary") or [] if part["text"]]
    for part in item["content"]:
        part.pop("logprobs", None)
    for part in item["content"] + item["summary"]:
        if "annotations" not in part:  # of these a stream keeps what the reference knows
            for key in [key for key in part if key.startswith("x_")]:
                del part[key]
    for key in ("content", "summary"):
        if not item[key] and not (key == "summary" and name == "ReasoningItem"):
            del item[key]
    return item


def stream(maker):
    response = maker.named("Response")
    items = [spoken(maker, maker.random.choice(SPOKEN if maker.chance(0.7) else RUN))
             for _ in range(maker.random.randint(1, 4))]
    items = [one for one in items if one["type"] != "message" or one.get("content")]
    response |= {"status": "completed", "incomplete_details": None, "error": None}
    begun = response | {"status": "in_progress", "output": [], "usage": None}
    teller = Teller(maker)
    teller.tell("created", response=begun)
    teller.tell("in_progress", response=begun)
    for index, item in enumerate(items):
        teller.item(index, item)
    teller.place = {}
    teller.tell("completed", response=response | {"output": items})
    return teller.events


MEMBERS = {
    "arguments": lambda maker: maker.arguments(),
    "image_url": image_url,
    "TextResponseFormatJsonSchema.name": lambda maker: maker.name(),
    "file_data": lambda maker: "data:application/pdf;base64," + maker.base64(),
    "encrypted_content": lambda maker: maker.base64() + "==",
    "Response.created_at": lambda maker: maker.random.randint(10**9, 2 * 10**9),
}
MEND = {
    "ResponseUsage": fit_usage,
    "InputFileContent": fit_file,
    "InputFileContentParam": fit_file,
    "CreateResponse": fit_request,
    "Response": fit_answer,
}
WANTED = [
    ("openai_responses", "request", "CreateResponse", 800),
    ("openai_responses", "answer", "Response", 600),
    ("openai_responses", "stream", "ResponseStreamEvent", 300, stream),
]
