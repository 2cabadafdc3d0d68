"""Recorded answers of real vendors, read by other vendors' SDKs through the program.

What an SDK must get is what the vendor's own SDK gets from the recording itself, without the
program; where a vendor has no SDK among the clients, all clients must get the same.
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from sdk.matrix.play import KEY, SDK, config  # noqa: E402
from support.gateway import Gateway  # noqa: E402
from support.upstreams import UPSTREAMS, script  # noqa: E402
from support.upstreams.recorded import Recorded  # noqa: E402

CLIENTS = ("openai", "openai_responses", "anthropic", "gemini", "mistral", "cohere", "ollama")
# Recordings that the vendor's own SDK cannot be the measure of: all others must agree instead.
NO_MEASURE = {
    "spliced-message-start": "two streams in one",
    "tool-search-deferred-regex": "two answers, one after the other",
    "reasoning-encrypted-content.1.chunks": "several answers, one after the other",
    "missing-terminal-function-call": "Google's SDK does not join the fragments of arguments",
    "phase.1.chunks": "shortened: the deltas are not the whole text",
    "lmstudio-tool-call.2.chunks": "the last event lacks what the deltas said",
    "messages.refusal.refusal": "others show the explanation, which Anthropic has beside the text",
}
# Streams that are two: what they say depends on where a reader stops.
BROKEN = ("spliced-message-start", "tool-search-deferred-regex")
HOME = {"openai": "openai", "azure_openai": "openai", "openai_responses": "openai_responses",
        "anthropic": "anthropic", "gemini": "gemini", "vertex": "gemini", "mistral": "mistral",
        "cohere": "cohere", "ollama_native": "ollama"}


def provider(kind: str, host: str) -> dict:
    """The entry of a provider of this type, pointed at the recordings."""
    upstream = UPSTREAMS[kind]()
    upstream.port = 0
    entry = upstream.provider()
    return {**entry, "base_url": host + upstream.base}


def orders(upstream, gateway) -> list[dict]:
    found = []
    for number, one in enumerate(upstream.recordings):
        ask = {**script.CHAT, "stream": one.streamed}
        model = f"{UPSTREAMS[one.type].model}-mx-recorded_{number}-c0"
        if one.type in HOME:
            found.append({"id": f"direct {number}", "client": HOME[one.type], "ask": ask,
                          "host": upstream.host, "key": KEY, "model": model})
        for client in CLIENTS:
            found.append({"id": f"{client} {number}", "client": client, "ask": ask, "key": KEY,
                          "host": gateway.url, "model": f"{one.type}/{model}"})
    return found


def drive(told: list[dict]) -> dict:
    done = subprocess.run([sys.executable, str(SDK / "python" / "drive.py")], check=True,
                          input=json.dumps(told).encode(), stdout=subprocess.PIPE)
    lines = (json.loads(line) for line in done.stdout.decode().splitlines() if line[:1] == "{")
    return {line["id"]: line for line in lines}


def heard(result: dict) -> dict:
    """What of an answer must be the same for everybody."""
    if "error" in result:
        return {"status": result.get("status")}
    return {"text": result["text"] or result["refusal"],
            "calls": [(one["name"], one["args"]) for one in result["calls"]],
            "input": result["usage"].get("input"), "output": result["usage"].get("output")}


def measure(number: int, one, results: dict) -> dict:
    """What the others are held against."""
    own = results.get(f"direct {number}")
    unread = own is None or ("error" in own and not own.get("status"))
    if not unread and not any(name in one.name for name in NO_MEASURE):
        return own
    others = [results[f"{client} {number}"] for client in CLIENTS]
    return next((other for other in others if "error" not in other), others[0])


def play() -> dict[tuple[str, str], list[str]]:
    """(Recording, client) → faults."""
    faults = {}
    with Recorded() as upstream:
        settings = config({})
        settings["providers"] = {kind: provider(kind, upstream.host)
                                 for kind in {one.type for one in upstream.recordings}}
        with Gateway(settings) as gateway:
            results = drive(orders(upstream, gateway))
    for number, one in enumerate(upstream.recordings):
        wanted, own = measure(number, one, results), results.get(f"direct {number}", {})
        for client in CLIENTS:
            # The vendor's own SDK gets the vendor's own bytes, whatever it makes of them.
            unread = client == HOME.get(one.type) and (
                any(name in one.name for name in NO_MEASURE)
                or ("error" in own and not own.get("status")))
            if not unread and not any(name in one.name for name in BROKEN):
                faults[one.name, client] = differences(wanted, results[f"{client} {number}"])
    return faults


def differences(wanted: dict, got: dict) -> list[str]:
    one, two = heard(wanted), heard(got)
    if "status" in one and "status" in two:
        return [] if one == two or one["status"] is None else [
            f"status {two['status']}, wanted {one['status']}"]
    if "status" in one or "status" in two:
        return [f"got {json.dumps(got)[:400]}, wanted {json.dumps(wanted)[:400]}"]
    if two["calls"] and one["text"] in (two["text"], got["thoughts"]):
        two["text"] = one["text"]  # Cohere's plan before calls is a thought to others
    found = [f"{name}: got {two[name]!r:.300}, wanted {one[name]!r:.300}"
             for name in ("text", "calls") if one[name] != two[name]]
    return found + [f"{name}: got {two[name]}, wanted {one[name]}" for name in ("input", "output")
                    if one[name] is not None and (two[name] or 0) != one[name]]


def main() -> int:
    faults = play()
    bad = {name: found for name, found in faults.items() if found}
    for (name, client), found in bad.items():
        print(f"{name} by {client}", *found, sep="\n    ")
    print(f"{len(faults) - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
