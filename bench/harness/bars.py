"""The figures the project has promised to reach, and whether this run reached them."""

from dataclasses import asdict, dataclass

MIB = 1 << 20
OURS = "Signalbox"


@dataclass
class Verdict:
    bar: str
    measured: str
    met: bool | None  # None: this run cannot tell

    def as_dict(self):
        return asdict(self)


def judge(results, quick):
    """One verdict per bar of the scenarios that ran."""
    verdicts = []
    for scenario, bars in BARS.items():
        if scenario not in results:
            continue
        for text, peer, value, limit, form in bars:
            ours = results[scenario].get(SUBJECTS.get(text, OURS))
            theirs = results[scenario].get(peer) if peer else {}
            verdicts.append(_verdict(text, ours, theirs, value, limit, form, quick))
    return verdicts


def _verdict(text, ours, theirs, value, limit, form, quick):
    if ours is None or theirs is None:
        return Verdict(text, "not measured", None)
    try:
        found = value(ours, theirs)
    except KeyError:
        return Verdict(text, "not measured with --quick" if quick else "not measured", None)
    return Verdict(text, form.format(found), limit(found))


def _ratio(field):
    return lambda ours, theirs: ours[field] / max(theirs[field], 1e-9)


def _difference(field):
    return lambda ours, theirs: ours[field] - theirs[field]


def _more(field):
    return lambda ours, theirs: ours[field] / max(theirs[field], 1e-9) - 1


def _own(field, unit=1):
    return lambda ours, _: ours[field] / unit


def _at_most(bound):
    return lambda found: found <= bound


def _at_least(bound):
    return lambda found: found >= bound


def _lost_answers(ours, _):
    return ours["refused"] + ours["broken"]


def _lost_frames(ours, _):
    return ours["frames_expected"] - ours["frames"]


def _imperfect_streams(ours, _):
    return 2 * ours["streams"] - ours["clean"] - ours["with_usage"]


# What a bar is about where it is not Signalbox as it is without being told anything.
SUBJECTS = {
    "governed CPU per request ≤ 1.2 × nginx": "miss",
    "an exact hit ≤ 0.6 × nginx": "hit",
    "a miss costs ≤ 3 % of it": "miss",
    "100,000 keys and budgets: < 10 % more": "miss, many",
    "governed: every request answered": "miss",
} | {
    f"{client} → {upstream}: {what}": f"{client} → {upstream}"
    for client, upstream in (("anthropic", "openai"), ("openai", "anthropic"))
    for what in ("CPU per request ≤ 1.4 ×", "CPU per frame + ≤ 1 µs", "every stream answered")
}


def _translation(client, upstream):
    own = f"{client} → {client}"
    name = f"{client} → {upstream}"
    return [
        (f"{name}: CPU per request ≤ 1.4 ×", own, _ratio("cpu_us_per_request"), _at_most(1.4), "{:.2f} ×"),
        (f"{name}: CPU per frame + ≤ 1 µs", own, _difference("cpu_us_per_frame"), _at_most(1), "{:+.2f} µs"),
        (f"{name}: every stream answered", None, _own("streams_lost"), _at_most(0), "{:.0f} lost"),
    ]


# scenario: (bar, the peer it is measured against, value, limit, how it is printed)
BARS = {
    "throughput": [
        ("CPU per request ≤ 1.05 × nginx", "nginx", _ratio("cpu_us_per_request"), _at_most(1.05), "{:.2f} ×"),
        ("requests/s ≥ 0.9 × nginx", "nginx", _ratio("requests_per_second"), _at_least(0.9), "{:.2f} ×"),
        ("requests/s ≥ 50 × Portkey", "Portkey", _ratio("requests_per_second"), _at_least(50), "{:.0f} ×"),
        ("every request answered", None, _lost_answers, _at_most(0), "{:.0f} lost"),
    ],
    "governed": [
        ("governed CPU per request ≤ 1.2 × nginx", "nginx", _ratio("cpu_us_per_request"), _at_most(1.2), "{:.2f} ×"),
        ("an exact hit ≤ 0.6 × nginx", "nginx", _ratio("cpu_us_per_request"), _at_most(0.6), "{:.2f} ×"),
        ("a miss costs ≤ 3 % of it", "no cache", _more("cpu_us_per_request"), _at_most(0.03), "{:+.1%}"),
        ("100,000 keys and budgets: < 10 % more", "miss", _more("cpu_us_per_request"), _at_most(0.1), "{:+.1%}"),
        ("governed: every request answered", None, _lost_answers, _at_most(0), "{:.0f} lost"),
    ],
    "latency": [
        ("one connection, p50 ≤ nginx + 10 µs", "nginx", _difference("latency_p50_us"), _at_most(10), "{:+.1f} µs"),
    ],
    "tails": [
        ("p99 ≤ 1 ms at 60 % of the ceiling", None, _own("latency_p99_us", 1000), _at_most(1), "{:.2f} ms"),
    ],
    "streams": [
        ("every frame of 1,000 streams", None, _lost_frames, _at_most(0), "{:.0f} lost"),
        ("every stream clean, usage in each", None, _imperfect_streams, _at_most(0), "{:.0f} not"),
        ("no stall over 10 × pace", None, _own("worst_gap_paces"), _at_most(10), "{:.1f} ×"),
        ("streams in ≤ 100 MiB", None, _own("peak_bytes", MIB), _at_most(100), "{:.0f} MiB"),
        ("CPU per frame ≤ 1.0 × nginx", "nginx", _ratio("cpu_us_per_frame"), _at_most(1.0), "{:.2f} ×"),
        (
            "time to first frame, p50 ≤ nginx + 20 µs",
            "nginx",
            _difference("first_frame_p50_us"),
            _at_most(20),
            "{:+.0f} µs",
        ),
    ],
    "prompts": [
        ("100K-token prompt: CPU ≤ 1.5 × nginx", "nginx", _ratio("cpu_us_per_request"), _at_most(1.5), "{:.2f} ×"),
    ],
    "translation": _translation("anthropic", "openai") + _translation("openai", "anthropic"),
    "bodies": [
        ("150 KB × 1,500: peak ≤ 300 MiB", None, _own("peak_bytes", MIB), _at_most(300), "{:.0f} MiB"),
        ("every body answered", None, _lost_answers, _at_most(0), "{:.0f} lost"),
        ("60 s later within 5 % of idle", None, _own("rest_over_idle"), _at_most(1.05), "{:.3f} ×"),
    ],
    "footprint": [
        ("after 1,000 requests, idle: ≤ 16 MiB", None, _own("idle_bytes", MIB), _at_most(16), "{:.1f} MiB"),
        ("start to first answer ≤ 100 ms", None, _own("start_ms"), _at_most(100), "{:.0f} ms"),
        ("stripped program ≤ 25 MiB", None, _own("binary_bytes", MIB), _at_most(25), "{:.1f} MiB"),
    ],
}
