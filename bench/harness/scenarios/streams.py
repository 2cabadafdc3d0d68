"""1,000 concurrent streams of 50 tokens a second: every frame counted and timed."""

from .. import accounting

TITLE = "1,000 streams × 50 tokens/s"
STREAMS = 1000
PACE_US = 20_000


def run(context):
    tokens, ramp, count = (100, 1, 1) if context.quick else (500, 2, 3)
    if any(not target.heavy for target in context.gateways()):
        context.notes.append("streams, bodies, prompts: Portkey not run, 50,000 frames/s are far over its one core")

    def measure(target):
        pids = target.pids()
        accounting.reset_peak(pids)
        figures = context.tools.load("streams", target, connections=STREAMS, tokens=tokens, ramp_seconds=ramp)
        figures["cpu_us_per_frame"] = figures["cpu_ns"] / max(1, figures["frames"]) / 1e3
        figures["worst_gap_paces"] = figures["gap_max_us"] / PACE_US
        figures["peak_bytes"] = accounting.peak(pids)
        return figures

    targets = [target for target in context.targets if target.heavy]
    return context.interleave("streams", targets, count, measure)
