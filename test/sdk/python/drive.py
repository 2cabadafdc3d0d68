"""Runs the cases that come on standard input through the Python SDKs, several at a time.

In:  one JSON list of cases: id, client, host, key, model, ask.
Out: one JSON line per case, as it ends: its id and what the SDK made of the answer, or its error.
"""

import concurrent.futures
import json
import pathlib
import sys
import threading
import traceback
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

import httpx  # noqa: E402

from sdk.python.clients import CLIENTS  # noqa: E402

try:
    import httpx2
except ImportError:
    httpx2 = None

SEEN = threading.local()
THREADS = 6


def watch(client_class) -> None:
    """Keeps the headers of this thread's last answer: not every SDK shows them."""
    send = client_class.send

    def watched(self, *args, **kwargs):
        answer = send(self, *args, **kwargs)
        SEEN.headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer

    client_class.send = watched


class Driver:
    def __init__(self):
        self.clients, self.lock = {}, threading.Lock()

    def client(self, case: dict):
        key = (case["client"], case["host"], case["key"])
        with self.lock:
            if key not in self.clients:
                self.clients[key] = CLIENTS[case["client"]](case["host"], case["key"])
            return self.clients[key]

    def play(self, case: dict) -> dict:
        SEEN.headers = {}
        client = self.client(case)
        try:
            result = client.run(case["model"], case["ask"])
        except Exception as error:
            result = client.failure(error)
            result["trace"] = traceback.format_exc()[-1500:]
        kept = {name: value for name, value in SEEN.headers.items()
                if name.startswith("x-signalbox") or name in ("retry-after", "x-request-id")}
        return {"id": case["id"], **result, "headers": kept}


def main() -> None:
    warnings.simplefilter("ignore")
    for module in (httpx, httpx2):
        if module:
            watch(module.Client)
    cases, driver, lock = json.load(sys.stdin), Driver(), threading.Lock()

    def play(case):
        line = json.dumps(driver.play(case), default=str)
        with lock:
            print(line, flush=True)

    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(play, cases))


if __name__ == "__main__":
    main()
