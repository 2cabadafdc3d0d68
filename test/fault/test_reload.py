"""F40, F41: a configuration that changes under load, and one that is wrong."""

import os
import signal
import threading
import time

import pytest

from support import answers, scripts
from support.change import (Load, config_path, hang_up, log_records, metric, note_number, reload,
                            reload_command, rewrite, settled_once)
from support.client import Client, chat, chat_request
from support.gateway import Gateway, edge
from support.process import eventually
from support.recovery import settle
from support.scale import SANITIZED, pick
from support.upstream import Upstream


def mixed_request(number: int) -> bytes:
    return chat_request("edge/m", f"n{number % 97}", stream=number % 4 == 0)


async def mixed(conn, request):
    script = scripts.stream() if b'"stream": true' in request.body else scripts.answer()
    await script(conn, request)
    conn.requests.clear()
    conn.upstream.requests.clear()


def variant(port: int, number: int) -> dict:
    """A configuration that differs from the one before in every section that can be reloaded."""
    config = edge(port, timeouts={"total": f"{60 + number % 7}s"})
    config["server"]["limits"] = {"connections": 1000 + number % 5}
    config["models"] = {f"alias-{number % 3}": {"targets": ["edge/m"]}}
    config["retry"] = {"attempts": 3 + number % 2}
    config["breaker"] = {"min_calls": 20 + number % 2}
    if number % 2:
        config["providers"][f"extra-{number % 4}"] = {
            "type": "openai", "base_url": f"http://127.0.0.1:{port}/v1", "key": "none"}
    return config


def test_f41_reloads_under_load():
    rounds = pick(40, 1000)
    with Upstream(mixed) as upstream, Gateway(variant(upstream.port, 0)) as gateway:
        for number in range(4):  # every variant once: what is kept for them is there
            rewrite(gateway, variant(upstream.port, number))
            hang_up(gateway)
        for _ in range(20):
            assert chat(gateway, "edge/m").status == 200
        descriptors, memory = settle(gateway, upstream), gateway.rss_kib()
        began = time.monotonic()
        with Load(gateway.port, mixed_request) as load:
            for number in range(rounds):
                rewrite(gateway, variant(upstream.port, number))
                hang_up(gateway)
        seconds = time.monotonic() - began
        result = load.result
        assert not result.failures, f"{len(result.failures)} failed: {set(result.failures)}"
        assert result.latencies, "nothing was asked meanwhile"
        assert metric(gateway, "signalbox_config_last_reload_successful") == 1
        settled_once(gateway, result.request_ids)
        eventually(lambda: settle(gateway, upstream) <= descriptors, 5, 0)
        left = settle(gateway, upstream)
        assert left <= descriptors, f"descriptors: {descriptors} before, {left} after"
        grown = gateway.rss_kib() - memory
        print(f"{rounds} reloads in {seconds:.1f} s, {len(result.latencies)} requests, 0 failed, "
              f"p99 {result.percentile(0.99) * 1000:.1f} ms, memory {grown:+d} KiB")
        if not SANITIZED:
            eventually(lambda: gateway.rss_kib() - memory <= 4096, 5, 0.2)
            assert gateway.rss_kib() - memory <= 4096, f"memory grew by {grown} KiB"


def test_f41_streams_keep_the_configuration_they_began_with(upstream):
    """Their provider is taken out and its timeouts are cut; both hold for new requests only."""
    upstream.default = scripts.stream(answers.frames(["x"] * 20), pace=0.03)
    with Gateway(edge(upstream.port)) as gateway:
        clients = [Client(gateway.port).send(chat_request(stream=True)) for _ in range(10)]
        heads = [client.read_head() for client in clients]
        other = edge(upstream.port)
        other["providers"] = {"another": other["providers"]["edge"]}
        reload(gateway, other)
        assert chat(gateway).status == 404, "the provider is still there for new requests"
        assert chat(gateway, "another/m", stream=True).status == 200
        for client, head in zip(clients, heads):
            frames = [frame for _, frame in client.frames(head)]
            assert frames[-1] == answers.DONE, "a stream was cut by a reload"
            client.close()
        assert all(r["outcome"] == "ok" for r in gateway.settlements())


