"""What the command line says when it is used wrongly, and its exit statuses."""

import re

import pytest

from support.gateway import run_cli


@pytest.mark.parametrize("args, said", [
    (["servr"], 'unknown command "servr"; did you mean "serve"?'),
    (["modles", "list"], 'unknown command "modles"; did you mean "models"?'),
    (["models", "lst"], 'unknown command "lst"; did you mean "list"?'),
    (["serve", "--confg", "x"], 'unknown option "--confg"; did you mean "--config"?'),
    (["chat", "--modle", "x"], 'did you mean "--model"?'),
    (["config"], "a command is missing: one of check, show"),
    ([], "a command is missing: one of serve"),
    (["bench", "-n", "many"], "--requests"),
    (["completion", "tcsh"], "bash,fish,zsh"),
    (["models", "show"], "model is required")])
def test_the_cause_the_nearest_word_and_the_next_step(args, said):
    done = run_cli(*args)
    assert done.returncode == 2
    assert done.stdout == "" and said in done.stderr, done.stderr
    assert re.search(r"\nRun signalbox.* --help for what it takes\.\n$", done.stderr), done.stderr


def test_no_secret_is_repeated():
    done = run_cli("chat", "--kei=sk-very-secret", "hello")
    assert done.returncode == 2 and "sk-very-secret" not in done.stderr


def test_help_lists_the_exit_statuses_and_groups():
    done = run_cli("--help")
    assert done.returncode == 0 and done.stderr == ""
    for said in ("Exit status:", "no running Signalbox was reached", "Run:", "Ask:", "Look:",
                 "Set up:"):
        assert said in done.stdout, said


def test_every_command_has_help():
    for line in run_cli("man").stdout.splitlines():
        if line.startswith(".SS "):
            words = line[4:].replace("\\-", "-").split(" [")[0].split()
            done = run_cli(*[w for w in words[1:] if w.islower()][:2], "--help")
            assert done.returncode == 0 and done.stdout.count("Usage: ") == 1, line


@pytest.mark.parametrize("args", [["chat", "hello"], ["bench", "-n", "1"], ["models", "test"],
                                  ["targets"]])
def test_nothing_running_is_3(args):
    done = run_cli(*args, "--url", "http://127.0.0.1:1")
    assert done.returncode == 3, done.stderr
    assert "signalbox serve" in done.stderr


def test_a_reload_of_nothing_is_3(tmp_path):
    done = run_cli("config", "reload", "--data", str(tmp_path))
    assert done.returncode == 3 and "--data" in done.stderr
