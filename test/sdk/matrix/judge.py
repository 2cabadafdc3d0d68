"""What a client must have got for a feature, and what its upstream must have seen."""

from support.upstreams import UPSTREAMS, script
from support.upstreams.embeddings import COUNTS, TEXTS, TOKENS, vector
from support.upstreams.parts import Call, Refusal, Thought

from . import differences

FINISH = {"refusal": ("refusal", "content_filter")}


class Judge:
    """The faults of one case; none: it passed."""

    def __init__(self, case, result: dict, direct: bool = False):
        self.case, self.result, self.direct = case, result, direct
        self.name = script.bare(case.feature)
        self.report = result.get("report")
        self.traits = differences.traits(case)
        self.faults: list[str] = []

    def fault(self, text: str) -> None:
        self.faults.append(text)

    def want(self, what: str, got, wanted) -> None:
        if got != wanted:
            self.fault(f"{what}: got {got!r}, wanted {wanted!r}")

    def run(self) -> list[str]:
        refused = None if self.direct else differences.refused(self.case)
        if refused:
            self.refusal(refused)
        elif self.name.startswith("own_"):
            self.own_error(int(self.name[4:]))
        elif self.name.startswith("error_") and self.name != "error_mid":
            self.error(int(self.name[6:]))
        elif self.name == "error_mid":
            self.broken_stream()
        elif "error" in self.result:
            self.fault(f"{self.result['error']} {self.result.get('status')}: "
                       f"{self.result.get('message', '')[:300]}")
            if not self.report:
                self.fault("the upstream was never asked")
        elif self.name == "embeddings":
            self.want("vectors", self.result["vectors"], [vector(text) for text in TEXTS])
        elif self.name == "count_tokens":
            self.counted()
        else:
            self.answer()
        if self.report and not refused:
            self.complaints()
        return self.faults

    def complaints(self) -> None:
        """What the upstream missed and nobody said that it was dropped."""
        forgiven = differences.forgiven(self.case)
        dropped = () if self.direct else differences.dropped(self.case)
        told = self.result["headers"].get("x-signalbox-dropped")
        if differences.named(self.case) and not self.direct and not told:
            self.fault("dropped, but no header says so")
        for complaint in self.report.complaints:
            if complaint.startswith(dropped or ("\0",)):
                if not told:
                    self.fault(f"dropped without a word: {complaint}")
            elif not complaint.startswith(forgiven or ("\0",)):
                self.fault(f"upstream: {complaint}")

    def counted(self) -> None:
        """By the vendor where it counts, else by the program itself."""
        if self.case.upstream in COUNTS:
            self.want("count", self.result["count"], TOKENS)
        elif not 10 <= self.result["count"] <= 100:
            self.fault(f"count: {self.result['count']}")

    # an answer

    def answer(self) -> None:
        result, made = self.result, script.answer(self.case.feature, False)
        looped = "results" in script.ASKS[self.name]
        if looped:
            if "first" not in result:
                return self.fault(f"no call was made of: {str(result)[:300]}")
            self.one(result["first"], made)
            self.one(result, script.answer(self.case.feature, True))
            self.returned()
        else:
            self.one(result, made)

    def one(self, got: dict, made) -> None:
        calls = made.of(Call)
        refusal = "".join(item.text for item in made.of(Refusal))
        if refusal:
            self.spoken_refusal(got, refusal)
        elif made.text() and calls and {"tool_plan", "no_thoughts"} <= self.traits:
            pass  # a plan comes as a thought, which this SDK does not show
        elif made.text() and calls and "tool_plan" in self.traits:
            self.want("text before calls", made.text() in (got["text"], got["thoughts"]), True)
        elif made.text():
            self.want("text", got["text"], made.text())
        self.want("calls", [(c["name"], c["args"]) for c in got["calls"]],
                  [(c.name, c.args) for c in calls])
        ids = [c["id"] for c in got["calls"]]
        if "no_ids" not in self.traits and (len(set(ids)) != len(ids) or "" in ids):
            self.fault(f"ids of calls: {ids}")
        thoughts = "".join(item.text for item in made.of(Thought))
        if "no_thoughts" not in self.traits and not (calls and "tool_plan" in self.traits):
            self.want("thoughts", got["thoughts"], thoughts)
        if "no_finish" not in self.traits:
            wanted = FINISH.get(made.finish, (made.finish,))
            if made.finish == "refusal" and "silent_refusal" in self.traits:
                wanted += ("stop",)
            if got["finish"] not in wanted:
                self.fault(f"finish: got {got['finish']!r}, wanted {wanted}")
        self.usage(got["usage"], made.usage)

    def spoken_refusal(self, got: dict, refusal: str) -> None:
        if "mute_refusal" not in self.traits and refusal not in (got["text"], got["refusal"]):
            self.fault(f"refusal: got text {got['text']!r}, refusal {got['refusal']!r}")

    def usage(self, got: dict, wanted) -> None:
        if "no_usage" in self.traits:
            return
        for name in ("input", "output"):
            self.want(f"usage.{name}", got.get(name), getattr(wanted, name))
        if "no_cached" not in self.traits:
            self.want("usage.cached", got.get("cached") or 0, wanted.cached)
        if "no_reasoning_count" not in self.traits:
            self.want("usage.reasoning", got.get("reasoning") or 0, wanted.reasoning)

    def returned(self) -> None:
        """Thoughts and signatures that must have come back to the upstream."""
        if self.name != "reasoning_loop" or not self.report:
            return
        for what in differences.must_return(self.case):
            if what not in self.report.carried:
                self.fault(f"did not come back to the upstream: {what}")

    # errors

    def refusal(self, words: tuple) -> None:
        """A 400 that names the field, and nothing went to the upstream."""
        if "error" not in self.result:
            return self.fault(f"was to be refused ({words[0]}), but was answered")
        self.want("status", self.result.get("status"), 400)
        message = str(self.result.get("message"))
        if not any(word in message for word in words):
            self.fault(f"the error does not name {words[0]}: {message[:300]}")
        if self.report and self.report.requests:
            self.fault("was refused, yet the upstream was asked")

    def error(self, status: int) -> None:
        if "error" not in self.result:
            return self.fault(f"no error for {status}: {str(self.result)[:300]}")
        real = UPSTREAMS[self.case.upstream]().status(status)
        likewise = set() if self.direct else differences.STATUSES.get(status, {status})
        allowed = {real} | likewise
        got, message = self.result.get("status"), str(self.result.get("message"))
        if got not in allowed:
            self.fault(f"status: got {got}, wanted {sorted(allowed)}")
        if script.ERROR_TEXT not in message:
            self.fault(f"the vendor's words are lost: {message[:300]}")
        typed = differences.error_class(self.case, got)
        if typed and typed not in [self.result["error"], *self.result.get("family", [])]:
            self.fault(f"error class: got {self.result['error']}, wanted {typed} for {got}")
        if status == 429 and self.result["headers"].get("retry-after") != str(script.RETRY_AFTER):
            if not self.direct:
                self.fault(f"retry-after: {self.result['headers'].get('retry-after')!r}")

    def own_error(self, status: int) -> None:
        """What the program itself says, in the words of the client's vendor."""
        if "error" not in self.result:
            return self.fault(f"no error for {status}: {str(self.result)[:300]}")
        self.want("status", self.result.get("status"), status)
        typed = differences.error_class(self.case, status)
        if typed and typed not in [self.result["error"], *self.result.get("family", [])]:
            self.fault(f"error class: got {self.result['error']}, wanted {typed}")
        word = {401: "key", 404: "there-is-no-such-model"}[status]
        if word not in str(self.result.get("message")).lower():
            self.fault(f"says nothing of {word}: {str(self.result.get('message'))[:300]}")

    def broken_stream(self) -> None:
        if "error" not in self.result:
            if "quiet_break" not in self.traits:
                self.fault(f"a stream that broke was taken for whole: {str(self.result)[:300]}")
        elif not self.traits & {"quiet_break", "wordless_break"} and \
                script.ERROR_TEXT not in str(self.result.get("message")):
            self.fault(f"the vendor's words are lost: {self.result['error']} "
                       f"{str(self.result.get('message'))[:300]}")
