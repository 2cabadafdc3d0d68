"""`signalbox targets`: the health of providers, models and keys as a table."""

import json
import subprocess

from support import scripts
from support.client import chat
from support.gateway import BINARY, Gateway, clean_env, edge, run_cli
from support.process import eventually


def targets(gateway, *args):
    return run_cli("targets", "--url", gateway.url, *args)


def test_all_well(gateway, upstream):
    chat(gateway, "edge/m")
    done = targets(gateway)
    assert done.returncode == 0, done.stderr
    table = [line.split("\t") for line in done.stdout.splitlines()]
    assert ["edge", "", "ok"] in [row[:3] for row in table]
    assert ["edge", "m", "ok"] in [row[:3] for row in table]
    report = json.loads(targets(gateway, "--json").stdout)
    assert "edge" in {provider["name"] for provider in report["providers"]}


def test_a_failing_provider_is_shown_and_the_status_says_so(upstream):
    upstream.default = scripts.answer(status=500, body=b"{}")
    with Gateway(edge(upstream.port)) as gateway:
        assert eventually(lambda: chat(gateway, "edge/m") and targets(gateway).returncode == 1, 20)
        states = {line.split("\t")[2] for line in targets(gateway).stdout.splitlines()}
        assert states & {"open", "probing"}, states


def test_no_signalbox_there():
    done = run_cli("targets", "--url", "http://127.0.0.1:1")
    assert done.returncode == 3 and "signalbox serve" in done.stderr
    wrong = run_cli("targets", "--url", "nonsense")
    assert wrong.returncode == 2 and "--url" in wrong.stderr


def test_something_else_answers(upstream):
    upstream.default = scripts.answer(status=200, body=b"<html></html>")
    done = run_cli("targets", "--url", f"http://127.0.0.1:{upstream.port}")
    assert done.returncode == 1 and "is this a Signalbox" in done.stderr


def test_the_key_is_asked_for(upstream):
    config = edge(upstream.port)
    config["access"] = {"key": "sb-test-key-with-enough-letters"}
    with Gateway(config) as gateway:
        done = targets(gateway)
        assert done.returncode == 1 and "SIGNALBOX_KEY" in done.stderr
        assert targets(gateway, "--key", "sb-test-key-with-enough-letters").returncode == 0


def test_watch_goes_on_until_it_is_interrupted(gateway, upstream):
    child = subprocess.Popen([BINARY, "targets", "--url", gateway.url, "--watch"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_env())
    try:
        names = 0
        while names < 3:
            line = child.stdout.readline()
            assert line, "it ended by itself"
            names += line.startswith(b"edge\t\t")
    finally:
        child.send_signal(2)
        assert child.wait(5) in (-2, 130)
        child.stdout.close()
        child.stderr.close()
