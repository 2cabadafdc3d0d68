"""Calls with a key at a steady rate, beside the test, in phases: before, while something is away, after.

Owner:   one test. Threads: one while a phase runs. Errors: kept, told by `failures`.
"""

import asyncio
import threading

from .client import chat_request
from .load import run
from .management import bearer


class Phases:
    def __init__(self, port: int, token: str, model: str = "edge/m", rate: float = 150,
                 text: str = "hi"):
        self.port, self.token, self.model, self.rate = port, token, model, rate
        self.text = text
        self.phases: dict[str, object] = {}

    def begin(self, phase: str):
        """What is sent until `end` is counted under this name."""
        self.stop = threading.Event()

        def work():
            self.phases[phase] = asyncio.run(run(
                self.port, lambda _: chat_request(self.model, self.text, bearer(self.token)),
                connections=8, rate=self.rate, stop=self.stop))

        self.thread = threading.Thread(target=work)
        self.thread.start()

    def end(self):
        self.stop.set()
        self.thread.join(30)

    def told(self) -> str:
        return ", ".join(f"{name}: {len(each.request_ids)} calls, p50 "
                         f"{each.percentile(0.5) * 1e3:.1f} ms, p99 {each.percentile(0.99) * 1e3:.1f} ms"
                         for name, each in self.phases.items())

    def seen(self) -> list[str]:
        return [each for phase in self.phases.values() for each in phase.request_ids]

    def failures(self) -> list[str]:
        return [each for phase in self.phases.values() for each in phase.failures]
