"""Starts the program on `sim` and on the scripted upstream, and runs the Node suites against both;
then plays the Node SDKs' part of the matrix.

usage: run_node.py NODE FOLDER_WITH_NODE_MODULES
"""

import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from sdk import model  # noqa: E402
from sdk.matrix import cases, run  # noqa: E402
from support import scripts  # noqa: E402
from support.gateway import Gateway, alone, edge  # noqa: E402
from support.upstream import Upstream  # noqa: E402


def with_a_page(upstream):
    """The OpenAI script plus `GET /running`: how many calls hang or stream right now."""

    async def script(conn, request):
        if request.target != "/running":
            return await model.openai(conn, request)
        calls = [c for c in upstream.open_connections()
                 if c is not conn and c.task and not c.task.done()]
        body = json.dumps({"running": len(calls)}).encode()
        await conn.send(scripts.whole(body))

    return script


def main() -> int:
    node, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    upstream = Upstream()
    upstream.default = with_a_page(upstream)
    with upstream, Gateway(alone(edge(upstream.port))) as on_edge, Gateway() as on_sim:
        env = {**os.environ, "SIGNALBOX_EDGE": on_edge.url, "SIGNALBOX_SIM": on_sim.url,
               "SIGNALBOX_UPSTREAM": f"http://127.0.0.1:{upstream.port}"}
        suites = sorted(str(path) for path in folder.glob("*.test.mjs"))
        done = subprocess.run([node, "--test", "--test-reporter=spec", *suites], env=env,
                              cwd=folder)
    begun = time.monotonic()
    faults = run.play(cases.cases("node"), node=(node, folder))
    return run.tell(faults, time.monotonic() - begun) or done.returncode


if __name__ == "__main__":
    sys.exit(main())
