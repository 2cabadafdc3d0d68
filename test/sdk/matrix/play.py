"""Plays cases: twelve upstreams, one program between, and one process per language of clients.

Owner:   a suite or run.py; `with Stage(...) as stage`, then `stage.play(cases)`.
Threads: the upstreams' own; the drivers are processes.
Errors:  a driver that dies raises with what it wrote; a case that fails is a result.
"""

import json
import os
import pathlib
import subprocess
import sys
import threading

from support.gateway import Gateway, alone
from support.upstreams import UPSTREAMS, script

SDK = pathlib.Path(__file__).resolve().parents[1]
# Providers of these names are limited unless somebody says otherwise.
BUILT_IN_LIMITS = ("openai", "anthropic", "mistral", "huggingface")
KEY = "key-of-the-clients-of-the-matrix"


def config(upstreams: dict) -> dict:
    """A provider per upstream, called after its type; clients show their key as their SDK does."""
    providers = {name: upstream.provider() for name, upstream in upstreams.items()}
    unlimited = {"requests_per_minute": "unlimited", "tokens_per_minute": "unlimited"}
    return alone({"server": {"workers": 1}, "providers": providers, "access": {"key": KEY},
                  "limits": {"per_provider": {name: unlimited for name in BUILT_IN_LIMITS}},
                  "media": {"allow": ["127.0.0.1"]}})  # where the picture of image_url is


class Stage:
    def __init__(self, direct: bool = False, only=None, node=None):
        self.direct, self.node = direct, node or (None, None)
        self.upstreams = {name: UPSTREAMS[name]() for name in only or UPSTREAMS}
        self.gateway = None

    def __enter__(self):
        for upstream in self.upstreams.values():
            upstream.__enter__()
        script.picture_at(next(iter(self.upstreams.values())).host + "/cat.png")
        if not self.direct:
            self.gateway = Gateway(config(self.upstreams)).start()
        return self

    def __exit__(self, *_):
        for upstream in self.upstreams.values():
            upstream.__exit__()
        if self.gateway:
            self.gateway.close()

    def order(self, case) -> dict:
        """What a driver is told of a case."""
        upstream = self.upstreams[case.upstream]
        model = upstream.model_for(case.feature, case.id)
        if self.direct:
            return {"id": case.id, "client": case.client, "ask": case.ask(), "model": model,
                    "host": upstream.host, "key": upstream.key}
        name = script.bare(case.feature)
        return {"id": case.id, "client": case.client, "ask": case.ask(), "host": self.gateway.url,
                "key": "a key that nobody gave out" if name == "own_401" else KEY,
                "model": "there-is-no-such-model" if name == "own_404"
                else f"{case.upstream}/{model}"}

    def command(self, language: str) -> list[str]:
        if language == "python":
            return [sys.executable, str(SDK / "python" / "drive.py")]
        program, folder = self.node
        return [program, str(pathlib.Path(folder) / "matrix_drive.mjs")]

    def play(self, cases: list) -> dict:
        """Results by the case's id, each with what its upstream saw."""
        running = []
        for language in sorted({case.language for case in cases}):
            orders = [self.order(case) for case in cases if case.language == language]
            child = subprocess.Popen(self.command(language), stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
            running.append((language, orders, child))
        results, outputs = {}, {}

        def talk(language, orders, child):
            outputs[language] = child.communicate(json.dumps(orders).encode())

        threads = [threading.Thread(target=talk, args=one) for one in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for language, orders, child in running:
            out, err = outputs[language]
            for line in out.decode().splitlines():
                if line.startswith("{"):
                    result = json.loads(line)
                    results[result["id"]] = result
            if child.returncode != 0:
                raise RuntimeError(f"the {language} driver ended with {child.returncode}:\n"
                                   f"{err.decode()[-3000:]}")
        for case in cases:
            report = self.upstreams[case.upstream].reports.get(case.id)
            results.setdefault(case.id, {"id": case.id, "error": "no result"})["report"] = report
        return results
