"""Start to first answer, memory after 1,000 requests, size of the stripped program."""

import http.client
import shutil
import subprocess
import time
from pathlib import Path

from .. import accounting

TITLE = "start, memory at rest, size"
BODY = '{{"model":"{model}","messages":[{{"role":"user","content":"hello"}}]}}'


def run(context):
    count = 3 if context.quick else 5
    return context.interleave("footprint", context.gateways(), count, lambda target: _measure(context, target))


def _measure(context, running):
    target = running.fresh()
    begin = time.monotonic()
    try:
        target.start()
        first_status = _ask(target)
        started = time.monotonic() - begin
        figures = context.tools.load("closed", target, connections=8, requests=1000, seconds=20)
        time.sleep(0.5 if context.quick else 2)
        return {
            "start_ms": started * 1e3,
            "first_status": first_status,
            "idle_bytes": accounting.resident(target.pids()),
            "binary_bytes": _stripped_size(target),
            **{name: figures[name] for name in ("foreign_share", "stolen_share")},
        }
    finally:
        target.stop()


def _ask(target):
    """Sends one request and returns its status."""
    connection = http.client.HTTPConnection(target.address("closed"), timeout=10)
    headers = dict(line.split(": ", 1) for line in target.headers)
    body = BODY.format(model=target.model)
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _stripped_size(target):
    program = target.binary()
    if not program:
        return 0
    copy = target.dir / "stripped"
    if shutil.which("strip"):
        subprocess.run(["strip", "-o", copy, program], check=False, capture_output=True)
    size = (copy if copy.is_file() else Path(program)).stat().st_size
    copy.unlink(missing_ok=True)
    return size
