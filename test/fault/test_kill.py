"""F26, F42: kill -9 under load, and the orderly end.

    SIGNALBOX_KILLS=500 test/run_python fault/test_kill.py -k under_load     so many kills
"""

import asyncio
import collections
import os
import random
import shutil
import signal
import tempfile
import threading
import time

import pytest

from support import answers, scripts
from support.client import Client, chat, chat_request, fetch
from support.gateway import Gateway, edge
from support.load import run
from support.management import Caller
from support.process import eventually
from support.scale import pick
from support.upstream import Upstream

KILLS = int(os.environ.get("SIGNALBOX_KILLS", pick(10, 100)))


def mixed_request(number: int) -> bytes:
    return chat_request("edge/m", f"n{number}", stream=number % 3 == 0)


async def mixed(conn, request):
    """Whole answers and streams, at once or a little later."""
    await asyncio.sleep(random.choice((0, 0, 0.002, 0.02)))
    script = scripts.stream() if b'"stream": true' in request.body else scripts.answer()
    await script(conn, request)


def load_then_kill(gateway, seconds: float) -> list[str]:
    """The request ids of every answer that a client saw completely before the kill."""
    stop, box = threading.Event(), []
    thread = threading.Thread(target=lambda: box.append(asyncio.run(
        run(gateway.port, mixed_request, connections=8, stop=stop))))
    thread.start()
    time.sleep(seconds)
    gateway.kill()
    stop.set()
    thread.join(10)
    return box[0].request_ids


def check_ledger(records: list[dict], seen: list[str]):
    settled = collections.defaultdict(list)
    intents = collections.Counter()
    for record in records:
        key = (record["request_id"], record["attempt"])
        if record["type"] == "settlement":
            settled[key].append(record["outcome"])
        else:
            intents[key] += 1
    assert all(len(found) == 1 for found in settled.values()), "a call is settled twice"
    assert all(count == 1 for count in intents.values()), "an intent is there twice"
    assert set(settled) == set(intents), "an intent without a settlement after the restart"
    done = {request_id for (request_id, _), found in settled.items() if found == ["ok"]}
    lost = [request_id for request_id in seen if request_id not in done]
    assert not lost, f"{len(lost)} answers were seen and are not settled: {lost[:3]}"
    kinds = {outcome for found in settled.values() for outcome in found}
    assert kinds <= {"ok", "failed", "cancelled", "uncertain"}, kinds
    return done


def check_database(gateway, records: list[dict]):
    """What was settled is in the database too, each once, killed as it was on the way there."""
    outcomes = {(r["request_id"], r["attempt"]): r["outcome"] for r in records
                if r["type"] == "settlement"}
    caller = Caller(gateway)

    def arrived():
        return caller.get("/api/usage/total", since="1d")["calls"] >= len(outcomes)

    eventually(arrived, 30, 0.1)
    total = caller.get("/api/usage/total", since="1d")
    counts = collections.Counter(outcomes.values())
    assert total["calls"] == len(outcomes)
    assert total["successes"] == counts["ok"] and total["uncertain"] == counts["uncertain"]
    listed = caller.every("/api/requests", since="1d", limit=500)
    assert len(listed) == len(outcomes), "a record is there twice"
    assert {(r["request_id"], r["attempt"]): r["outcome"] for r in listed} == outcomes


@pytest.mark.timeout(120 + 2 * KILLS)
def test_f26_kill_9_under_load():
    seen, slowest = [], 0.0
    data = tempfile.mkdtemp(prefix="signalbox-killed-")
    with Upstream(mixed) as upstream:
        for _ in range(KILLS):
            gateway = Gateway(edge(upstream.port), data=data)
            gateway.start()
            slowest = max(slowest, gateway.started_in)
            seen += load_then_kill(gateway, random.uniform(0.15, 0.6))
            gateway.close()
        last = Gateway(edge(upstream.port), data=data)
        with last:
            slowest = max(slowest, last.started_in)
            assert chat(last).status == 200
            records = eventually(lambda: whole(last), 5, 0.1) or last.ledger()
            assert seen, "no answer came through between two kills"
            check_ledger(records, seen)
            check_database(last, records)
    uncertain = sum(r["type"] == "settlement" and r["outcome"] == "uncertain" for r in records)
    print(f"{KILLS} kills, {len(seen)} answers seen, {uncertain} uncertain, "
          f"slowest start {slowest * 1000:.0f} ms")
    assert slowest < 2.0, f"a start took {slowest:.2f} s"
    shutil.rmtree(data, ignore_errors=True)


def whole(gateway):
    """The ledger once every intent has its settlement."""
    records = gateway.ledger()
    keys = {"intent": set(), "settlement": set()}
    for record in records:
        keys[record["type"]].add((record["request_id"], record["attempt"]))
    return records if keys["intent"] == keys["settlement"] else None


