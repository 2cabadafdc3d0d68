"""The run: reads the arguments, starts everything, measures, reports, stops everything."""

import argparse
import importlib
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from . import bars, machine, portkey, report, svg, tools
from .context import Context, end_progress
from .machine import BenchError
from .peers import Haproxy, Nginx, Portkey
from .targets import Against, Direct, Signalbox, require_program

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ["throughput", "governed", "latency", "tails", "streams", "prompts", "translation", "footprint", "bodies"]


def arguments(argv):
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures Signalbox beside its peers.")
    parser.add_argument("--quick", action="store_true", help="about a minute instead of under ten")
    parser.add_argument("--only", metavar="SCENARIO,…", help="some of " + ", ".join(SCENARIOS))
    parser.add_argument("--gateway", type=Path, metavar="PATH", help="the program to measure")
    parser.add_argument("--against", type=Path, metavar="PATH", help="a second Signalbox; only these two are compared")
    parser.add_argument("--peers-only", action="store_true", help="measure the peers without Signalbox")
    parser.add_argument("--alone", action="store_true", help="load Signalbox without its peers, for a profile")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the chart there")
    parser.add_argument("--strict", action="store_true", help="status 1 when a bar is not met")
    options = parser.parse_args(argv)
    options.scenarios = options.only.split(",") if options.only else SCENARIOS
    unknown = [name for name in options.scenarios if name not in SCENARIOS]
    if unknown:
        parser.error(f"no scenario {', '.join(unknown)}; there are {', '.join(SCENARIOS)}")
    return options


def choose(options, upstream, work_dir, notes):
    """The targets of this run, and a note for each that is missing."""
    kinds = []
    if not options.peers_only:
        Signalbox.program = require_program(options.gateway or ROOT / "build/release/signalbox")
        kinds.append(Signalbox)
    if options.against:
        Against.program = require_program(options.against)
        return [kind(upstream, work_dir) for kind in (Against, *kinds)]
    if options.alone:
        return [kind(upstream, work_dir) for kind in kinds]
    for kind in (Haproxy, Nginx):
        if Path(kind(upstream, work_dir).binary()).is_file():
            kinds.insert(0, kind)
        else:
            notes.append(f"{kind.label}: skipped, not installed")
    Portkey.script, reason = portkey.install(ROOT / "build/bench/portkey")
    if reason:
        notes.append(reason)
    else:
        kinds.append(Portkey)
    return [kind(upstream, work_dir) for kind in (Direct, *kinds)]


def measure(options, work_dir):
    build_dir = ROOT / "build/bench/tools"
    tools.build(ROOT / "bench", build_dir)
    context = Context(tools.Tools(build_dir, work_dir), [], options.quick)
    results = {}
    try:
        context.tools.start_upstream()
        context.targets = choose(options, context.tools.upstream_address, work_dir, context.notes)
        for target in context.targets:
            target.start()
        for name in options.scenarios:
            if name in ("translation", "governed") and (options.peers_only or options.against):
                continue  # Signalboxes of their own
            scenario = importlib.import_module(f".scenarios.{name}", __package__)
            results[name] = scenario.run(context)
    finally:
        end_progress()
        for target in context.targets:
            target.stop()
        context.tools.stop()
    return context, results


def main(argv=None):
    options = arguments(argv)
    begin = time.monotonic()
    work_dir = Path(tempfile.mkdtemp(prefix="signalbox-bench-"))
    work_dir.chmod(0o755)
    try:
        machine.prepare()
        context, results = measure(options, work_dir)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(work_dir, ignore_errors=True)
    context.notes += report.warnings(context.rounds)
    verdicts = [] if options.against or options.peers_only else bars.judge(results, options.quick)
    document = {
        "date": machine.today(),
        "machine": machine.describe(),
        "quick": options.quick,
        "seconds": round(time.monotonic() - begin, 1),
        "results": results,
        "bars": [verdict.as_dict() for verdict in verdicts],
        "notes": context.notes,
        "rounds": context.rounds,
    }
    print(report.text(document, options.against is not None, verdicts))
    if options.json:
        options.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    if options.svg:
        options.svg.write_text(svg.chart(document), encoding="utf-8")
    return 1 if options.strict and any(verdict.met is False for verdict in verdicts) else 0
