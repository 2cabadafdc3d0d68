"""Recorded answers of every vendor, read by the Python SDKs of the others through the program."""

import pytest

from sdk.matrix import replay
from support.upstreams.recorded import load

RECORDINGS = list(dict.fromkeys(one.name for one in load()))


@pytest.fixture(scope="module")
def faults():
    return replay.play()


@pytest.mark.skipif(not RECORDINGS, reason="../shared/fixtures is not there")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", RECORDINGS)
def test_replay(name, faults):
    found = {client: told for (one, client), told in faults.items() if one == name and told}
    if found:
        pytest.fail("\n".join(f"{client}: {told}" for client, told in found.items()),
                    pytrace=False)
