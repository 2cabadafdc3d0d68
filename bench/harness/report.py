"""The table on the terminal."""

import importlib
import statistics

MIB = 1 << 20
FOREIGN_LIMIT = 0.05

# scenario: (heading, field, divisor, decimals)
COLUMNS = {
    "throughput": [
        ("CPU µs/req", "cpu_us_per_request", 1, 2),
        ("req/s", "requests_per_second", 1, 0),
        ("p50 µs", "latency_p50_us", 1, 0),
        ("p99 µs", "latency_p99_us", 1, 0),
        ("shipping µs", "shipping_us_per_request", 1, 2),
        ("core 1 %", "load_core_share", 0.01, 0),
    ],
    "governed": [
        ("CPU µs/req", "cpu_us_per_request", 1, 2),
        ("req/s", "requests_per_second", 1, 0),
        ("p50 µs", "latency_p50_us", 1, 0),
        ("p99 µs", "latency_p99_us", 1, 0),
        ("shipping µs", "shipping_us_per_request", 1, 2),
        ("core 1 %", "load_core_share", 0.01, 0),
    ],
    "latency": [
        ("p50 µs", "latency_p50_us", 1, 1),
        ("p90 µs", "latency_p90_us", 1, 1),
        ("p99 µs", "latency_p99_us", 1, 1),
        ("max µs", "latency_max_us", 1, 0),
    ],
    "tails": [
        ("p99 µs", "latency_p99_us", 1, 0),
        ("p50 µs", "latency_p50_us", 1, 0),
        ("p99.9 µs", "latency_p999_us", 1, 0),
        ("sent late p99", "lateness_p99_us", 1, 0),
        ("rate", "rate", 1, 0),
    ],
    "streams": [
        ("CPU µs/frame", "cpu_us_per_frame", 1, 2),
        ("frames", "frames", 1, 0),
        ("of", "frames_expected", 1, 0),
        ("clean", "clean", 1, 0),
        ("TTFT p50 µs", "first_frame_p50_us", 1, 0),
        ("TTFT p99", "first_frame_p99_us", 1, 0),
        ("frame p99", "travel_p99_us", 1, 0),
        ("gap × pace", "worst_gap_paces", 1, 1),
        ("peak MiB", "peak_bytes", MIB, 1),
    ],
    "prompts": [
        ("CPU µs/req", "cpu_us_per_request", 1, 1),
        ("req/s", "requests_per_second", 1, 0),
        ("p99 µs", "latency_p99_us", 1, 0),
        ("lost", "broken", 1, 0),
        ("core 1 %", "load_core_share", 0.01, 0),
    ],
    "translation": [
        ("CPU µs/req", "cpu_us_per_request", 1, 2),
        ("CPU µs/frame", "cpu_us_per_frame", 1, 3),
        ("req/s", "requests_per_second", 1, 0),
        ("lost", "broken", 1, 0),
    ],
    "bodies": [
        ("peak MiB", "peak_bytes", MIB, 1),
        ("idle MiB", "idle_bytes", MIB, 1),
        ("60 s later", "rest_bytes", MIB, 1),
        ("held", "held", 1, 0),
        ("answered", "requests", 1, 0),
    ],
    "footprint": [
        ("idle MiB", "idle_bytes", MIB, 1),
        ("start ms", "start_ms", 1, 1),
        ("size MiB", "binary_bytes", MIB, 1),
    ],
}


def text(document, against, verdicts):
    lines = [f"{document['date']}, {document['machine']}; took {document['seconds']:.0f} s"]
    base = "before" if against else "nginx"
    for scenario, rows in document["results"].items():
        lines += ["", *_table(scenario, rows, base)]
    if verdicts:
        lines += ["", *_bars(verdicts)]
    if document["notes"]:
        lines += ["", *(f"! {note}" for note in document["notes"])]
    return "\n".join(lines)


def _table(scenario, rows, base):
    """One line per target; `× base` is the first column against the base's."""
    columns = COLUMNS[scenario]
    title = importlib.import_module(f".scenarios.{scenario}", __package__).TITLE
    yield f"{scenario}: {title}"
    headings = [heading for heading, *_ in columns] + [f"× {base}"]
    yield " " * 10 + "".join(f"{heading:>{max(11, len(heading) + 2)}}" for heading in headings)
    for label, figures in rows.items():
        cells = [_cell(figures, field, divisor, decimals) for _, field, divisor, decimals in columns]
        cells.append(_ratio(figures, rows.get(base), columns[0][1]))
        padded = (f"{cell:>{max(11, len(heading) + 2)}}" for cell, heading in zip(cells, headings))
        yield f"{label:<10}" + "".join(padded)


def _cell(figures, field, divisor, decimals):
    value = figures.get(field)
    if value is None or (value == 0 and ("cpu" in field or "bytes" in field)):
        return "–"
    return f"{value / divisor:,.{decimals}f}"


def _ratio(figures, base, field):
    if not base or not base.get(field) or not figures.get(field):
        return "–"
    return f"{figures[field] / base[field]:.3f}"


def _bars(verdicts):
    signs = {True: "met", False: "NOT MET", None: "not known"}
    width = max(len(verdict.bar) for verdict in verdicts)
    yield "bars"
    for verdict in verdicts:
        yield f"  {verdict.bar:<{width}}  {verdict.measured:>26}  {signs[verdict.met]}"


def warnings(rounds):
    """Sentences about what makes this run's figures doubtful."""
    found = []
    for field, who in (("foreign_share", "other processes"), ("stolen_share", "the hypervisor")):
        shares = [row[field] for row in rounds if field in row]
        if shares and statistics.median(shares) > FOREIGN_LIMIT:
            share = statistics.median(shares)
            found.append(f"{who} took {share:.0%} of the two cores: these figures are noisy")
    for row in rounds:
        if row["scenario"] in ("throughput", "governed", "prompts", "tails") and row["refused"] + row["broken"] > 0:
            found.append(
                f"{row['target']}, {row['scenario']}: {row['refused']:.0f} refused, {row['broken']:.0f} broken"
            )
    return found
