"""What every scenario is handed, and how rounds are interleaved."""

import statistics
import sys
from dataclasses import dataclass, field

from .tools import Tools


@dataclass
class Context:
    tools: Tools
    targets: list  # started, idle but for the one being measured
    quick: bool
    notes: list = field(default_factory=list)
    rounds: list = field(default_factory=list)  # every single measurement, for the JSON file

    def gateways(self):
        return [target for target in self.targets if target.pids()]

    def heavy(self):
        """Gateways for the scenarios at full size; the others are named in the notes."""
        return [target for target in self.gateways() if target.heavy]

    def interleave(self, scenario, targets, count, measure):
        """Runs A B C, C B A, A B C, … and returns {label: {field: median}}."""
        samples = {target.label: [] for target in targets}
        for number in range(count):
            for target in targets if number % 2 == 0 else reversed(targets):
                progress(f"{scenario}: round {number + 1}/{count}, {target.label}")
                figures = measure(target)
                samples[target.label].append(figures)
                self.rounds.append({"scenario": scenario, "target": target.label, **figures})
        return {label: medians(found) for label, found in samples.items()}


def medians(samples):
    return {name: statistics.median(sample[name] for sample in samples) for name in samples[0]}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def end_progress():
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