def test_f41_signals_that_come_all_at_once(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        before = note_number(gateway)
        for _ in range(200):
            os.kill(gateway.pid, signal.SIGHUP)
        assert eventually(lambda: note_number(gateway) > before, 10)
        assert chat(gateway).status == 200


BROKEN = [
    ("yaml", "server: [\n", "signalbox.yaml:2:1"),
    ("unknown key", "server: { workerz: 1 }\n", "workers"),
    ("wrong type", "server: { limits: { body_bytes: many } }\n", "size"),
    ("no such variable", 'access: { key: "${NO_SUCH_VARIABLE}" }\n', "NO_SUCH_VARIABLE"),
    ("no such secret", "access: { key: { file: /no/such/file } }\n", "access.key.file"),
    ("no such certificate", "server: { tls: { cert: /no/cert.pem, key: /no/key.pem } }\n",
     "/no/cert.pem"),
    ("an alias that leads nowhere", "models: { fast: { targets: [nobody/m] } }\n", "nobody"),
    ("open to the world", 'server: { metrics: "0.0.0.0:1" }\n', "access.key"),
    ("empty provider", "providers: { edge: { type: openai, base_url: nonsense } }\n", "base_url"),
]


@pytest.fixture(scope="module")
def steady(shared_upstream):
    config = edge(shared_upstream.port)
    with Gateway(config) as gateway:
        yield gateway, config


@pytest.mark.parametrize("text, said", [case[1:] for case in BROKEN],
                         ids=[case[0].replace(" ", "_") for case in BROKEN])
def test_f40_a_broken_reload_changes_nothing(steady, upstream, text, said):
    gateway, config = steady
    since = metric(gateway, "signalbox_config_last_reload_success_timestamp_seconds")
    refused = len(log_records(gateway, "the configuration is wrong; the one in effect stays"))
    rewrite(gateway, text)
    done = reload_command(gateway)
    assert done.returncode == 2, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert "refused; the configuration in effect stays" in done.stderr
    assert said in done.stderr, done.stderr
    assert metric(gateway, "signalbox_config_last_reload_successful") == 0
    assert metric(gateway, "signalbox_config_last_reload_success_timestamp_seconds") == since
    eventually(lambda: len(log_records(gateway, "the configuration is wrong; the one in effect "
                                                "stays")) > refused)
    problems = [r["problem"] for r in log_records(gateway, "problem in the configuration")]
    assert any(said in problem for problem in problems), problems
    answer = chat(gateway, text="still the old one")
    assert (answer.status, answer.text()) == (200, "still the old one")
    reload(gateway, config)
    assert metric(gateway, "signalbox_config_last_reload_successful") == 1


def test_f40_broken_reloads_under_load_fail_no_request():
    with Upstream(mixed) as upstream, Gateway(edge(upstream.port)) as gateway:
        good = edge(upstream.port)
        with Load(gateway.port, mixed_request, connections=4) as load:
            for number in range(pick(18, 200)):
                rewrite(gateway, BROKEN[number % len(BROKEN)][1])
                hang_up(gateway)
            rewrite(gateway, good)
            hang_up(gateway)
        assert not load.result.failures, set(load.result.failures)
        assert load.result.latencies
        assert metric(gateway, "signalbox_config_last_reload_successful") == 1


def test_f40_the_repair_of_a_broken_file_is_noticed_by_itself(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        rewrite(gateway, "server: {\n")
        assert eventually(
            lambda: metric(gateway, "signalbox_config_last_reload_successful") == 0, 10, 0.05)
        repaired = edge(upstream.port)
        repaired["models"] = {"fast": {"targets": ["edge/m"]}}
        rewrite(gateway, repaired)
        assert eventually(
            lambda: metric(gateway, "signalbox_config_last_reload_successful") == 1, 10, 0.05)
        assert chat(gateway, "fast").status == 200


def test_f40_a_file_that_is_gone_and_comes_back(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        os.rename(config_path(gateway), config_path(gateway) + ".away")
        done = reload_command(gateway)
        assert done.returncode != 0, "a configuration that is not there was taken over"
        assert chat(gateway).status == 200
        os.rename(config_path(gateway) + ".away", config_path(gateway))
        reload(gateway)


def test_a_key_that_is_rotated_is_never_sent_again(tmp_path, upstream):
    """R-63: a secret's file changes under load; behind the reload the old key is not used."""
    secret = tmp_path / "key"
    secret.write_text("sk-old-0000000000000000")
    config = edge(upstream.port, key={"file": str(secret)})
    with Gateway(config) as gateway:
        assert chat(gateway).status == 200
        stop = threading.Event()

        def ask():
            while not stop.is_set():
                assert chat(gateway).status == 200

        asking = threading.Thread(target=ask)
        asking.start()
        secret.write_text("sk-new-1111111111111111")
        reload(gateway)
        taken = len(upstream.requests)
        eventually(lambda: len(upstream.requests) > taken + 20)
        stop.set()
        asking.join()
        keys = [r.header("authorization") for r in upstream.requests]
        assert keys[0] == "Bearer sk-old-0000000000000000"
        assert set(keys[taken + 1:]) == {"Bearer sk-new-1111111111111111"}, "the old key was sent"
        switch = keys.index("Bearer sk-new-1111111111111111")
        assert set(keys[switch + 1:]) == {keys[switch]}, "old and new took turns"
        assert "sk-old-0000" not in gateway.log() and "sk-new-1111" not in gateway.log()
