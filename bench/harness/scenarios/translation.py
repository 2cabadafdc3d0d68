"""Requests between two dialects beside the same ones within one: CPU per request and per streamed frame."""

import json
import tempfile
from pathlib import Path

from .. import machine
from ..process import Process
from ..targets import Signalbox

TITLE = "OpenAI and Anthropic, each to each, 32 connections"
CONNECTIONS = 32
FRAMES = 200
QUESTION = "In two sentences, explain why a signal box locks its levers against each other."
PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages"}
MODELS = {"openai": "edge/gpt-4o-mini", "anthropic": "claude/claude-sonnet-4-5"}
CONFIG = """server: {{ workers: 1 }}
providers:
  edge: {{ type: openai, base_url: "http://{openai}/v1", key: none }}
  claude: {{ type: anthropic, base_url: "http://{anthropic}", key: none }}
"""


def body(client, upstream, streamed):
    fields = {"model": MODELS[upstream]}
    if streamed:
        fields |= {"stream": True, "max_tokens": FRAMES}
        if client == "openai":
            fields["stream_options"] = {"include_usage": True}
    else:
        fields["max_tokens"] = 300
    system = "You are a careful, brief assistant."
    messages = [{"role": "user", "content": QUESTION}]
    if client == "openai":
        messages.insert(0, {"role": "system", "content": system})
    else:
        fields["system"] = system
    return json.dumps(fields | {"messages": messages, "temperature": 0.7})


class Gateway(Signalbox):
    def __init__(self, upstreams, work_dir):
        super().__init__(None, work_dir)
        self.upstreams = upstreams

    def start(self):
        config = self._write("signalbox.yaml", CONFIG.format(**self.upstreams))
        command = [self.program, "serve", "--config", config, "--listen", "127.0.0.1:0", "--data", self.dir / "data"]
        self._spawn(command, self.dir / "log")
        self.port = int(self.process.wait_for_line("listening on http://").rstrip("/").rsplit(":", 1)[1])


class Lane:
    """A client's dialect and an upstream's, through one gateway; a target to the tools."""

    headers = ()

    def __init__(self, gateway, client, upstream, work_dir):
        self.gateway, self.client, self.upstream = gateway, client, upstream
        self.label = f"{client} → {upstream}"
        self.model = MODELS[upstream]
        self.files = {}
        for streamed in (False, True):
            path = Path(work_dir) / f"{client}-{upstream}-{streamed}.json"
            path.write_text(body(client, upstream, streamed), encoding="utf-8")
            self.files[streamed] = path

    def pids(self):
        return self.gateway.pids()

    def address(self, route):
        return self.gateway.address(route)


def start_upstream(tools, work_dir, dialect):
    upstream = Process(
        [tools.upstream_program, "--dialect", dialect, "--tokens-per-second", "200000"],
        machine.LOAD_CORE,
        Path(work_dir) / f"{dialect}.log",
    )
    return upstream, upstream.wait_for_line("listening on ")


def run(context):
    seconds, count = (0.8, 3) if context.quick else (2, 5)
    tools = context.tools
    with tempfile.TemporaryDirectory(dir=tools.work_dir) as work_dir:
        upstreams = {dialect: start_upstream(tools, work_dir, dialect) for dialect in PATHS}
        gateway = Gateway({dialect: address for dialect, (_, address) in upstreams.items()}, work_dir)
        try:
            gateway.start()
            lanes = [Lane(gateway, client, upstream, work_dir) for client in PATHS for upstream in PATHS]

            def load(lane, streamed, time):
                figures = tools.load(
                    "closed",
                    lane,
                    connections=CONNECTIONS,
                    seconds=time,
                    path=PATHS[lane.client],
                    body_file=lane.files[streamed],
                )
                return figures, figures["cpu_ns"] / max(1, figures["requests"]) / 1e3

            def measure(lane):
                figures, whole = load(lane, False, seconds)
                streams, streamed = load(lane, True, seconds)
                return figures | {
                    "cpu_us_per_request": whole,
                    "cpu_us_per_stream": streamed,
                    "cpu_us_per_frame": streamed / FRAMES,
                    "streams_lost": streams["refused"] + streams["broken"],
                }

            for lane in lanes:
                load(lane, False, 0.3)
            return context.interleave("translation", lanes, count, measure)
        finally:
            gateway.stop()
            for process, _ in upstreams.values():
                process.stop()
