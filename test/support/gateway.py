"""The real program under test: started with its own configuration and data, stopped by pid.

Owner:   one test or one fixture; `with Gateway(...) as gateway`.
Errors:  a program that does not say `listening on` in time raises with its whole log.
"""

import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from . import process, yaml_text

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SIGNALBOX_BIN", str(ROOT / "build" / "release" / "signalbox"))
LISTENING = re.compile(r"listening on (https?)://\[?([^\]\s]+?)\]?:(\d+)")
SANITIZER = re.compile(r"(ERROR|WARNING): \w+Sanitizer|runtime error:")
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
             "LSAN_OPTIONS", "LD_LIBRARY_PATH")


def clean_env(extra: dict | None = None) -> dict:
    """Without the machine's provider keys: a key in the environment adds a provider."""
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    env.update(extra or {})
    return env


def run_cli(*args: str, stdin: str | bytes = "", env: dict | None = None, timeout: float = 20,
            cwd: str | None = None) -> subprocess.CompletedProcess:
    """Runs `signalbox ARGS` to its end and returns its output as text."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run([BINARY, *args], input=data, capture_output=True, timeout=timeout,
                          env=clean_env(env), cwd=cwd)
    done.stdout = done.stdout.decode("utf-8", "replace")
    done.stderr = done.stderr.decode("utf-8", "replace")
    return done


def edge(upstream_port: int, **settings) -> dict:
    """The usual configuration: one OpenAI-compatible provider `edge` on a fake upstream."""
    provider = {"type": "openai", "base_url": f"http://127.0.0.1:{upstream_port}/v1",
                "key": "none"}
    provider.update(settings)
    return {"server": {"workers": 1}, "providers": {"edge": provider}}


def alone(config: dict) -> dict:
    """Nothing is tried twice and nothing is left alone after it failed: one request is one call,
    whatever the one before it met."""
    return {**config, "retry": {"attempts": 1},
            "breaker": {"failures": 10_000, "min_calls": 100_000}}


def fleet(ports: dict, *, model: str = "m", **settings) -> dict:
    """Providers by name, each on a fake upstream, and the alias `any`: one after the other."""
    providers = {name: {"type": "openai", "base_url": f"http://127.0.0.1:{port}/v1", "key": "none",
                        **settings} for name, port in ports.items()}
    return {"server": {"workers": 1}, "providers": providers,
            "models": {"any": {"targets": [f"{name}/{model}" for name in ports]}}}


class Gateway:
    def __init__(self, config: dict | str | None = None, *, args=(), env=None, nofile=None,
                 data: str | None = None, listen: str | None = "127.0.0.1:0"):
        self.folder = tempfile.mkdtemp(prefix="signalbox-test-")
        self.data = data or os.path.join(self.folder, "data")
        self.config = config
        self.args = list(args)
        self.env = clean_env(env)
        self.nofile = nofile
        self.program = BINARY
        self.pass_fds: tuple[int, ...] = ()
        self.listen = listen
        self.child: subprocess.Popen | None = None
        self.lines: list[str] = []
        self.scheme = self.host = ""
        self.port = 0
        self.started_in = 0.0

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def command(self) -> list[str]:
        command = [self.program, "serve", "--data", self.data]
        if self.listen:
            command += ["--listen", self.listen]
        if self.config is not None:
            path = os.path.join(self.folder, "signalbox.yaml")
            text = self.config if isinstance(self.config, str) else yaml_text.dump(self.config)
            pathlib.Path(path).write_text(text)
            command += ["--config", path]
        return command + self.args

    def _limit(self):
        if self.nofile:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.nofile, self.nofile))

    def start(self, timeout: float = 20):
        ready = threading.Event()
        begun = time.monotonic()
        self.child = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=self.env, cwd=self.folder, pass_fds=self.pass_fds,
            preexec_fn=self._limit if self.nofile else None)
        child = self.child

        def read():
            for raw in child.stdout:
                line = raw.decode("utf-8", "replace")
                self.lines.append(line)
                found = LISTENING.search(line)
                if found and not ready.is_set():
                    self.scheme, self.host = found.group(1), found.group(2)
                    self.port = int(found.group(3))
                    self.started_in = time.monotonic() - begun
                    ready.set()
            ready.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.port = 0
        self.reader.start()
        ready.wait(timeout)
        if not self.port:
            self.kill()
            raise RuntimeError(f"signalbox did not start: {self.command()}\n{self.log()}")
        return self

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def log(self) -> str:
        return "".join(self.lines)

    def alive(self) -> bool:
        return self.child.poll() is None

    def terminate(self, timeout: float = 20) -> int:
        """SIGTERM and the exit code; a program that hangs is killed and reported as -9."""
        if self.alive():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def kill(self):
        """SIGKILL: what a power cut does to the process, but not to the kernel's pages."""
        if self.alive():
            self.child.kill()
        self.child.wait()
        self.reader.join(2)
        self.child.stdout.close()

    def close(self):
        if self.child and self.alive():
            for patience in (1, 5):  # the second signal ends the drain
                self.child.send_signal(signal.SIGTERM)
                try:
                    self.child.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    pass
        if self.child:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        found = SANITIZER.search(self.log())
        assert not found, f"a sanitizer reports:\n{self.log()[found.start():][:5000]}"

    def ledger(self) -> list[dict]:
        """Every journal record, oldest first."""
        done = run_cli("ledger", "tail", "--data", self.data, "--json", timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"ledger tail: {done.returncode}\n{done.stdout}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    def settlements(self) -> list[dict]:
        return [record for record in self.ledger() if record["type"] == "settlement"]

    def rss_kib(self) -> int:
        return process.rss_kib(self.pid)

    def fd_count(self) -> int:
        return process.fd_count(self.pid)