def test_f26_calls_under_way_are_uncertain_after_a_kill(upstream):
    upstream.default = scripts.hang()
    gateway = Gateway(edge(upstream.port))
    try:
        gateway.start()
        clients = [Client(gateway.port).send(chat_request()) for _ in range(5)]
        assert eventually(lambda: len(upstream.requests) == 5)
        gateway.kill()
        for client in clients:
            client.close()
        gateway.start()
        settled = eventually(lambda: gateway.settlements(), 3, 0.05)
        assert [r["outcome"] for r in settled] == ["uncertain"] * 5, settled
        gateway.terminate()
        gateway.start()
        assert len(gateway.settlements()) == 5, "settled again at the next start"
    finally:
        gateway.close()


def test_f26_a_journal_cut_short_does_not_stop_the_start(upstream):
    """A damaged tail: what is whole is kept, the program starts."""
    import pathlib

    upstream.default = scripts.answer()
    gateway = Gateway(edge(upstream.port))
    try:
        gateway.start()
        for _ in range(20):
            assert chat(gateway).status == 200
        gateway.kill()
        for path in pathlib.Path(gateway.data).rglob("*"):
            if path.is_file() and path.stat().st_size > 4096:
                data = bytearray(path.read_bytes())
                used = len(data.rstrip(b"\0"))
                for at in range(max(0, used - 40), used):
                    data[at] ^= 0xFF
                path.write_bytes(data)
        gateway.start()
        assert chat(gateway).status == 200
        assert len(gateway.settlements()) >= 19, "more than the damaged record is gone"
    finally:
        gateway.close()


SLOW = scripts.stream(answers.frames(["x"] * 40), pace=0.03)


def test_f42_sigterm_lets_streams_end(upstream):
    upstream.default = SLOW
    config = edge(upstream.port)
    config["server"]["drain"] = "10s"
    with Gateway(config) as gateway:
        clients = [Client(gateway.port).send(chat_request(stream=True)) for _ in range(20)]
        heads = [client.read_head() for client in clients]
        gateway.child.send_signal(signal.SIGTERM)
        for client, head in zip(clients, heads):
            frames = [frame for _, frame in client.frames(head)]
            assert frames[-1] == answers.DONE, "a stream was cut by the drain"
        for client in clients:
            client.close()
        assert gateway.child.wait(3) == 0, "it does not end when the last stream has ended"
        assert len([r for r in gateway.settlements() if r["outcome"] == "ok"]) == 20


def test_f42_not_ready_while_draining(upstream):
    upstream.default = SLOW
    with Gateway(edge(upstream.port)) as gateway:
        held = Client(gateway.port)  # an open connection: new ones may be refused already
        from support.client import request
        held.send(request("GET", "/readyz"))
        assert held.read_answer().status == 200
        busy = Client(gateway.port).send(chat_request(stream=True))
        busy.read_head()
        gateway.child.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        status = None
        try:
            held.send(request("GET", "/readyz"))
            status = held.read_answer().status
        except Exception:
            try:
                status = fetch(gateway, "GET", "/readyz", timeout=1).status
            except OSError:
                pass
        assert status in (503, None), f"ready while draining: {status}"
        busy.close()


def test_f42_the_drain_has_an_end(upstream):
    upstream.default = scripts.endless(answers.sse(answers.delta({"content": "x"})), 0.05)
    config = edge(upstream.port)
    config["server"]["drain"] = "1s"
    with Gateway(config) as gateway:
        client = Client(gateway.port).send(chat_request(stream=True))
        head = client.read_head()
        began = time.monotonic()
        gateway.child.send_signal(signal.SIGTERM)
        try:
            text = b"".join(frame for _, frame in client.frames(head))
            assert b'"error"' in text, "the stream ended without a word"
        except Exception as error:
            assert type(error).__name__ in ("Closed", "ConnectionResetError"), error
        assert gateway.child.wait(5) == 0
        assert time.monotonic() - began < 2.5


def test_f42_a_second_sigterm_ends_at_once(upstream):
    upstream.default = scripts.hang()
    with Gateway(edge(upstream.port)) as gateway:
        client = Client(gateway.port).send(chat_request())
        assert eventually(lambda: upstream.requests)
        gateway.child.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert gateway.alive(), "it did not wait for the call"
        began = time.monotonic()
        gateway.child.send_signal(signal.SIGTERM)
        gateway.child.wait(5)
        assert time.monotonic() - began < 1
        client.close()


def test_f42_idle_ends_at_once(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        idle = Client(gateway.port)
        chat(gateway)
        began = time.monotonic()
        assert gateway.terminate(5) == 0
        assert time.monotonic() - began < 1, "idle connections hold up the end"
        idle.close()
