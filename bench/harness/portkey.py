"""Finds or installs the pinned Portkey gateway; absence is a sentence, never an error."""

import os
import shutil
import subprocess

VERSION = "1.15.2"
PACKAGE = "@portkey-ai/gateway"


def install(cache):
    """(path of the start script, None), or (None, why it is skipped)."""
    script = cache / "node_modules" / PACKAGE / "build" / "start-server.js"
    stamp = cache / f"installed-{VERSION}"
    if not shutil.which("node"):
        return None, "Portkey: skipped, there is no node"
    if script.is_file() and stamp.is_file():
        return script, None
    if not shutil.which("npm"):
        return None, "Portkey: skipped, there is no npm"
    cache.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--omit=dev", "--ignore-scripts"]
    try:
        done = subprocess.run(
            [*command, "--prefix", str(cache), f"{PACKAGE}@{VERSION}"],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            env=os.environ,
        )
    except subprocess.TimeoutExpired:
        return None, "Portkey: skipped, npm install took over 180 s"
    if done.returncode != 0 or not script.is_file():
        reason = (done.stderr.strip().splitlines() or ["npm install failed"])[-1]
        return None, f"Portkey: skipped, {reason}"
    stamp.touch()
    return script, None
