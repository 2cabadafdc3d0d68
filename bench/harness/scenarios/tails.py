"""Open loop at 60 % of each one's own ceiling: the tail a stall cannot hide from."""

from .. import context as harness
from . import throughput

TITLE = "open loop at 60 % of the own ceiling"
SHARE = 0.6
CONNECTIONS = 64


def run(context):
    seconds, count = (1, 2) if context.quick else (4, 3)
    gateways = context.gateways()
    ceilings = {target.label: _ceiling(context, target) for target in gateways}

    def measure(target):
        rate = SHARE * ceilings[target.label]
        figures = context.tools.load("open", target, connections=CONNECTIONS, rate=f"{rate:.0f}", seconds=seconds)
        return {**figures, "rate": rate}

    return context.interleave("tails", gateways, count, measure)


def _ceiling(context, target):
    """Requests per second from the throughput rounds if they ran, else from a short one now."""
    rates = [
        row["requests_per_second"]
        for row in context.rounds
        if row["scenario"] == "throughput" and row["target"] == target.label
    ]
    if not rates:
        figures = context.tools.load("closed", target, connections=throughput.CONNECTIONS, seconds=1)
        rates = [figures["requests_per_second"]]
    return harness.medians([{"rate": rate} for rate in rates])["rate"]
