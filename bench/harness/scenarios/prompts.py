"""Prompts of about 100,000 tokens: CPU per request when the document is big."""

TITLE = "100K-token prompts (450 KB)"
BODY_BYTES = 450_000
CONNECTIONS = 8


def run(context):
    seconds, count = (0.7, 2) if context.quick else (2.5, 5)

    def measure(target):
        figures = context.tools.load(
            "closed", target, route="prompts", connections=CONNECTIONS, seconds=seconds, body_bytes=BODY_BYTES
        )
        figures["cpu_us_per_request"] = figures["cpu_ns"] / max(1, figures["requests"]) / 1e3
        return figures

    return context.interleave("prompts", context.heavy(), count, measure)
