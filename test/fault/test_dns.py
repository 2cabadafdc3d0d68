"""F24: names that flap. The last good address is used for a bounded time, a new one is picked up,
and nobody else waits."""

import time

import pytest

from support.client import chat
from support.dns import A, AAAA, NXDOMAIN, REFUSED, SERVFAIL, NameServer
from support.gateway import Gateway, edge, run_cli
from support.process import eventually
from support.scale import FULL
from support.steady import Steady, failures, percentile
from support.upstream import Upstream

NAME = "llm.signalbox.example"


@pytest.fixture
def dns():
    with NameServer() as server:
        yield server


def named(dns, port: int, **more) -> dict:
    """`edge` by its name, and `local` by its address for those who need no name."""
    more.setdefault("timeouts", {"connect": "2s"})
    config = edge(port, **more)
    config["providers"]["edge"]["base_url"] = f"http://{NAME}:{port}/v1"
    config["providers"]["local"] = {"type": "openai", "base_url": f"http://127.0.0.1:{port}/v1",
                                    "key": "none"}
    config["dns"] = {"servers": [dns.address]}
    config["retry"] = {"attempts": 1}
    return config


def twins():
    """Two upstreams on the same port of two addresses."""
    for _ in range(20):
        first = Upstream()
        first.__enter__()
        try:
            second = Upstream(address=("127.0.0.2", first.port))
            second.__enter__()
            return first, second
        except (OSError, AssertionError):
            first.__exit__(None)
    pytest.fail("no port is free on both addresses")


@pytest.fixture
def pair():
    first, second = twins()
    yield first, second
    second.__exit__(None)
    first.__exit__(None)


def anew(gateway, *upstreams, text: str = "hi"):
    """A request on a new connection, so that the name counts."""
    for upstream in upstreams:
        upstream.drop_all()
    return chat(gateway, text=text)


def test_f24_a_name_is_looked_up_once_and_kept_for_its_ttl(dns, upstream):
    dns.say(NAME, ["127.0.0.1"], ttl=60)
    with Gateway(named(dns, upstream.port)) as gateway:
        for number in range(5):
            assert anew(gateway, upstream, text=f"n{number}").text() == f"n{number}"
        assert (dns.count(NAME, A), dns.count(NAME, AAAA)) == (1, 1), dns.asked
        assert upstream.requests[0].header("host") == f"{NAME}:{upstream.port}"


@pytest.mark.parametrize("ttl", [0, 1])
def test_f24_a_changed_address_is_picked_up(dns, pair, ttl):
    first, second = pair
    dns.say(NAME, ["127.0.0.1"], ttl=ttl)
    with Gateway(named(dns, first.port)) as gateway:
        assert anew(gateway).status == 200
        assert anew(gateway, first).status == 200
        assert dns.count(NAME) == 1, "a TTL of 0 is no reason to ask each time"
        dns.say(NAME, ["127.0.0.2"], ttl=ttl)
        moved = time.monotonic()
        assert eventually(lambda: anew(gateway, first, second).status == 200 and second.requests, 4)
        took = time.monotonic() - moved
        before = len(first.requests)
        for _ in range(5):
            assert anew(gateway, first, second).status == 200
        assert len(first.requests) == before, "the old address is still used"
        print(f"\nTTL {ttl}: the new address is used after {took:.2f} s")


def test_f24_an_address_that_moved_and_is_gone_costs_no_request(dns, pair):
    first, second = pair
    dns.say(NAME, ["127.0.0.1"], ttl=0)
    config = named(dns, first.port)
    config["retry"] = {"attempts": 3}
    with Gateway(config) as gateway:
        assert anew(gateway).status == 200
        dns.say(NAME, ["127.0.0.2"], ttl=0)
        first.refuse()
        time.sleep(1.1)  # the shortest time that an answer is kept
        for number in range(3):
            assert chat(gateway, text=f"n{number}").text() == f"n{number}"
        assert len(second.requests) == 3


FLAPS = {"nxdomain": {"code": NXDOMAIN}, "servfail": {"code": SERVFAIL},
         "refused": {"code": REFUSED}, "silent": {"silent": (A, AAAA)}, "empty": {},
         "garbage": {"garbage": b"\xff" * 40}}


def test_f24_the_last_good_address_is_used_for_a_bounded_time(dns, upstream):
    """All kinds at once, each with a name and a provider of its own."""
    config = named(dns, upstream.port)
    config["dns"]["stale"] = "1s"
    config["breaker"] = {"failures": 10000, "min_calls": 100000}
    for kind in FLAPS:
        url = f"http://{kind}.example:{upstream.port}/v1"
        config["providers"][kind] = {"type": "openai", "base_url": url, "key": "none",
                                     "timeouts": {"connect": "200ms"}}

    def anew_of_all() -> dict:
        upstream.drop_all()
        return {kind: chat(gateway, f"{kind}/m") for kind in FLAPS}

    with Gateway(config) as gateway:
        for kind in FLAPS:
            dns.say(f"{kind}.example", ["127.0.0.1"], ttl=1)
        assert {a.status for a in anew_of_all().values()} == {200}
        for kind, flap in FLAPS.items():
            dns.say(f"{kind}.example", **flap)
        time.sleep(1.1)  # the answers have run out
        for _ in range(2):
            began = time.monotonic()
            found = {kind: answer.status for kind, answer in anew_of_all().items()}
            assert set(found.values()) == {200}, f"names that were known are lost: {found}"
            assert time.monotonic() - began < 0.5, "somebody waited for the name server"
        time.sleep(1)
        for kind, lost in anew_of_all().items():
            assert lost.status == 502, (kind, lost)
            message = lost.json()["error"]["message"]
            assert f"{kind}.example" in message, message
            assert "resolved" in message or "look up" in message, message
        for kind in FLAPS:
            dns.say(f"{kind}.example", ["127.0.0.1"], ttl=1)
        kinds = [kind for kind in FLAPS if FULL or kind not in ("silent", "garbage")]
        assert eventually(lambda: {chat(gateway, f"{kind}/m").status for kind in kinds} == {200},
                          8, 0.1), "a name never recovers"


