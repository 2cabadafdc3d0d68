"""A soak: half an hour at 80 % of what the machine can do, memory and descriptors watched.

usage: test/run_python soak [--minutes 30] [--load 0.8] [--connections 16] [--sim]

First measures the ceiling of client, program and upstream together for some seconds, then sends
`load` times that in an open loop: whole answers, streams, errors and clients that leave. Samples
memory and descriptors every ten seconds. Exits non-zero when a bar is missed: memory slope below
1 MiB per 10 minutes, descriptors flat, no failed request.
"""

import argparse
import asyncio
import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support import process, scripts  # noqa: E402
from support.client import Client, chat_request  # noqa: E402
from support.gateway import Gateway, edge  # noqa: E402
from support.load import run  # noqa: E402
from support.upstream import Upstream  # noqa: E402

SLOPE_BAR_MIB = 1.0
DESCRIPTOR_BAR = 8


def make_requests(model: str):
    def make(number: int) -> bytes:
        return chat_request(model, f"n{number % 97}", stream=number % 5 == 0)

    return make


async def upstream_script(conn, request):
    script = scripts.stream() if b'"stream": true' in request.body else scripts.answer()
    await script(conn, request)
    conn.requests.clear()  # half an hour of requests is not kept
    conn.upstream.requests.clear()


def slope_per_10_minutes(samples: list[tuple[float, float]]) -> float:
    """Least squares over (seconds, MiB)."""
    count = len(samples)
    if count < 2:
        return 0.0
    mean_x = sum(x for x, _ in samples) / count
    mean_y = sum(y for _, y in samples) / count
    over = sum((x - mean_x) ** 2 for x, _ in samples)
    return sum((x - mean_x) * (y - mean_y) for x, y in samples) / over * 600 if over else 0.0


def leavers(port: int, model: str, stop: threading.Event):
    """Twice a second a client leaves in the middle of a stream or before its answer."""
    number = 0
    while not stop.wait(0.5):
        number += 1
        client = Client(port)
        client.send(chat_request(model, "leaving", stream=number % 2 == 0))
        time.sleep(0.005)
        client.reset() if number % 3 else client.close()


def soak(gateway, model: str, options) -> int:
    make = make_requests(model)
    ceiling = asyncio.run(run(gateway.port, make, connections=options.connections,
                              seconds=options.ceiling_seconds)).rate()
    rate = ceiling * options.load
    print(f"ceiling {ceiling:.0f} requests/s, load {rate:.0f} requests/s", flush=True)
    stop, samples, descriptors = threading.Event(), [], []

    def sample():
        began = time.monotonic()
        while not stop.wait(options.sample_seconds):
            at = time.monotonic() - began
            if at > options.minutes * 60 - 0.5:
                return  # the load is over: fewer connections, another picture
            samples.append((at, gateway.rss_kib() / 1024))
            descriptors.append(gateway.fd_count())
            resident = process.status_kib(gateway.pid, "VmRSS") / 1024
            print(f"{at:7.0f} s  {samples[-1][1]:8.2f} MiB  {resident:8.2f} MiB with file pages  "
                  f"{descriptors[-1]} fds", flush=True)

    helpers = [threading.Thread(target=sample, daemon=True),
               threading.Thread(target=leavers, args=(gateway.port, model, stop), daemon=True)]
    for helper in helpers:
        helper.start()
    result = asyncio.run(run(gateway.port, make, connections=options.connections, rate=rate,
                             seconds=options.minutes * 60))
    stop.set()
    for helper in helpers:
        helper.join()
    return verdict(gateway, result, samples, descriptors)


def verdict(gateway, result, samples, descriptors) -> int:
    steady = [s for s in samples if s[0] >= samples[-1][0] * 0.2] if samples else []
    slope = slope_per_10_minutes(steady)
    spread = max(descriptors) - min(descriptors[len(descriptors) // 5:]) if descriptors else 0
    report = {"requests": len(result.latencies), "failures": len(result.failures),
              "rate": round(result.rate()), "p50_ms": round(result.percentile(0.5) * 1000, 2),
              "p99_ms": round(result.percentile(0.99) * 1000, 2),
              "slope_mib_per_10_min": round(slope, 3), "descriptor_spread": spread,
              "alive": gateway.alive()}
    print(json.dumps(report))
    bars = {"memory slope": slope < SLOPE_BAR_MIB, "descriptors": spread <= DESCRIPTOR_BAR,
            "failures": not result.failures, "alive": gateway.alive()}
    for name, held in bars.items():
        if not held:
            print(f"missed: {name}")
    return 0 if all(bars.values()) else 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--load", type=float, default=0.8)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--sample-seconds", type=float, default=10)
    parser.add_argument("--ceiling-seconds", type=float, default=5)
    parser.add_argument("--sim", action="store_true", help="the built-in provider as upstream")
    options = parser.parse_args()
    if options.sim:
        with Gateway({"server": {"workers": 1}}) as gateway:
            return soak(gateway, "sim/echo", options)
    with Upstream(upstream_script) as upstream, Gateway(edge(upstream.port)) as gateway:
        return soak(gateway, "edge/m", options)


if __name__ == "__main__":
    sys.exit(main())
