"""`signalbox models list|show|test`, offline and against a running program."""

import json
import os
import pty
import re
import subprocess

from support import scripts
from support.gateway import BINARY, Gateway, clean_env, edge, run_cli
from support.upstream import Upstream
from support.yaml_text import dump

CONFIG = {"providers": {"openai": {"key": "sk-test"},
                        "edge": {"type": "openai", "base_url": "http://127.0.0.1:9/v1",
                                 "key": "none", "models": ["house-model"]}},
          "models": {"fast": {"targets": ["openai/gpt-4o-mini", "edge/house-model"]}}}


def models(tmp_path, *args, config=CONFIG, env=None):
    path = tmp_path / "signalbox.yaml"
    path.write_text(dump(config))
    return run_cli("models", *args, "--config", str(path), "--data", str(tmp_path / "data"),
                   env=env)


def rows(done):
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_list_has_aliases_configured_models_and_the_catalogues(tmp_path):
    done = models(tmp_path, "list")
    assert done.returncode == 0, done.stderr
    by_name = {row[0]: row for row in rows(done)}
    assert by_name["fast"][6] == "openai/gpt-4o-mini, edge/house-model"
    assert by_name["openai/gpt-4o"][1:6] == ["chat", "128000", "2.5", "1.25", "10"]
    assert by_name["openai/gpt-4o"][7] == "tools,vision,pdf,json"
    assert by_name["edge/house-model"][2:6] == ["unknown"] * 4, "unknown is never zero"
    assert not any(name.startswith("mistral/") for name in by_name), "no key for it"


def test_list_filters(tmp_path):
    named = {row[0] for row in rows(models(tmp_path, "list", "GPT-4O-mini"))}
    assert "openai/gpt-4o-mini" in named and "openai/gpt-4o" not in named
    assert {row[0] for row in rows(models(tmp_path, "list", "--provider", "edge"))} == {
        "auto", "fast", "edge/house-model"}, "names that may lead there count too"
    seeing = {row[0] for row in rows(models(tmp_path, "list", "--capability", "vision,tools"))}
    assert "openai/gpt-4o" in seeing and "openai/gpt-3.5-turbo" not in seeing
    only = {row[0] for row in rows(models(tmp_path, "list", "openai/gpt-4*o"))}
    assert "openai/gpt-4o" in only and "openai/gpt-4o-mini" not in only
    every = {row[0].split("/")[0] for row in rows(models(tmp_path, "list", "--all"))}
    assert {"openai", "anthropic", "mistral", "groq"} <= every


def test_list_says_when_nothing_matches_and_what_to_try(tmp_path):
    done = models(tmp_path, "list", "no-such-model")
    assert done.returncode == 1 and "--all" in done.stderr and done.stdout == ""
    wrong = models(tmp_path, "list", "--capability", "visoin")
    assert wrong.returncode == 2 and "did you mean vision" in wrong.stderr


def test_list_as_json(tmp_path):
    done = models(tmp_path, "list", "--json", "fast")
    (alias,) = json.loads(done.stdout)["models"]
    assert alias["name"] == "fast"
    assert alias["targets"] == ["openai/gpt-4o-mini", "edge/house-model"]
    assert alias["model"]["price"]["input_usd_per_million"] == "0.15"


def test_a_wrong_configuration_is_said_and_ends_with_2(tmp_path):
    done = models(tmp_path, "list", config={"providerz": {}})
    assert done.returncode == 2 and "providers" in done.stderr


def on_a_terminal(columns, *args, env=None):
    """Runs the program on a pseudo-terminal and returns what it wrote there."""
    leader, follower = pty.openpty()
    child = subprocess.Popen([BINARY, *args], stdin=subprocess.DEVNULL, stdout=follower,
                             stderr=follower, env=clean_env({"COLUMNS": str(columns), **(env or {})}))
    os.close(follower)
    text = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(leader)
    return child.wait(20), text.decode().replace("\r\n", "\n")


def test_a_narrow_terminal_stays_readable(tmp_path):
    path = tmp_path / "signalbox.yaml"
    path.write_text(dump(CONFIG))
    status, text = on_a_terminal(40, "models", "list", "gpt-4o", "--config", str(path),
                                 env={"NO_COLOR": "1"})
    assert status == 0 and "\x1b" not in text
    lines = text.splitlines()
    assert re.match(r"MODEL +INPUT \$/M +OUTPUT \$/M$", lines[0]), lines[0]
    assert all(len(line) <= 40 for line in lines), text
    status, text = on_a_terminal(100, "models", "list", "gpt-4o", "--config", str(path))
    assert "\x1b[" in text.splitlines()[0], "no colours on a terminal"
    assert "NOTE" in text.splitlines()[0]


