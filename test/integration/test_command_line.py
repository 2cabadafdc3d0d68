"""The program's commands: --version, config, chat, ledger tail, sim serve."""

import json
import re
import signal
import subprocess

import pytest

from support.client import chat, fetch
from support.gateway import BINARY, Gateway, clean_env, edge, run_cli
from support.process import eventually
from support.yaml_text import dump


def test_version():
    done = run_cli("--version")
    assert done.returncode == 0
    assert re.search(r"\d+\.\d+\.\d+", done.stdout)


def test_help_names_the_commands():
    done = run_cli("--help")
    assert done.returncode == 0
    for command in ("serve", "chat", "config", "ledger", "sim"):
        assert command in done.stdout, command


@pytest.mark.parametrize("args", [["frobnicate"], ["serve", "--no-such-flag"], ["config"],
                                  ["serve", "--listen", "nonsense"], ["--frobnicate"],
                                  ["serve", "--listen", "127.0.0.1:99999"],
                                  ["serve", "--config", "/no/such/file.yaml"]])
def test_wrong_use_is_an_error_with_a_reason(args, tmp_path):
    more = ["--data", str(tmp_path)] if args[0] == "serve" else []
    done = run_cli(*args, *more, timeout=10)
    assert done.returncode not in (0, -6, -11), done.stdout
    assert done.stderr.strip(), "no reason on standard error"


def check(tmp_path, text: str):
    path = tmp_path / "signalbox.yaml"
    path.write_text(text)
    return run_cli("config", "check", "--config", str(path)), path


def test_a_good_configuration(tmp_path):
    done, _ = check(tmp_path, dump(edge(1)))
    assert done.returncode == 0, done.stderr


def test_no_file_is_valid():
    assert run_cli("config", "check").returncode == 0


def test_all_mistakes_at_once_with_place_and_suggestion(tmp_path):
    done, path = check(tmp_path, "server:\n  workerz: 2\nproviders:\n  edge:\n    typ: openai\n"
                                 "    timeouts: { connect: soon }\n")
    text = done.stdout + done.stderr
    assert done.returncode not in (0, -6, -11)
    for line, word in ((2, "workers"), (5, "type"), (6, "duration")):
        assert re.search(rf"{re.escape(path.name)}:{line}:\d+", text), (line, text)
        assert word in text, (word, text)


@pytest.mark.parametrize("text", ["server: [", "server: 7\n", "a: b: c\n",
                                  "server:\n\tworkers: 2\n",
                                  "server: {}\nserver: {}\n", "server: { workers: -1 }\n",
                                  "providers: { edge: { type: nonsense } }\n", "- a\n", "\x00",
                                  "server: { limits: { body_bytes: many } }\n",
                                  'providers: { edge: { key: "${NO_SUCH_VARIABLE}" } }\n'])
def test_f40_broken_configurations(tmp_path, text):
    done, path = check(tmp_path, text)
    assert done.returncode not in (0, -6, -11), done.stdout
    assert path.name in done.stdout + done.stderr, "the file is not named"
    started = run_cli("serve", "--config", str(path), "--listen", "127.0.0.1:0", "--data",
                      str(tmp_path / "d"), timeout=10)
    assert started.returncode not in (0, -6, -11), "half a program was started"


