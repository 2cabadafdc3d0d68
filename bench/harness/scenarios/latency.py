"""One connection, one request after the other: what a gateway adds to an answer."""

TITLE = "one connection"


def run(context):
    seconds, count = (0.5, 3) if context.quick else (1.5, 5)

    def measure(target):
        return context.tools.load("latency", target, seconds=seconds)

    return context.interleave("latency", context.targets, count, measure)
