"""The chart for the README: bars per target in a few panels, drawn by hand, light and dark."""

from html import escape

MIB = 1 << 20
WIDTH, LABEL, VALUE, ROW, PANEL_GAP = 820, 92, 86, 22, 34
COLUMN = WIDTH // 2

STYLE = """
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 13px } .small { fill: #57606a; font-size: 11px }
  .other { fill: #8c959f } .ours { fill: #0969da } .oursText { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .other { fill: #6e7681 } .ours { fill: #4493f8 }
  }
"""

# (title, scenario, field, divisor, format)
PANELS = [
    ("CPU per request, µs (less is better)", "throughput", "cpu_us_per_request", 1, "{:,.1f}"),
    ("Requests per second, one core", "throughput", "requests_per_second", 1, "{:,.0f}"),
    ("One connection, p50 µs", "latency", "latency_p50_us", 1, "{:,.0f}"),
    ("p99 at 60 % of own ceiling, µs", "tails", "latency_p99_us", 1, "{:,.0f}"),
    ("1,000 streams: CPU per frame, µs", "streams", "cpu_us_per_frame", 1, "{:,.1f}"),
    ("1,000 streams: time to first frame, p50 µs", "streams", "first_frame_p50_us", 1, "{:,.0f}"),
    ("100K-token prompt: CPU per request, µs", "prompts", "cpu_us_per_request", 1, "{:,.0f}"),
    ("150 KB × 1,500 connections: peak MiB", "bodies", "peak_bytes", MIB, "{:,.0f}"),
    ("Memory after 1,000 requests, MiB", "footprint", "idle_bytes", MIB, "{:,.1f}"),
    ("Start to first answer, ms", "footprint", "start_ms", 1, "{:,.0f}"),
]


def chart(document):
    panels = [panel for panel in (_panel(document["results"], *spec) for spec in PANELS) if panel]
    parts, y = [], 16
    for left in range(0, len(panels), 2):
        pair = panels[left : left + 2]
        for column, (title, rows) in enumerate(pair):
            parts.append(_draw(title, rows, column * COLUMN, y))
        y += max(len(rows) for _, rows in pair) * ROW + PANEL_GAP
    footer = f"{document['date']} · {document['machine']} · gateway on one core, load and upstream on another"
    if document["quick"]:
        footer += " · quick run"
    parts.append(f'<text class="small" x="8" y="{y + 4}">{escape(footer)}</text>')
    height = y + 16
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="Signalbox measured beside other gateways">\n<style>{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _panel(results, title, scenario, field, divisor, form):
    """The title and (label, value, text) of every target that has the figure."""
    rows = [
        (label, figures[field] / divisor, form.format(figures[field] / divisor))
        for label, figures in results.get(scenario, {}).items()
        if figures.get(field)
    ]
    return (title, rows) if rows else None


def _draw(title, rows, x, y):
    """Bars on a linear scale; one over 4 × the median bar is cut and says so by a gap."""
    values = sorted(value for _, value, _ in rows)
    full = min(values[-1], 4 * values[len(values) // 2])
    room = COLUMN - LABEL - VALUE - 16
    parts = [f'<text class="title" x="{x + 8}" y="{y + 6}">{escape(title)}</text>']
    for index, (label, value, text) in enumerate(rows):
        top = y + 14 + index * ROW
        ours = label == "Signalbox"
        width = max(2.0, room * min(value, full) / full)
        parts.append(f'<text class="{"oursText" if ours else ""}" x="{x + 8}" y="{top + 12}">{escape(label)}</text>')
        bar = f'class="{"ours" if ours else "other"}" y="{top}" height="15"'
        if value > full:
            parts.append(f'<rect {bar} x="{x + LABEL}" width="{room - 14:.1f}" rx="2"/>')
            parts.append(f'<rect {bar} x="{x + LABEL + room - 10}" width="10" rx="2"/>')
        else:
            parts.append(f'<rect {bar} x="{x + LABEL}" width="{width:.1f}" rx="2"/>')
        shown = min(width, room)
        parts.append(
            f'<text class="{"oursText" if ours else ""}" x="{x + LABEL + shown + 6:.1f}" y="{top + 12}">{text}</text>'
        )
    return "\n".join(parts)
