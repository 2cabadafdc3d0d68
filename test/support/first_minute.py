"""First-minute mistakes made on purpose: each function makes one with the real program and gives
back everything that a new user would see of it.

Owner: test_first_minute.py, which also compares docs/troubleshooting.md with it.
Names in here are those of the page: the configuration is signalbox.yaml in the working folder.
"""

import contextlib
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from . import scripts
from .certs import Authority
from .client import chat, fetch
from .gateway import BINARY, Gateway, clean_env, edge, run_cli
from .process import eventually
from .upstream import Upstream

SECRET = "sk-stranger-0123456789abcdefghijklmnop"
PORT = 18080  # only ever named, never listened on
BAD_KEY = {"error": {"message": f"Incorrect API key provided: {SECRET}.", "type":
                     "invalid_request_error", "param": None, "code": "invalid_api_key"}}


class Seen:
    """What one mistake showed: terminals, logs, answers of the API."""

    def __init__(self):
        self.terminal: list[str] = []
        self.answers: list = []
        self.log = ""

    def run(self, *args: str, **more) -> subprocess.CompletedProcess:
        done = run_cli(*args, **more)
        self.terminal.append(done.stdout + done.stderr)
        return done

    def ask(self, gateway, *args, **more):
        answer = chat(gateway, *args, **more)
        self.answers.append(answer)
        return answer

    def get(self, gateway, method: str, path: str, *args, **more):
        answer = fetch(gateway, method, path, *args, **more)
        self.answers.append(answer)
        return answer

    def chat_command(self, gateway, *args: str) -> subprocess.CompletedProcess:
        return self.run("chat", "--url", gateway.url, *args)

    @property
    def messages(self) -> list[str]:
        return [answer.json()["error"]["message"] for answer in self.answers
                if answer.status >= 400]

    def text(self) -> str:
        return "\n".join([*self.terminal, self.log, *self.messages])


@contextlib.contextmanager
def folder(**files: str):
    """A working folder with `signalbox.yaml` and the like; names have _ for the last dot."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="signalbox-first-"))
    try:
        for name, text in files.items():
            (path / ".".join(name.rsplit("_", 1))).write_text(text)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def log_with(gateway, words: str) -> str:
    """The log, when `words` have come; as it is when they do not come."""
    eventually(lambda: words in gateway.log())
    return gateway.log()


def serve(seen: Seen, where: pathlib.Path, *args: str, env: dict | None = None):
    """`signalbox serve` that is expected not to start."""
    return seen.run("serve", *args, cwd=str(where), env=env, timeout=15)


@functools.cache
def no_key() -> Seen:
    seen = Seen()
    with folder(signalbox_yaml='providers:\n  openai: {}\n') as here:
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
        (here / "signalbox.yaml").write_text(
            'providers:\n  openai: { key: "${OPENAI_API_KEY}" }\n')
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
    with Gateway() as gateway:
        seen.ask(gateway, "gpt-4o")
        seen.chat_command(gateway, "--model", "gpt-4o", "Hello")
        seen.log = log_with(gateway, "only the built-in")
    return seen


@functools.cache
def wrong_key() -> Seen:
    seen = Seen()
    with Upstream(scripts.answer(BAD_KEY, 401)) as upstream:
        config = edge(upstream.port, key=SECRET)
        config["providers"] = {"openai": config["providers"]["edge"]}
        with Gateway(config) as gateway:
            for _ in range(2):
                seen.ask(gateway, "openai/gpt-4o")
            seen.chat_command(gateway, "--model", "openai/gpt-4o", "Hello")
            seen.log = log_with(gateway, "refuses")
    return seen


@functools.cache
def port_taken() -> Seen:
    seen = Seen()
    with Gateway() as gateway, folder() as here:
        serve(seen, here, "--listen", f"127.0.0.1:{gateway.port}")
    return seen


@functools.cache
def two_on_one_data_directory() -> Seen:
    seen = Seen()
    with Gateway() as gateway, folder() as here:
        (here / "data").symlink_to(gateway.data)
        serve(seen, here, "--listen", "127.0.0.1:0")
    return seen


TYPOS = """\
server:
  lisen: "127.0.0.1:8080"
  port: 8080
provider:
  openai: { key: none }
providers:
  edge: { api_base: "http://127.0.0.1:9001/v1", timeouts: { connect: soon } }
