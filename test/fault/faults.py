"""Helpers of the fault suites: stream a request to its end, read what the ledger booked."""

import json
import time
from dataclasses import dataclass, field

from support.client import Answer, Client, Closed, chat_request
from support.process import eventually


@dataclass
class Streamed:
    """What a client saw of one stream."""
    head: Answer | None = None
    frames: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    complete: bool = False
    took: float = 0.0

    def data(self) -> list[str]:
        from support.client import sse_data
        return sse_data(b"".join(self.frames))

    def text(self) -> str:
        parts = []
        for item in self.data():
            if item == "[DONE]":
                continue
            for choice in json.loads(item).get("choices") or []:
                parts.append(choice["delta"].get("content") or "")
        return "".join(parts)

    def error(self) -> dict | None:
        """The error event, which must be the last one and in OpenAI's form."""
        found = [json.loads(item) for item in self.data()
                 if item != "[DONE]" and "error" in json.loads(item)]
        return found[0]["error"] if found else None


def run_stream(gateway, text: str = "hi", timeout: float = 15.0, **more) -> Streamed:
    seen = Streamed()
    began = time.monotonic()
    with Client(gateway.port, timeout=timeout) as client:
        client.send(chat_request("edge/gpt-4o-mini", text, stream=True, **more))
        try:
            seen.head = client.read_head()
            if seen.head.status != 200:
                seen.head.body = b"".join(client.pieces(seen.head))
                seen.complete = True
            else:
                for at, frame in client.frames(seen.head):
                    seen.times.append(at)
                    seen.frames.append(frame)
                seen.complete = True
        except (Closed, ConnectionError):
            pass
    seen.took = time.monotonic() - began
    return seen


def assert_error_event(seen: Streamed):
    """R-07: the dialect's error event, then the end; never `[DONE]` after a failure."""
    assert seen.complete, "the stream was cut instead of ended"
    error = seen.error()
    assert error, f"no error event in {seen.data()}"
    assert isinstance(error.get("message"), str) and error["message"], error
    assert "type" in error, error
    assert "[DONE]" not in seen.data(), "a failed stream says [DONE]"
    assert "error" in json.loads(seen.data()[-1]), "something follows the error event"


def assert_error(answer: Answer, status: int):
    assert answer.status == status, f"{answer.status} {answer.body[:300]!r}"
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "param", "code"}, error
    assert error["message"]


def booked(gateway, count: int, timeout: float = 3.0) -> list[dict]:
    """The settlements of the last `count` requests, once they are there; each exactly once."""
    def read():
        found = gateway.settlements()
        return found if len({r["request_id"] for r in found}) >= count else None

    found = eventually(read, timeout, 0.1) or gateway.settlements()
    pairs = [(r["request_id"], r["attempt"]) for r in found]
    assert len(pairs) == len(set(pairs)), "a call was booked twice"
    return found


def of_request(gateway, request_id: str, timeout: float = 3.0) -> list[dict]:
    """Every settlement of one request, oldest attempt first."""
    def read():
        return [r for r in gateway.settlements() if r["request_id"] == request_id]

    return eventually(read, timeout, 0.05) or []


def last_settlement(gateway, known: set) -> dict:
    """The one settlement that is not among `known` request ids."""
    def read():
        return [r for r in gateway.settlements() if r["request_id"] not in known]

    found = eventually(read, 3, 0.05) or []
    assert len(found) == 1, f"{len(found)} settlements for one call: {found}"
    return found[0]


def known_ids(gateway) -> set:
    return {r["request_id"] for r in gateway.ledger()}
