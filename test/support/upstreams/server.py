"""A scripted upstream: one threaded HTTP server on a free port that speaks one vendor's dialect.

The name of the model says what it is to do: `gpt-5.1-mx-tools_stream-c17` plays the feature
`tools_stream` for the case `c17`, so that cases may run side by side and in any order.

Owner:   a suite; `with Anthropic() as upstream`.
Threads: one per connection; `reports` may be read after the answer has come.
Errors:  a request that the vendor would not take is a complaint in the case's report, and is
         answered all the same wherever it can be, so that one fault does not hide another.
"""

import json
import re
import threading
import urllib.parse
from dataclasses import dataclass, field

from . import embeddings, script, spec
from .checks import Checks
from .listener import Asked, Server, handler_of
from .parts import Answer, Call, Problem, Result, Seen

MODEL = re.compile(r"-mx-([a-z_0-9]+)-(c\d+)")


@dataclass
class Report:
    """What an upstream saw of one case."""
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)
    carried: list = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)  # the first half of a stream
    waited: bool = False  # … before the second was sent


class Upstream:
    name = ""               # the provider's type in the configuration
    key = ""                # the credential that it takes
    base = ""               # what its base URL ends with
    model = "model"         # what its models' names begin with
    path = re.compile("")   # groups `model` and `action` where the path holds them
    spec = None             # (file, path, members it does not know yet) of its OpenAPI description
    has_ids = True          # whether its tool calls have ids
    signs_thoughts = False  # whether a thought comes with a signature that must come back
    lacks = frozenset()     # what its requests cannot say: max_tokens, temperature, stop, parallel
    stream_type = "text/event-stream"

    def __init__(self):
        self.reports: dict[str, Report] = {}
        self.lock = threading.Lock()
        self.key = self.key or f"key-of-{self.name}"

    # what a dialect says

    def read(self, asked: Asked) -> Seen:
        raise NotImplementedError

    def whole(self, answer: Answer, seen: Seen, model: str) -> dict:
        raise NotImplementedError

    def frames(self, answer: Answer, seen: Seen, model: str) -> list[bytes]:
        raise NotImplementedError

    def error(self, status: int) -> dict:
        raise NotImplementedError

    def broken(self, frames: list[bytes]) -> list[bytes]:
        """A stream that fails in the middle."""
        raise NotImplementedError

    def status(self, status: int) -> int:
        return status

    def check_credentials(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            raise Problem(f"credentials: {asked.headers.get('authorization')!r}")

    def described(self, asked: Asked) -> dict:
        """The body as its OpenAPI description has it."""
        return asked.body

    def check(self, asked: Asked) -> None:
        """What only this vendor refuses; raises Problem."""

    def call_id(self, number: int) -> str:
        return f"call_{number}mx"

    def streams(self, asked: Asked) -> bool:
        return bool(asked.body.get("stream"))

    def model_of(self, asked: Asked) -> str:
        found = self.path.search(asked.path)
        form = embeddings.FORMS.get(self.name)
        if form and (not found or "embeddings" in asked.path + str(asked.body.get("model"))):
            found = form.path.search(asked.path) or found
        if not found and self.name in embeddings.COUNTS:
            found = embeddings.COUNTS[self.name][0].search(asked.path)
        in_path = found.groupdict().get("model") if found else None
        return urllib.parse.unquote(in_path) if in_path else str(asked.body.get("model") or "")

    # a case

    def report(self, case: str) -> Report:
        with self.lock:
            return self.reports.setdefault(case, Report())

    def respond(self, asked: Asked) -> tuple[int, dict, bytes | list[bytes]]:
        """Status, headers, and a body or the frames of a stream."""
        model = self.model_of(asked)
        found = MODEL.search(model)
        if found and found.group(1) == "embeddings" and self.name in embeddings.FORMS:
            return self.embed(asked, self.report(found.group(2)))
        if found and found.group(1) == "count_tokens" and self.name in embeddings.COUNTS:
            return self.count(asked, self.report(found.group(2)))
        if not found or not self.path.search(asked.path):
            return 404, {}, json.dumps({"message": f"no script for {asked.path} {model}"}).encode()
        feature, report = found.group(1), self.report(found.group(2))
        report.requests.append({"path": asked.target, "body": asked.body, "headers": asked.headers})
        seen, again = Seen(stream=self.streams(asked)), False
        try:
            seen, again = self.judge(asked, feature, report)
        except Problem as problem:
            report.complaints.append(str(problem))
        except Exception as error:  # a form that no vendor would understand
            report.complaints.append(f"not understood: {error!r}")
        if feature.startswith("error_4") or feature.startswith("error_5"):
            return self.failure(int(script.bare(feature)[6:]))
        answer = self.spoken(feature, seen, again)
        if self.streams(asked):
            frames = self.frames(answer, seen, model)
            if feature == "live_stream":
                half = len(frames) // 2
                frames[half:half] = [lambda: self.wait(report)]
            if feature in script.IN_BITS:
                whole = b"".join(frames)
                frames = [whole[at:at + 131] for at in range(0, len(whole), 131)]
            return 200, {}, self.broken(frames) if feature == "error_mid_stream" else frames
        return 200, {}, json.dumps(self.whole(answer, seen, model), ensure_ascii=False).encode()

    def embed(self, asked: Asked, report: Report) -> tuple[int, dict, bytes]:
        form = embeddings.FORMS[self.name]
        report.requests.append({"path": asked.target, "body": asked.body, "headers": asked.headers})
        try:
            if not form.path.search(asked.path):
                raise Problem(f"path: {asked.path}")
            self.check_credentials(asked)
            texts = form.texts(asked)
            if texts != embeddings.TEXTS:
                report.complaints.append(f"texts: {texts!r}")
        except Problem as problem:
            report.complaints.append(str(problem))
        except Exception as error:
            report.complaints.append(f"not understood: {error!r}")
        vectors = [embeddings.vector(text) for text in embeddings.TEXTS]
        return 200, {}, json.dumps(form.vectors(vectors, asked)).encode()

    def count(self, asked: Asked, report: Report) -> tuple[int, dict, bytes]:
        """A count: the prompt must be in what was sent, wherever the vendor has it."""
        path, answer = embeddings.COUNTS[self.name]
        report.requests.append({"path": asked.target, "body": asked.body, "headers": asked.headers})
        if not path.search(asked.path):
            report.complaints.append(f"path: {asked.path}")
        for word in (script.PROMPT, script.SYSTEM):
            if json.dumps(word, ensure_ascii=False)[1:-1] not in json.dumps(
                    asked.body, ensure_ascii=False):
                report.complaints.append(f"not sent: {word!r}")
        return 200, {}, json.dumps(answer).encode()

    def wait(self, report: Report) -> None:
        """Holds the second half of a stream back until the client has heard of the first."""
        report.waited = report.heard.wait(5)

    def judge(self, asked: Asked, feature: str, report: Report) -> tuple[Seen, bool]:
        seen = self.read(asked)
        seen.stream = self.streams(asked)
        if self.spec:
            report.complaints += spec.complaints(self.spec, self.described(asked))
        if script.bare(feature) == "schema" and seen.schema is None and len(seen.tools) == 1:
            seen.schema, seen.choice = seen.tools[0].schema, seen.tools[0].name  # by a forced tool
        checks = Checks(self, feature, seen)
        report.complaints += checks.run()
        report.carried += checks.carried()
        for check in (self.check_credentials, self.check):
            try:
                check(asked)
            except Problem as problem:
                report.complaints.append(str(problem))
        return seen, bool(seen.of(Result)) and checks.name != "old_call"

    def spoken(self, feature: str, seen: Seen, again: bool) -> Answer:
        answer = script.answer(feature, again)
        if script.bare(feature) == "schema" and seen.tools:
            answer = Answer([Call(seen.tools[0].name, script.PERSON)], "tool_calls")
        for number, call in enumerate(answer.of(Call)):
            call.id = self.call_id(number)
        return answer

    def failure(self, status: int) -> tuple[int, dict, bytes]:
        headers = {"retry-after": str(script.RETRY_AFTER)} if status == 429 else {}
        return self.status(status), {**headers, **self.error_headers(status)}, \
            json.dumps(self.error(status)).encode()

    def error_headers(self, status: int) -> dict:
        return {}

    # the server

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), handler_of(self))
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def provider(self) -> dict:
        """Its entry in a configuration."""
        return {"type": self.name, "base_url": self.host + self.base, "key": self.key}

    def model_for(self, feature: str, case: str) -> str:
        form = embeddings.FORMS.get(self.name)
        name = form.model if feature == "embeddings" and form else self.model
        return f"{name}-mx-{feature}-{case}"
