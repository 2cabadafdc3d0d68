"""Short limits, so that a fault's end can be waited for."""

import pytest

from support.gateway import Gateway, alone, edge

FIRST_BYTE, IDLE, TOTAL = 1.0, 1.0, 3.0
LIMITS = {"connect": "1s", "first_byte": "1s", "idle": "1s", "total": "3s"}


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    with Gateway(alone(edge(shared_upstream.port, timeouts=LIMITS))) as gateway:
        yield gateway
