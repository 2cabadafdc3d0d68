"""HuggingFace Inference, native: `/models/…` continues a text; answers are lists, streams tokens.

A conversation comes as one text in a form that is the sender's choice, so what was said is looked
for in it, in order.
"""

import re

from . import script
from .parts import Problem, Refusal, Seen, Text, need, only, pieces
from .listener import sse
from .server import Upstream

PARAMETERS = ("max_new_tokens temperature top_p top_k typical_p repetition_penalty do_sample seed "
              "stop truncate watermark best_of return_full_text details decoder_input_details "
              "grammar frequency_penalty top_n_tokens adapter_id")
FINISH = {"stop": "eos_token", "length": "length", "refusal": "eos_token"}


class HuggingFace(Upstream):
    name = "huggingface"
    base = "/hf-inference"
    model = "mistralai/Mixtral-8x7B-Instruct-v0.1"
    path = re.compile(r"^/hf-inference/models/(?P<model>.+)$")
    has_ids = False
    lacks = frozenset({"cache", "parallel"})

    def read(self, asked) -> Seen:
        body = asked.body
        only(body, "inputs parameters stream options", "body")
        settings = body.get("parameters") or {}
        only(settings, PARAMETERS, "parameters")
        if settings.get("return_full_text") is not False:
            raise Problem("return_full_text must be false")
        temperature = settings.get("temperature")
        if temperature is not None and temperature <= 0:
            raise Problem("temperature must be strictly positive")
        seen = Seen(max_tokens=settings.get("max_new_tokens"),
                    temperature=0 if settings.get("do_sample") is False else temperature)
        seen.stop = [word for word in settings.get("stop") or []
                     if not word.startswith("\n")]  # ends of turns are the sender's own
        if (settings.get("grammar") or {}).get("type") == "json":
            seen.schema = settings["grammar"]["value"]
        self.find(seen, need(body.get("inputs"), "inputs"))
        return seen

    def find(self, seen: Seen, text: str) -> None:
        at = text.find(script.SYSTEM)
        seen.system = script.SYSTEM if at >= 0 else ""
        for role, words in (("user", "First?"), ("assistant", "One."), ("user", script.PROMPT)):
            found = text.find(words, max(at, 0))
            if found >= 0:
                seen.add(role, Text(words))
                at = found

    def text_of(self, answer) -> str:
        return "".join(i.text for i in answer.items if isinstance(i, (Text, Refusal)))

    def details(self, answer) -> dict:
        return {"finish_reason": FINISH[answer.finish], "seed": None,
                "generated_tokens": answer.usage.output}

    def whole(self, answer, seen, model):
        prefill = [{"id": n, "text": "x", "logprob": -0.5} for n in range(answer.usage.input)]
        return [{"generated_text": self.text_of(answer),
                 "details": {**self.details(answer), "prefill": prefill, "tokens": []}}]

    def frames(self, answer, seen, model):
        text = self.text_of(answer)
        cut = pieces(text)
        frames = []
        for index, piece in enumerate(cut, 1):
            last = index == len(cut)
            frames.append(sse({
                "index": index,
                "token": {"id": index, "text": piece, "logprob": -0.25, "special": False},
                "generated_text": text if last else None,
                "details": {**self.details(answer), "input_length": answer.usage.input}
                if last else None}))
        return frames

    def error(self, status: int):
        kinds = {400: "validation", 429: "overloaded", 500: "generation", 503: "overloaded"}
        error = {"error": script.ERROR_TEXT}
        return {**error, "error_type": kinds[status]} if status in kinds else error

    def broken(self, frames):
        return frames[:3] + [sse({"error": script.ERROR_TEXT, "error_type": "generation"})]
