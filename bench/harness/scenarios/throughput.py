"""Closed loop, 32 connections: CPU per request, and requests per second."""

from ..accounting import per_request

TITLE = "32 connections, short question, plain answer"
CONNECTIONS = 32


def run(context):
    seconds, count = (0.8, 3) if context.quick else (3, 5)

    def measure(target):
        figures = context.tools.load("closed", target, connections=CONNECTIONS, seconds=seconds)
        answered = max(1, figures["requests"])
        figures["core_us_per_request"] = figures["gateway_core_busy_s"] / answered * 1e6
        return figures | per_request(figures)

    for target in context.targets:  # connections and caches warm before the first round
        context.tools.load("closed", target, connections=CONNECTIONS, seconds=0.3)
    return context.interleave("throughput", context.targets, count, measure)