def test_show(tmp_path):
    done = models(tmp_path, "show", "gpt-4o")
    assert done.returncode == 0, done.stderr
    for said in ("openai/gpt-4o", "128000", "vision", "2.5 USD per million tokens", "in force"):
        assert said in done.stdout, said
    assert re.search(r"^cannot +.*reasoning", done.stdout, re.M), done.stdout
    shown = json.loads(models(tmp_path, "show", "--json", "openai/gpt-4o").stdout)
    assert "vision" in shown["abilities"] and "reasoning" in shown["lacks"]
    assert shown["context"] == 128000 and shown["price"]["output_usd_per_million"] == "10"


def test_show_says_how_hard_a_model_can_be_told_to_think(tmp_path):
    done = models(tmp_path, "show", "gemini/gemini-2.5-pro")
    assert "128 to 32768 tokens to think with" in done.stdout, done.stderr
    assert re.search(r"^efforts +low, medium, high$", models(tmp_path, "show", "o3").stdout, re.M)


def test_the_configuration_says_what_a_model_can(tmp_path):
    config = {**CONFIG, "catalog": {"edge/house-model": {"abilities": ["tools"], "lacks": ["vision"],
                                                         "efforts": ["low"]}}}
    row = json.loads(models(tmp_path, "show", "--json", "edge/house-model", config=config).stdout)
    assert row["abilities"] == ["tools", "effort"] and row["lacks"] == ["vision"]
    wrong = {"catalog": {"edge/house-model": {"lacks": ["visoin"]}}}
    assert "lacks" in models(tmp_path, "list", config=wrong).stderr


def test_show_an_alias_with_all_its_targets(tmp_path):
    done = models(tmp_path, "show", "fast")
    assert done.returncode == 0
    assert done.stdout.index("openai/gpt-4o-mini") < done.stdout.index("edge/house-model")
    assert "unknown" in done.stdout


def test_show_a_model_that_only_the_configuration_names(tmp_path):
    done = models(tmp_path, "show", "edge/house-model")
    assert done.returncode == 0, done.stderr
    assert "prices       unknown" in done.stdout


def test_show_names_the_nearest(tmp_path):
    done = models(tmp_path, "show", "gpt-4oo")
    assert done.returncode == 1 and 'did you mean "gpt-4o"' in done.stderr


# models test


def try_models(gateway, *args):
    return run_cli("models", "test", "--url", gateway.url, *args, timeout=60)


def test_trial_of_everything_that_is_listed():
    with Upstream() as upstream:
        config = edge(upstream.port, models=["a", "b"])
        config["models"] = {"any": {"targets": ["edge/a"]}}
        with Gateway(config) as gateway:
            done = try_models(gateway)
            assert done.returncode == 0, done.stdout + done.stderr
            tried = {row[0]: row for row in rows(done)}
            assert {"any", "edge/a", "edge/b"} <= set(tried)
            assert not any(name.startswith("sim/") for name in tried)
            assert tried["any"][1] == "ok" and tried["any"][2] == "edge/a"
            assert re.match(r"\d+\+\d+$", tried["any"][4])
            assert done.stderr == "", "progress was written into a pipe"


def test_trial_says_what_failed_and_what_to_do():
    with Upstream() as upstream:
        with Gateway(edge(upstream.port, models=["a"])) as gateway:
            upstream.default = scripts.answer(status=401, body=b'{"error":{"message":"bad key"}}')
            done = try_models(gateway, "edge/a", "sim/echo", "nobody/x")
            assert done.returncode == 1
            tried = {row[0]: row for row in rows(done)}
            assert tried["sim/echo"][1] == "ok"
            assert tried["edge/a"][1] == "failed" and tried["edge/a"][6]
            assert tried["nobody/x"][1] == "failed" and "models list" in tried["nobody/x"][6]
            report = json.loads(try_models(gateway, "--json", "edge/a", "sim/echo").stdout)
            assert report["failed"] == 1
            assert [each["result"] for each in report["models"]] == ["failed", "ok"]


def test_trials_run_at_the_same_time(sim_gateway):
    names = ["sim/echo"] * 40
    done = try_models(sim_gateway, "--parallel", "8", *names)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 40


def test_trial_shows_progress_on_a_terminal(sim_gateway):
    status, text = on_a_terminal(80, "models", "test", "--url", sim_gateway.url, "sim/echo")
    assert status == 0 and "0 of 1: sim/echo" in text
    assert text.rstrip().splitlines()[-1].startswith("sim/echo"), "progress is left behind"


def test_trial_without_a_running_signalbox():
    for names in ([], ["sim/echo"]):
        done = run_cli("models", "test", "--url", "http://127.0.0.1:1", *names)
        assert done.returncode == 3, done.stderr
        assert "signalbox serve" in done.stderr and "--url" in done.stderr