"""


@functools.cache
def typo() -> Seen:
    seen = Seen()
    with folder(signalbox_yaml=TYPOS) as here:
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
        seen.run("config", "check", "signalbox.yaml", cwd=str(here))
        (here / "signalbox.yaml").write_text('server:\n\tlisten: "127.0.0.1:8080"\n')
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
        (here / "signalbox.yaml").unlink()
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
    return seen


@functools.cache
def provider_down() -> Seen:
    seen = Seen()
    with Upstream() as upstream:
        port = upstream.port
    with Gateway(edge(port)) as gateway:
        for _ in range(2):
            seen.ask(gateway)
        seen.chat_command(gateway, "--model", "edge/m", "Hello")
        seen.log = log_with(gateway, "reached")
    return seen


def server_context(cert: str, key: str):
    import ssl
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


NAMES = "DNS:localhost,IP:127.0.0.1"


@functools.cache
def expired_at_the_provider() -> Seen:
    seen = Seen()
    with folder() as here:
        authority = Authority(here)
        with Upstream(tls=server_context(*authority.sign("old", NAMES, days=-1))) as upstream:
            url = f"https://localhost:{upstream.port}/v1"
            with Gateway(edge(upstream.port, base_url=url, ca=authority.pem)) as gateway:
                seen.ask(gateway)
                seen.log = gateway.log()
        with Upstream(tls=server_context(*authority.sign("new", NAMES))) as upstream:
            url = f"https://localhost:{upstream.port}/v1"
            with Gateway(edge(upstream.port, base_url=url)) as gateway:
                seen.ask(gateway)
    return seen


@functools.cache
def expired_of_our_own() -> Seen:
    seen = Seen()
    with folder() as here:
        authority = Authority(here)
        cert, key = authority.sign("cert", NAMES, days=-1)
        config = f'server: {{ tls: {{ cert: "{cert}", key: "{key}" }} }}\n'
        with Gateway(config) as gateway:
            seen.log = log_with(gateway, "expired").replace(f"{here}/", "")
            seen.run("chat", "--url", f"https://localhost:{gateway.port}", "--ca", authority.pem,
                     "Hello")
    return seen


@functools.cache
def wrong_model() -> Seen:
    seen = Seen()
    with Upstream() as upstream:
        config = edge(upstream.port, models=["llama-4-scout"])
        config["models"] = {"fast": {"targets": ["edge/llama-4-scout"]}}
        with Gateway(config) as gateway:
            seen.ask(gateway, "fats")
            seen.ask(gateway, "mistral-large")
            upstream.default = scripts.answer(
                {"error": {"message": "The model `llama-5` does not exist", "type":
                           "invalid_request_error", "param": None, "code": "model_not_found"}}, 404)
            seen.ask(gateway, "edge/llama-5")
            seen.chat_command(gateway, "--model", "fats", "Hello")
    return seen


@contextlib.contextmanager
def small_disk(kib: int):
    """A file system of so many KiB; None where the system does not let us mount one."""
    path = tempfile.mkdtemp(prefix="signalbox-disk-")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", path],
                             capture_output=True).returncode == 0
    try:
        yield path if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", path], check=True)
        os.rmdir(path)


def fill(disk: str) -> str:
    """Leaves not a byte free; the file that does it."""
    path = os.path.join(disk, "filling")
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return path


SMALL = {"server": {"workers": 1}, "ledger": {"ring": "1MiB"}}


@functools.cache
def full_disk() -> Seen | None:
    """At the start, while running, and when there is room again; None where none can be made."""
    seen = Seen()
    with folder() as here:  # what `ulimit -f` forbids is told in the same way
        done = subprocess.run(["sh", "-c", 'ulimit -f 64; exec "$0" serve --listen 127.0.0.1:0',
                               BINARY], cwd=here, capture_output=True, text=True, timeout=15,
                              env=clean_env())
        seen.limited = done
    with small_disk(1024) as disk:
        if disk is None:
            return None
        with folder() as here:
            (here / "data").symlink_to(disk)
            assert serve(seen, here, "--listen", "127.0.0.1:0").returncode == 1
    with small_disk(4096) as disk:
        with Gateway(SMALL, data=disk) as gateway:
            assert seen.ask(gateway, "sim/echo").status == 200
            filling = fill(disk)
            for _ in range(5):  # some more than fit into the last block of the archive
                done = run_cli("bench", "--url", gateway.url, "-n", "100", "-j", "2")
                assert done.returncode == 0, done.stderr
            eventually(lambda: "cannot be written" in gateway.log(), 5)
            time.sleep(1.2)  # it tries again every second, and is to say nothing new
            assert seen.ask(gateway, "sim/echo").status == 200
            os.unlink(filling)
            eventually(lambda: "can be written again" in gateway.log(), 10)
            seen.log = gateway.log()
            seen.ask(gateway, "sim/echo")
            seen.settled = len(gateway.settlements())
    return seen


def _without_network():
    """Runs in a network of its own that has nothing but loopback; prints what was seen."""
    seen = Seen()
    config = {"server": {"workers": 1},
              "providers": {"openai": {"key": SECRET, "timeouts": {"connect": "2s"}}}}
    with Gateway(config) as gateway:
        seen.ask(gateway, "gpt-4o", timeout=30)
        seen.log = log_with(gateway, "reached")
    print(json.dumps({"log": seen.log, "messages": seen.messages,
                      "status": seen.answers[0].status}))


@functools.cache
def no_network() -> dict | None:
    command = ("ip link set lo up && exec " + sys.executable +
               " -c 'from support import first_minute as f; f._without_network()'")
    done = subprocess.run(["unshare", "--net", "--map-root-user", "sh", "-c", command],
                          cwd=pathlib.Path(__file__).parents[1], capture_output=True, text=True,
                          env=dict(clean_env(), SIGNALBOX_BIN=BINARY), timeout=60)
    if "unshare:" in done.stderr or "ip:" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


OLD = """\
config_version: 99
server: { listen: "127.0.0.1:8080" }
providers:
  edge: { url: "http://127.0.0.1:9001/v1", api_key: none }
