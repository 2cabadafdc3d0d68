"""What is measured: one class per gateway, each with its own temporary configuration."""

import tempfile
from pathlib import Path

from . import machine
from .machine import BenchError
from .process import Process, free_port, wait_for_port


class Target:
    """A gateway that can be started, asked and stopped. `label` names it in tables."""

    label = ""
    model = "gpt-4o-mini"
    headers = ()
    heavy = True  # takes part in the streams, bodies and prompts scenarios at full size

    def __init__(self, upstream, work_dir):
        self.upstream = upstream
        self.dir = Path(tempfile.mkdtemp(prefix=self.label.lower() + "-", dir=work_dir))
        self.dir.chmod(0o755)
        self.process = None
        self.port = 0

    def start(self):
        self.port = free_port()
        self._start(self.dir / "log")
        wait_for_port(self.port, self.process)

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def fresh(self):
        """Another one of the same kind, not started."""
        return type(self)(self.upstream, self.dir.parent)

    def pids(self):
        return self.process.pids() if self.process else []

    def address(self, _route):
        return f"127.0.0.1:{self.port}"

    def binary(self):
        return None

    def _spawn(self, command, log, env=None):
        self.process = Process(command, machine.GATEWAY_CORE, log, env)

    def _write(self, name, text):
        path = self.dir / name
        path.write_text(text, encoding="utf-8")
        return path


class Direct(Target):
    """No gateway: the load generator talks to the upstream."""

    label = "direct"

    def start(self):
        pass

    def address(self, _route):
        return self.upstream


SIGNALBOX_CONFIG = """server: {{ workers: 1 }}
providers:
  edge: {{ type: openai, base_url: "http://{upstream}/v1", key: none }}
"""


class Signalbox(Target):
    """The gateway under test, journal and metrics on, as they are without being asked for."""

    label = "Signalbox"
    model = "edge/gpt-4o-mini"
    program = None  # Path, set by main()

    def start(self):
        config = self._write("signalbox.yaml", SIGNALBOX_CONFIG.format(upstream=self.upstream))
        command = [self.program, "serve", "--config", config, "--listen", "127.0.0.1:0"]
        self._spawn([*command, "--data", self.dir / "data"], self.dir / "log")
        self.port = int(self.process.wait_for_line("listening on http://").rstrip("/").rsplit(":", 1)[1])

    def binary(self):
        return self.program


class Against(Signalbox):
    """A second Signalbox binary, to compare a change with what was before it."""

    label = "before"
    program = None


def require_program(path):
    if not path.is_file():
        raise BenchError(f"there is no gateway at {path}; build it first (./dev build) or name one with --gateway")
    return path.resolve()
