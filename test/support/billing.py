"""An upstream that bills: does what the prompt asks for, and remembers what every call was worth.

A prompt is JSON: {"number", "do", "input", "output", "pause"}. `do` is whole, cut, refuse, fail,
reset; a request with `stream` is streamed. So the truth about money is the upstream's alone.

Owner:   one test. Threads: `calls` grows on the upstream's thread and may be read at any time.
"""

import asyncio
import json
from dataclasses import dataclass

from . import answers, scripts
from .upstream import Upstream

INPUT, OUTPUT = 1_000, 1_000_000  # what a token costs, in 10^-9 dollars
MODEL = "edge/billed"
MOST_OUTPUT = 60
CATALOG = {MODEL: {"context": 4000, "max_output": MOST_OUTPUT,
                   "prices": {"always": {"input": str(INPUT // 1000),
                                         "output": str(OUTPUT // 1000)}}}}


@dataclass
class Call:
    number: int
    request_id: str
    do: str
    bill: int | None = None  # None: nobody can say, it broke off
    told: bool = False       # its last byte, with the usage, was given to the network


def prompt(number: int, do: str = "whole", *, input: int = 11, output: int = 7,
           pause: float = 0.0) -> str:
    return json.dumps({"number": number, "do": do, "input": input, "output": output,
                       "pause": pause})


def usage(asked: dict) -> dict:
    return {"prompt_tokens": asked["input"], "completion_tokens": asked["output"],
            "total_tokens": asked["input"] + asked["output"]}


class Biller(Upstream):
    def __init__(self):
        super().__init__(self._bill)
        self.calls: list[Call] = []

    async def _bill(self, conn, request):
        asked = json.loads(answers.last_user_text(request.body))
        call = Call(asked["number"], request.header("x-request-id"), asked["do"])
        self.calls.append(call)
        await asyncio.sleep(asked["pause"])
        if asked["do"] in ("refuse", "fail"):
            call.bill = 0
            await scripts.answer(answers.error("no", "error"),
                                 400 if asked["do"] == "refuse" else 500)(conn, request)
        elif conn.gone.is_set():
            return
        elif asked["do"] == "reset":
            conn.reset()
        elif json.loads(request.body).get("stream"):
            await self._stream(conn, asked, call)
        else:
            body = {**answers.completion("x" * asked["output"]), "usage": usage(asked)}
            data = scripts.whole(json.dumps(body).encode())
            if asked["do"] == "cut":
                await scripts.close(data[:-40])(conn, request)
                return
            call.bill = asked["input"] * INPUT + asked["output"] * OUTPUT
            await conn.send(data)
        call.told = call.bill is not None and not conn.gone.is_set()

    async def _stream(self, conn, asked: dict, call: Call):
        frames = answers.frames(["x "] * asked["output"], done=False)
        cut = len(frames) // 2 if asked["do"] == "cut" else len(frames)
        await conn.send(scripts.STREAM_HEAD)
        for frame in frames[:cut]:
            await conn.send(scripts.chunk(frame))
            await asyncio.sleep(asked["pause"] / 20)
        if asked["do"] == "cut":
            conn.close()
            return
        call.bill = asked["input"] * INPUT + asked["output"] * OUTPUT
        last = answers.sse({**answers.usage_chunk(), "usage": usage(asked)}) + answers.DONE
        await conn.send(scripts.chunk(last) + b"0\r\n\r\n")
