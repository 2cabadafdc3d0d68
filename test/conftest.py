"""Fixtures shared by the whole-process suites."""

import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from support.gateway import BINARY, Gateway, edge  # noqa: E402
from support.upstream import Upstream  # noqa: E402


def pytest_sessionstart(session):
    if not pathlib.Path(BINARY).exists():
        pytest.exit(f"no program at {BINARY}: build it first (./dev build)", returncode=2)


def pytest_report_teststatus(report, config):
    """A suite that is left out says so in one line: `skipped: …`."""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        return "skipped", "s", f"skipped: {reason}"
    return None


@pytest.fixture(scope="module")
def shared_upstream():
    """One fake upstream for a module; tests set `default` or `plan` and read what they sent."""
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    with Gateway(edge(shared_upstream.port)) as gateway:
        yield gateway


@pytest.fixture
def upstream(shared_upstream):
    """The module's upstream with nothing planned and nothing remembered."""
    from support import scripts

    shared_upstream.plan.clear()
    shared_upstream.default = scripts.answer()
    shared_upstream.drop_all()
    shared_upstream.forget()
    yield shared_upstream
    errors, shared_upstream.errors = shared_upstream.errors, []
    assert not errors, f"a script failed: {errors!r}"


@pytest.fixture
def gateway(shared_gateway, upstream):
    yield shared_gateway
    assert shared_gateway.alive(), f"the gateway ended:\n{shared_gateway.log()[-3000:]}"


@pytest.fixture(scope="module")
def sim_gateway():
    """The program with no configuration at all."""
    with Gateway() as gateway:
        yield gateway
