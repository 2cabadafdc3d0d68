"""150 KB bodies on 1,500 connections, all held at once: peak memory, and memory a minute later."""

import time

from .. import accounting, context as harness

TITLE = "150 KB bodies × 1,500 connections"
CONNECTIONS = 1500
BODY_BYTES = 150_000
REST_S = 60


def run(context):
    fresh = [target.fresh() for target in context.heavy()]
    try:
        results = {target.label: _fill(context, target) for target in fresh}
        if not context.quick:
            for target in fresh:
                results[target.label].update(_after_rest(target, results[target.label]))
    finally:
        for target in fresh:
            target.stop()
    for label, figures in results.items():
        context.rounds.append({"scenario": "bodies", "target": label, **figures})
    return results


def _fill(context, target):
    harness.progress(f"bodies: {target.label}")
    target.start()
    context.tools.load("closed", target, connections=8, requests=1000, seconds=20)
    time.sleep(1)
    pids = target.pids()
    idle = accounting.resident(pids)
    accounting.reset_peak(pids)
    figures = context.tools.load("bodies", target, connections=CONNECTIONS, body_bytes=BODY_BYTES, seconds=30)
    return {**figures, "idle_bytes": idle, "peak_bytes": accounting.peak(pids), "ended": time.monotonic()}


def _after_rest(target, figures):
    harness.progress(f"bodies: {target.label} at rest")
    time.sleep(max(0, figures["ended"] + REST_S - time.monotonic()))
    rest = accounting.resident(target.pids())
    return {"rest_bytes": rest, "rest_over_idle": rest / figures["idle_bytes"]}
