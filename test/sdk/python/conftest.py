"""The SDK's clients: one on `sim`, one on the upstream that answers as OpenAI does."""

import openai
import pytest

from sdk import model
from support.gateway import Gateway, alone, edge
from support.upstream import Upstream


@pytest.fixture(scope="session")
def openai_upstream():
    with Upstream(model.openai) as upstream:
        yield upstream


@pytest.fixture(scope="session")
def edge_gateway(openai_upstream):
    with Gateway(alone(edge(openai_upstream.port))) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def bare_gateway():
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def client(edge_gateway):
    with openai.OpenAI(base_url=edge_gateway.url + "/v1", api_key="sk-client-secret",
                       max_retries=0, timeout=10) as sdk:
        yield sdk


@pytest.fixture
def sim(bare_gateway):
    with openai.OpenAI(base_url=bare_gateway.url + "/v1", api_key="anything", max_retries=0,
                       timeout=10) as sdk:
        yield sdk


def pytest_terminal_summary(terminalreporter, config):
    """The matrix as a table, when it was played."""
    from sdk.python.test_matrix import FAULTS
    faults = config.stash.get(FAULTS, None)
    if faults:
        from sdk.matrix.table import table
        terminalreporter.write_line("")
        terminalreporter.write_line(table(faults))