"""


@functools.cache
def old_configuration() -> Seen:
    seen = Seen()
    with folder(signalbox_yaml=OLD) as here:
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
    return seen


@functools.cache
def wrong_base_url() -> Seen:
    """Of the client, and of the provider."""
    seen = Seen()
    with Upstream(scripts.answer(b"<html>nothing here</html>", 404)) as upstream, \
            Gateway(edge(upstream.port)) as gateway:
        seen.get(gateway, "POST", "/v1/v1/chat/completions", b"{}")
        seen.get(gateway, "POST", "/chat/completions", b"{}")
        seen.get(gateway, "GET", "/v1/chat/completions")
        upstream.default = scripts.raw(scripts.whole(b"<html>no</html>", 404, kind="text/html"))
        seen.ask(gateway)
    return seen


@functools.cache
def http_or_https() -> Seen:
    seen = Seen()
    with folder() as here:
        authority = Authority(here)
        cert, key = authority.sign("cert", NAMES)
        config = f'server: {{ tls: {{ cert: "{cert}", key: "{key}" }} }}\n'
        with Gateway(config) as gateway:
            seen.get(gateway, "GET", "/v1/models")
        with Gateway() as gateway:
            seen.run("chat", "--url", f"https://127.0.0.1:{gateway.port}", "Hello")
            url = f"https://127.0.0.1:{gateway.port}/v1"
            with Gateway(edge(0, base_url=url)) as before:
                seen.ask(before)
    return seen


@functools.cache
def access_key() -> Seen:
    seen = Seen()
    with Gateway({"server": {"workers": 1}, "access": {"key": SECRET}}) as gateway:
        seen.ask(gateway, "auto")
        seen.ask(gateway, "auto", headers=[("Authorization", "Bearer sk-some-providers-key")])
        seen.chat_command(gateway, "Hello")
    return seen


@functools.cache
def from_another_machine() -> Seen:
    seen = Seen()
    with folder() as here:
        assert serve(seen, here, "--listen", "0.0.0.0:8080").returncode == 2
    with Gateway() as gateway:
        seen.get(gateway, "GET", "/v1/models", host="gateway.example.org")
    return seen


@functools.cache
def secret_file() -> Seen:
    seen = Seen()
    with folder(signalbox_yaml='providers:\n  openai: { key: { file: openai.key } }\n') as here:
        assert serve(seen, here, "--config", "signalbox.yaml").returncode == 2
    return seen