def test_config_show_hides_secrets(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(dump(edge(9, key="sk-very-secret-1234567890")))
    done = run_cli("config", "show", "--config", str(path))
    assert done.returncode == 0, done.stderr
    assert "sk-very-secret" not in done.stdout
    assert "edge" in done.stdout and "127.0.0.1:9" in done.stdout


def test_ledger_tail_for_people(gateway, upstream):
    chat(gateway)
    done = run_cli("ledger", "tail", "--data", gateway.data)
    assert done.returncode == 0, done.stderr
    assert "edge" in done.stdout and "gpt-4o-mini" in done.stdout


def test_ledger_tail_fields(gateway, upstream):
    chat(gateway)
    records = gateway.ledger()
    assert records
    for record in records:
        assert record["type"] in ("intent", "settlement")
        assert {"request_id", "attempt", "time", "provider", "model", "streamed"} <= set(record)
        if record["type"] == "settlement":
            assert {"outcome", "status", "input_tokens", "output_tokens", "cached_tokens",
                    "reasoning_tokens"} <= set(record)
    times = [record["time"] for record in records]
    assert times == sorted(times), "oldest first"


def test_ledger_tail_of_a_missing_directory(tmp_path):
    done = run_cli("ledger", "tail", "--data", str(tmp_path / "nowhere"), "--json")
    assert done.returncode not in (-6, -11)
    assert done.returncode != 0 or not done.stdout.strip()


def test_ledger_survives_an_orderly_restart(upstream):
    gateway = Gateway(edge(upstream.port))
    try:
        gateway.start()
        first = chat(gateway).header("x-signalbox-request-id")
        assert gateway.terminate() == 0
        assert first in {r["request_id"] for r in gateway.ledger()}, "readable while stopped"
        gateway.start()
        second = chat(gateway).header("x-signalbox-request-id")
        ids = [r["request_id"] for r in gateway.settlements()]
        assert ids == [first, second]
    finally:
        gateway.close()


def chat_command(gateway, *args, stdin=""):
    return run_cli("chat", "--url", gateway.url, *args, stdin=stdin)


def test_chat_command(sim_gateway):
    done = chat_command(sim_gateway, "--model", "sim/echo", "hello there")
    assert done.returncode == 0, done.stderr
    assert "hello there" in done.stdout
    assert re.search(r"token", done.stdout + done.stderr), "tokens are not shown"


def test_chat_command_from_standard_input(sim_gateway):
    done = chat_command(sim_gateway, "--model", "sim/echo", stdin="from a pipe")
    assert done.returncode == 0, done.stderr
    assert "from a pipe" in done.stdout


def test_chat_command_as_json(sim_gateway):
    done = chat_command(sim_gateway, "--model", "sim/echo", "--json", "hello")
    assert done.returncode == 0, done.stderr
    assert "hello" in json.dumps(json.loads(done.stdout))


def test_chat_command_says_what_is_wrong():
    done = run_cli("chat", "--url", "http://127.0.0.1:1", "hello")
    assert done.returncode not in (0, -6, -11)
    assert done.stderr.strip()


def test_chat_command_with_an_unknown_model(sim_gateway):
    done = chat_command(sim_gateway, "--model", "nobody/m", "hello")
    assert done.returncode not in (0, -6, -11)
    assert "nobody/m" in done.stderr or "model" in done.stderr


def test_sim_serve_is_an_upstream(tmp_path):
    """`sim serve` behind a gateway: a deterministic stand-in for any vendor."""
    script = tmp_path / "faults.yaml"
    script.write_text("rules:\n  - match: { model: busy }\n    status: 429\n")
    child = subprocess.Popen([BINARY, "sim", "serve", "--listen", "127.0.0.1:0", "--script",
                              str(script)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env=clean_env(), cwd=tmp_path)
    try:
        line = child.stdout.readline().decode()
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)", line).group(1))
        with Gateway(edge(port)) as gateway:
            answer = chat(gateway, "edge/echo", "through two programs")
            assert answer.status == 200 and answer.text() == "through two programs"
            assert chat(gateway, "edge/busy").status == 429
            assert chat(gateway, "edge/echo", "again", stream=True).events()[-1] == "[DONE]"
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(5) == 0
        child.stdout.close()


def test_a_port_in_use_is_said(gateway, tmp_path):
    done = run_cli("serve", "--listen", f"127.0.0.1:{gateway.port}", "--data", str(tmp_path),
                   timeout=10)
    assert done.returncode not in (0, -6, -11), "two programs share a port"
    assert str(gateway.port) in done.stderr + done.stdout


def test_signals_end_it_orderly(tmp_path):
    for number in (signal.SIGTERM, signal.SIGINT):
        gateway = Gateway().start()
        assert fetch(gateway, "GET", "/healthz").status == 200
        gateway.child.send_signal(number)
        assert eventually(lambda: not gateway.alive(), 3)
        assert gateway.child.returncode == 0
        gateway.close()
