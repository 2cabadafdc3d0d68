"""F42: the orderly end with a hundred streams under way."""

import signal
import socket
import time

import pytest

from support import answers, scripts
from support.client import Client, chat, chat_request, fetch
from support.gateway import Gateway, edge
from support.process import eventually

STREAMS = 100


def configuration(port: int, *, grace: str = "0s", drain: str = "20s") -> dict:
    config = edge(port)
    config["server"] = {"workers": 2, "grace": grace, "drain": drain}
    return config


def open_streams(gateway, count: int = STREAMS):
    clients = [Client(gateway.port, timeout=30).send(chat_request(stream=True))
               for _ in range(count)]
    return [(client, client.read_head()) for client in clients]


def refused(gateway) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=1):
            return False
    except ConnectionError:
        return True


def rest_of(client, head) -> list[bytes]:
    frames = [frame for _, frame in client.frames(head)]
    client.close()
    return frames


def test_f42_a_hundred_streams_finish_in_the_drain(upstream):
    upstream.default = scripts.stream(answers.frames(["x"] * 40), pace=0.05)
    with Gateway(configuration(upstream.port, grace="600ms")) as gateway:
        streams = open_streams(gateway)
        upstream.default = scripts.answer()
        gateway.child.send_signal(signal.SIGTERM)
        assert eventually(lambda: fetch(gateway, "GET", "/readyz").status == 503, 0.5)
        assert chat(gateway, text="in the grace").text() == "in the grace"
        assert fetch(gateway, "GET", "/healthz").status == 200
        assert eventually(lambda: refused(gateway), 3), "new ones are taken after the grace"
        assert gateway.alive(), "it did not wait for the streams"
        cut = [frames for frames in (rest_of(*each) for each in streams)
               if frames[-1] != answers.DONE]
        assert not cut, f"{len(cut)} of {STREAMS} streams were cut: {cut[0][-2:]}"
        began = time.monotonic()
        assert gateway.child.wait(10) == 0
        assert time.monotonic() - began < 2, "it does not end with its last stream"
        settled = gateway.settlements()
        assert [r["outcome"] for r in settled] == ["ok"] * (STREAMS + 1)


def test_f42_what_the_drain_does_not_see_ending_gets_an_error_event(upstream):
    upstream.default = scripts.endless(answers.sse(answers.delta({"content": "x"})), 0.05)
    with Gateway(configuration(upstream.port, drain="1s")) as gateway:
        streams = open_streams(gateway)
        upstream.default = scripts.hang()
        whole = [Client(gateway.port).send(chat_request()) for _ in range(5)]
        assert eventually(lambda: len(upstream.requests) == STREAMS + 5)
        began = time.monotonic()
        gateway.child.send_signal(signal.SIGTERM)
        for client, head in streams:
            last = rest_of(client, head)[-1]
            assert last.startswith(b'data: {"error":'), f"ended without a word: {last!r}"
        for client in whole:
            answer = client.read_answer()
            assert answer.status == 503, answer.body
            assert answer.json()["error"]["message"]
            client.close()
        assert gateway.child.wait(10) == 0
        assert time.monotonic() - began < 1 + 2, "longer than the drain"
        settled = gateway.settlements()
        assert [r["outcome"] for r in settled] == ["failed"] * (STREAMS + 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_f42_a_second_signal_ends_the_grace_and_a_third_the_drain(upstream, number):
    upstream.default = scripts.endless(answers.sse(answers.delta({"content": "x"})), 0.05)
    with Gateway(configuration(upstream.port, grace="1m")) as gateway:
        (client, head), = open_streams(gateway, 1)
        gateway.child.send_signal(number)
        assert eventually(lambda: fetch(gateway, "GET", "/readyz").status == 503, 2)
        assert not refused(gateway), "the grace was left out"
        gateway.child.send_signal(number)
        assert eventually(lambda: refused(gateway), 3), "the second signal did not end the grace"
        assert gateway.alive(), "the drain was left out"
        gateway.child.send_signal(number)
        assert gateway.child.wait(3) == -number
        client.close()


def test_f42_a_reload_is_not_taken_up_while_it_ends(upstream):
    upstream.default = scripts.stream(answers.frames(["x"] * 20), pace=0.05)
    with Gateway(configuration(upstream.port, grace="600ms")) as gateway:
        streams = open_streams(gateway, 3)
        gateway.child.send_signal(signal.SIGTERM)
        assert eventually(lambda: fetch(gateway, "GET", "/readyz").status == 503, 0.5)
        for number in (signal.SIGHUP, signal.SIGUSR2, signal.SIGHUP):
            gateway.child.send_signal(number)
        for client, head in streams:
            assert rest_of(client, head)[-1] == answers.DONE
        assert gateway.child.wait(10) == 0
        assert "upgrading" not in gateway.log()
