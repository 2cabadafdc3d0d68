"""The benchmark's own programs: built on demand, the load generator run and read."""

import json
import os
import shutil
import subprocess
import time

from . import machine
from .accounting import Meter
from .machine import BenchError
from .process import Process

HEADROOM_S = 60


def build(source, build_dir):
    """Builds bench_upstream and bench_load with CMake; a second call costs a fraction of a second."""
    compiler = shutil.which("clang++-19") or shutil.which("g++") or ""
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    steps = [
        ["cmake", "-S", source, "-B", build_dir, *generator, f"-DCMAKE_CXX_COMPILER={compiler}"],
        ["cmake", "--build", build_dir, "--target", "bench_tools", "--parallel", "2"],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError(f"{' '.join(map(str, step))} failed:\n{done.stdout}{done.stderr}")


class Tools:
    def __init__(self, build_dir, work_dir):
        self.load_program = build_dir / "bench_load"
        self.upstream_program = build_dir / "bench_upstream"
        self.work_dir = work_dir
        self.upstream = None
        self.upstream_address = None

    def start_upstream(self):
        self.upstream = Process([self.upstream_program], machine.LOAD_CORE, self.work_dir / "upstream.log")
        self.upstream_address = self.upstream.wait_for_line("listening on ")

    def stop(self):
        if self.upstream:
            self.upstream.stop()

    def load(self, mode, target, route=None, **flags):
        """Runs the load generator against a target; its figures and what the target used.

        `route` asks a target for another address than the mode's own. A run that hangs is ended
        after the time it asked for and some headroom.
        """
        command = [self.load_program, mode, "--target", target.address(route or mode), "--model", target.model]
        if target.headers:
            command += ["--headers", "|".join(target.headers)]
        for name, value in flags.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        meter = Meter(target.pids(), [self.upstream.popen.pid])
        meter.start()
        before, begin = os.times(), time.monotonic()
        limit = float(flags.get("seconds", 30)) + HEADROOM_S
        figures = self._run(command, limit)
        after, seconds = os.times(), time.monotonic() - begin
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return {**figures, **meter.stop(int(used * 1e9), seconds)}

    @staticmethod
    def _run(command, limit):
        try:
            done = subprocess.run(
                [str(part) for part in command],
                capture_output=True,
                text=True,
                timeout=limit,
                check=False,
                preexec_fn=lambda: os.sched_setaffinity(0, {machine.LOAD_CORE}),
            )
        except subprocess.TimeoutExpired as late:
            raise BenchError(f"the load generator did not end within {limit:.0f} s") from late
        if done.returncode != 0:
            raise BenchError(f"the load generator failed: {done.stderr.strip()}")
        return json.loads(done.stdout)
