"""Every Python SDK on every vendor's upstream, feature by feature: `anthropic-to-gemini-tools`.

All chosen cases are played at once, before the first is judged. `direct` ones leave the program
out: they prove that the scripted upstreams speak as the vendors' own SDKs expect.
"""

import pytest

from sdk.matrix import cases as all_cases
from sdk.matrix.play import Stage
from sdk.matrix.table import faults_of

FAULTS = pytest.StashKey()


def params(direct: bool):
    return [pytest.param(case, id=case.name) for case in all_cases.cases("python", direct)]


def played(request, direct: bool) -> dict:
    chosen = [item.callspec.params["case"] for item in request.session.items
              if getattr(item, "originalname", "") == request.node.originalname]
    with Stage(direct) as stage:
        results = stage.play(chosen)
    faults = {case: faults_of(case, results, direct) for case in chosen}
    if not direct:
        request.config.stash[FAULTS] = faults
    return faults


def judge(faults: list) -> None:
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.fixture(scope="session")
def kept():
    return {}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", params(True))
def test_direct(case, request, kept):
    if "direct" not in kept:
        kept["direct"] = played(request, True)
    judge(kept["direct"][case])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", params(False))
def test_matrix(case, request, kept):
    if "matrix" not in kept:
        kept["matrix"] = played(request, False)
    judge(kept["matrix"][case])
