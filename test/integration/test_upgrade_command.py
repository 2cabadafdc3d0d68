"""`signalbox upgrade`: the outcome of a hand-over, as whoever asks for one is told."""

import json
import os
import pathlib
import shutil
import signal
import stat

import pytest

from support.client import fetch
from support.gateway import BINARY, Gateway, run_cli
from support.process import eventually


def ended(pid: int) -> bool:
    """Gone, or waiting for somebody to take its status: it is nobody's child here."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


class Replaceable(Gateway):
    """Runs a program file of its own, which a test may replace. A successor is ended with it."""

    def __init__(self, config=None):
        super().__init__(config)
        self.program = pathlib.Path(self.folder, "signalbox")
        try:
            os.link(BINARY, self.program)
        except OSError:
            shutil.copy2(BINARY, self.program)
        self.successor = 0

    def command(self):
        return [str(self.program), *super().command()[1:]]

    def replace(self, text: str):
        new = self.program.with_suffix(".new")
        new.write_text(text)
        new.chmod(new.stat().st_mode | stat.S_IXUSR)
        new.rename(self.program)

    def upgrade(self, *args: str):
        return run_cli("upgrade", "--data", self.data, *args, timeout=100)

    def close(self):
        if self.successor:
            os.kill(self.successor, signal.SIGTERM)
            assert eventually(lambda: ended(self.successor), 10)
        super().close()


@pytest.fixture
def gateway():
    with Replaceable({"server": {"workers": 1}}) as made:
        yield made


def test_the_successor_serves(gateway):
    old = gateway.pid
    done = gateway.upgrade("--json")
    assert done.returncode == 0, done.stderr + gateway.log()
    told = json.loads(done.stdout)
    gateway.successor = told["to_pid"]
    assert told["ok"] and told["from_pid"] == old != told["to_pid"]
    assert told["from_version"] == told["to_version"] and told["seconds"] > 0
    assert fetch(gateway, "GET", "/readyz").status == 200
    assert eventually(lambda: not gateway.alive(), 20)
    assert gateway.child.returncode == 0
    assert fetch(gateway, "GET", "/readyz").status == 200, "the port went with the old process"
    assert fetch(gateway, "GET", "/healthz").status == 200


def test_for_people(gateway):
    done = gateway.upgrade()
    assert done.returncode == 0, done.stderr
    gateway.successor = int(done.stdout.split("(pid ")[2].split(")")[0])
    assert f"(pid {gateway.pid}) to" in done.stdout
    assert "the version is the same" in done.stdout


def test_a_configuration_that_is_wrong_by_now(gateway):
    path = pathlib.Path(gateway.folder, "signalbox.yaml")
    path.write_text("server:\n  wrokers: 1\n")
    done = gateway.upgrade()
    assert done.returncode == 1
    assert f"{path}:2:3" in done.stderr and "workers" in done.stderr
    assert f"process {gateway.pid}" in done.stderr and "goes on serving" in done.stderr
    assert fetch(gateway, "GET", "/readyz").status == 200 and gateway.alive()
    path.write_text("server:\n  workers: 1\n")
    done = gateway.upgrade("--json")
    assert done.returncode == 0, "mended, and tried again"
    gateway.successor = json.loads(done.stdout)["to_pid"]


@pytest.mark.parametrize("program,reason", [("#!/bin/sh\nexit 3\n", "status 3"),
                                            ("not a program\n", "xec format error"),
                                            (None, "o such file")])
def test_a_program_file_that_does_not_start(gateway, program, reason):
    if program is None:
        gateway.program.unlink()
    else:
        gateway.replace(program)
    done = gateway.upgrade()
    assert done.returncode == 1
    assert reason in done.stderr, done.stderr
    assert fetch(gateway, "GET", "/readyz").status == 200 and gateway.alive()


def test_the_doctor_knows_of_it(gateway):
    gateway.replace("#!/bin/sh\nexit 3\n")
    gateway.upgrade()
    done = run_cli("doctor", "--json", "--offline", "--data", gateway.data, "--listen",
                   f"127.0.0.1:{gateway.port}")
    checks = {c["check"]: c for c in json.loads(done.stdout)["checks"] if c["area"] == "running"}
    assert "status 3" in checks["upgrade"]["found"]
    assert "signalbox upgrade" in checks["program"]["next"]


def test_none_is_running(tmp_path):
    done = run_cli("upgrade", "--data", str(tmp_path))
    assert done.returncode == 3
    assert str(tmp_path) in done.stderr and "signalbox serve" in done.stderr


def test_one_that_has_ended(gateway):
    assert gateway.terminate() == 0
    assert gateway.upgrade().returncode == 3