@pytest.mark.parametrize("kind,words", [("nxdomain", ["cannot be resolved", "base_url"]),
                                        ("empty", ["cannot be resolved", "no address"]),
                                        ("servfail", ["cannot be resolved", "name server"])])
def test_f24_a_name_that_never_was(dns, upstream, kind, words):
    dns.say(NAME, **FLAPS[kind])
    with Gateway(named(dns, upstream.port)) as gateway:
        began = time.monotonic()
        answer = chat(gateway)
        assert answer.status == 502 and time.monotonic() - began < 1, answer
        message = answer.json()["error"]["message"]
        for word in (NAME, *words):
            assert word in message, message
        for _ in range(10):
            assert chat(gateway).status in (502, 503)
        assert dns.count(NAME) <= 4, "each request asks again for a name that failed just now"
        assert chat(gateway, "local/m").status == 200


def test_f24_a_slow_name_server_holds_up_nobody_else(dns, upstream):
    """One worker: what it waits for must not keep it from serving others."""
    dns.say(NAME, ["127.0.0.1"], delay=1.0)
    with Gateway(named(dns, upstream.port)) as gateway, \
            Steady(gateway.port, 100, "local/m") as others:
        assert eventually(lambda: len(others.seen) > 10)
        began = time.monotonic()
        assert chat(gateway).status == 200
        took = time.monotonic() - began
        seen = others.stop()
        assert not failures(seen)
        meanwhile = [s.took for s in seen if began < s.at < began + took]
        print(f"\nthe name took {took:.2f} s; {len(meanwhile)} others meanwhile, p99 "
              f"{1000 * percentile(meanwhile, 0.99):.1f} ms")
        assert 1.0 <= took < 1.5
        assert len(meanwhile) > 50 and percentile(meanwhile, 0.9) < 0.1


def test_f24_a_name_server_that_never_answers(dns, upstream):
    """The connect limit ends the wait, and the error says what it waited for."""
    dns.say(NAME, silent=(A, AAAA))
    config = named(dns, upstream.port, timeouts={"connect": "500ms"})
    with Gateway(config) as gateway:
        began = time.monotonic()
        answer = chat(gateway)
        took = time.monotonic() - began
        assert answer.status == 502 and 0.4 < took < 1, (answer, took)
        assert f"look up {NAME}" in answer.json()["error"]["message"], answer.body


def test_f24_silence_about_ipv6_does_not_hold_up_ipv4(dns, upstream):
    """Some name servers and firewalls drop every question for AAAA."""
    dns.say(NAME, ["127.0.0.1"], silent=(AAAA,), ttl=0)
    with Gateway(named(dns, upstream.port)) as gateway:
        began = time.monotonic()
        assert chat(gateway).status == 200
        assert time.monotonic() - began < 0.5, "IPv4 waited for IPv6"
        time.sleep(1.1)
        began = time.monotonic()
        assert anew(gateway, upstream).status == 200
        assert time.monotonic() - began < 0.3


def test_f24_the_next_address_is_tried(dns, pair):
    first, second = pair
    first.refuse()
    dns.say(NAME, ["127.0.0.1", "127.0.0.2", "::1"])
    with Gateway(named(dns, first.port)) as gateway:
        for _ in range(4):
            assert anew(gateway, second).status == 200


def test_f24_many_at_once_ask_once(dns, upstream):
    import asyncio

    from support.client import chat_request
    from support.steady import together

    dns.say(NAME, ["127.0.0.1"], delay=0.3)
    with Gateway(named(dns, upstream.port)) as gateway:
        seen = asyncio.run(together(gateway.port, [chat_request()] * 50))
        assert not failures(seen), failures(seen)[:2]
        assert dns.count(NAME) == 1


@pytest.mark.parametrize("server", ["name.example", "1.2.3", "127.0.0.1:0", "127.0.0.1:99999",
                                    "https://1.1.1.1", "[::1"])
def test_a_name_server_that_is_no_address_is_refused(tmp_path, server):
    path = tmp_path / "signalbox.yaml"
    path.write_text(f'dns:\n  servers: ["127.0.0.1", "{server}"]\n')
    done = run_cli("config", "check", str(path))
    if done.returncode == 2 and "dns" not in done.stderr + done.stdout:
        done = run_cli("config", "check", "--config", str(path))
    assert done.returncode != 0
    assert f"{path}:2" in done.stderr + done.stdout, done.stderr + done.stdout
    assert server in done.stderr + done.stdout
