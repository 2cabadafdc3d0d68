"""Every section that can be reloaded takes effect without a restart; the others say that they do
not."""

import json
import socket
import ssl

import pytest

from support import answers, scripts
from support.certs import Authority
from support.change import log_records, reload, reload_command, replace_file, rewrite
from support.client import Client, chat, chat_request, fetch
from support.gateway import Gateway, edge, run_cli
from support.process import eventually
from support.upstream import Upstream


@pytest.fixture
def running(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        yield gateway


def names(gateway, headers=()) -> set[str]:
    models = fetch(gateway, "GET", "/v1/models", headers=headers).json()["data"]
    return {each["id"] for each in models}


def test_a_provider_is_added_changed_and_removed(running, upstream):
    with Upstream(scripts.answer(answers.completion("from the other"))) as other:
        config = edge(upstream.port)
        assert chat(running, "second/m").status == 404
        config["providers"]["second"] = {
            "type": "openai", "base_url": other.url, "key": "none", "models": ["m"]}
        reload(running, config)
        assert chat(running, "second/m").text() == "from the other"
        assert "second/m" in names(running)
        config["providers"]["second"]["base_url"] = upstream.url
        reload(running, config)
        assert chat(running, "second/m", "back").text() == "back"
        del config["providers"]["second"]
        reload(running, config)
        assert chat(running, "second/m").status == 404
        assert "second/m" not in names(running)


def test_connections_to_an_unchanged_provider_are_kept(running, upstream):
    assert chat(running).status == 200
    config = edge(upstream.port)
    config["models"] = {"fast": {"targets": ["edge/m"]}}
    reload(running, config)
    assert chat(running).status == 200
    assert len(upstream.connections) == 1, "the reload threw a good connection away"


def test_connections_to_a_provider_that_is_gone_are_closed(running, upstream):
    assert chat(running).status == 200
    assert len(upstream.open_connections()) == 1
    config = edge(upstream.port)
    config["providers"] = {"other": config["providers"]["edge"]}
    reload(running, config)
    assert eventually(lambda: not upstream.open_connections(), 5), "its connection is still open"


def test_aliases_and_the_default(running, upstream):
    config = edge(upstream.port)
    config["models"] = {"fast": {"targets": ["edge/small"]}}
    config["routing"] = {"default": "edge/usual"}
    reload(running, config)
    assert chat(running, "fast").status == 200
    assert json.loads(upstream.requests[-1].body)["model"] == "small"
    assert chat(running, "auto").status == 200
    assert json.loads(upstream.requests[-1].body)["model"] == "usual"
    config["models"] = {"fast": {"targets": ["edge/tiny"]}}
    config["routing"] = {"default": "edge/other"}
    reload(running, config)
    assert chat(running, "fast").status == 200
    assert json.loads(upstream.requests[-1].body)["model"] == "tiny"
    assert chat(running, "auto").status == 200
    assert json.loads(upstream.requests[-1].body)["model"] == "other"


def test_timeouts_of_a_provider(running, upstream):
    upstream.default = scripts.answer(delay=0.5)
    assert chat(running).status == 200
    config = edge(upstream.port, timeouts={"first_byte": "100ms"})
    config["retry"] = {"attempts": 1}
    reload(running, config)
    assert chat(running).status == 504


def test_limits_of_the_server(running, upstream):
    config = edge(upstream.port)
    config["server"]["limits"] = {"body_bytes": "2KiB", "header_fields": 10}
    assert chat(running, text="x" * 4000).status == 200
    reload(running, config)
    assert chat(running, text="x" * 4000).status == 413
    many = [(f"X-{n}", "1") for n in range(20)]
    assert fetch(running, "GET", "/healthz", headers=many).status == 431
    reload(running, edge(upstream.port))
    assert chat(running, text="x" * 4000).status == 200
    assert fetch(running, "GET", "/healthz", headers=many).status == 200


def test_timeouts_of_the_server(running, upstream):
    config = edge(upstream.port)
    config["server"]["timeouts"] = {"header": "200ms"}
    reload(running, config)
    with Client(running.port) as client:
        client.send(b"GET /healthz HTTP/1.1\r\n")
        assert client.read_answer().status == 408


def test_the_access_key(running, upstream):
    config = edge(upstream.port)
    config["access"] = {"key": "first-key-0123456789"}
    reload(running, config)
    assert chat(running).status == 401
    bearer = [("Authorization", "Bearer first-key-0123456789")]
    assert chat(running, headers=bearer).status == 200
    with Client(running.port) as kept:  # a connection of the time before
        kept.send(chat_request(headers=bearer))
        assert kept.read_answer().status == 200
        config["access"] = {"key": "second-key-0123456789"}
        reload(running, config)
        kept.send(chat_request(headers=bearer))
        assert kept.read_answer().status == 401, "the old key still opens"
    assert chat(running, headers=[("Authorization", "Bearer second-key-0123456789")]).status == 200


def test_retries(running, upstream):
    down = scripts.answer(answers.error("down", "server_error"), status=500)
    config = edge(upstream.port)
    config["retry"] = {"attempts": 1}
    reload(running, config)
    upstream.plan[:] = [down]
    assert chat(running).status == 500
    config["retry"] = {"attempts": 3, "attempts_per_target": 2, "base": "10ms"}
    reload(running, config)
    upstream.plan[:] = [down]
    assert chat(running).status == 200


def test_the_breaker(running, upstream):
    down = scripts.answer(answers.error("down", "server_error"), status=500)
    config = edge(upstream.port)
    config["retry"] = {"attempts": 1}
    config["breaker"] = {"failures": 2, "open": "30s", "open_max": "1m"}
    reload(running, config)
    upstream.default = down
    for _ in range(2):
        chat(running)
    asked = len(upstream.requests)
    assert chat(running).status == 503
    assert len(upstream.requests) == asked, "an open breaker let a call through"


def test_prices(running, upstream):
    config = edge(upstream.port)
    config["catalog"] = {"edge/m": {"prices": {"always": {"input": "1", "output": "2"}}}}
    reload(running, config)
    cost = chat(running, "edge/m").header("x-signalbox-cost-usd")
    config["catalog"] = {"edge/m": {"prices": {"always": {"input": "10", "output": "20"}}}}
    reload(running, config)
    dearer = chat(running, "edge/m").header("x-signalbox-cost-usd")
    assert cost and dearer and float(dearer) == pytest.approx(10 * float(cost)), (cost, dearer)


def test_the_log_level(running, upstream):
    config = edge(upstream.port)
    config["log"] = {"level": "error"}
    reload(running, config)
    before = len(log_records(running, "configuration reloaded"))
    config["routing"] = {"default": "edge/m"}
    reload(running, config)
    assert len(log_records(running, "configuration reloaded")) == before
    config["log"] = {"level": "info"}
    reload(running, config)
    config["routing"] = {"default": "edge/n"}
    reload(running, config)
    assert eventually(lambda: len(log_records(running, "configuration reloaded")) > before)


def test_the_certificate_is_replaced(tmp_path, upstream):
    """By the files alone, and connections of the time before go on."""
    authority = Authority(tmp_path)
    first = authority.sign("first", "DNS:first.test,IP:127.0.0.1")
    second = authority.sign("second", "DNS:second.test,IP:127.0.0.1")
    cert, key = tmp_path / "now.pem", tmp_path / "now.key"

    def put(pair):
        for source, target in zip(pair, (cert, key)):
            replace_file(str(target), open(source).read())

    def name() -> str:
        context = ssl.create_default_context(cafile=authority.pem)
        with socket.create_connection(("127.0.0.1", gateway.port), 5) as plain, \
                context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
            return dict(x[0] for x in secure.getpeercert()["subject"])["commonName"]

    put(first)
    config = edge(upstream.port)
    config["server"]["tls"] = {"cert": str(cert), "key": str(key)}
    with Gateway(config) as gateway:
        assert name() == "first"
        trusting = ssl.create_default_context(cafile=authority.pem)
        with Client(gateway.port, tls=trusting) as kept:
            kept.send(chat_request())
            assert kept.read_answer().status == 200
            put(second)
            assert eventually(lambda: name() == "second", 10, 0.1), "the file is not noticed"
            kept.send(chat_request())
            assert kept.read_answer().status == 200, "a connection of the time before was cut"
        put((first[0], second[1]))  # a certificate with another one's key
        done = reload_command(gateway)
        assert done.returncode == 2 and "server.tls" in done.stderr, done.stderr
        assert name() == "second"


def test_authorities_of_a_provider(tmp_path, upstream):
    """The file of its `ca` changes: what it signs is believed from then on."""
    right, wrong = Authority(tmp_path, "right"), Authority(tmp_path, "wrong")
    cert, key = right.sign("server", "IP:127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    believed = tmp_path / "believed.pem"
    replace_file(str(believed), open(wrong.pem).read())
    with Upstream(tls=context) as secure:
        config = edge(upstream.port)
        config["retry"] = {"attempts": 1}
        config["breaker"] = {"failures": 1000}
        config["providers"]["edge"].update(base_url=secure.url, ca=str(believed))
        with Gateway(config) as gateway:
            assert chat(gateway).status == 502
            replace_file(str(believed), open(right.pem).read())
            reload(gateway)
            assert chat(gateway).status == 200


def test_an_included_file_and_a_secret_file(tmp_path, upstream):
    """A change of a file that the configuration names is noticed by itself."""
    part, secret = tmp_path / "part.yaml", tmp_path / "secret"
    secret.write_text("sk-one-00000000000000")
    part.write_text("models: { fast: { targets: [edge/one] } }\n")
    text = (f"include: {part}\nserver: {{ workers: 1 }}\nproviders:\n  edge:\n    type: openai\n"
            f"    base_url: {upstream.url}\n    key: {{ file: {secret} }}\n")
    with Gateway(text) as gateway:
        assert chat(gateway, "fast").status == 200
        assert upstream.requests[-1].header("authorization") == "Bearer sk-one-00000000000000"
        replace_file(str(part), "models: { fast: { targets: [edge/two] } }\n")
        replace_file(str(secret), "sk-two-11111111111111")

        def both():
            assert chat(gateway, "fast").status == 200
            last = upstream.requests[-1]
            return json.loads(last.body)["model"] == "two" and \
                last.header("authorization") == "Bearer sk-two-11111111111111"

        assert eventually(both, 10, 0.1)


def test_keys_with_weights_are_rotated(running, upstream):
    config = edge(upstream.port)
    provider = config["providers"]["edge"]
    del provider["key"]
    provider["keys"] = {"a": {"key": "sk-a-00000000000000"}, "b": {"key": "sk-b-00000000000000"}}
    reload(running, config)
    for _ in range(40):
        assert chat(running).status == 200
    assert {r.header("authorization")[7:11] for r in upstream.requests} == {"sk-a", "sk-b"}
    provider["keys"] = {"b": {"key": "sk-b-00000000000000"}, "c": {"key": "sk-c-00000000000000"}}
    reload(running, config)
    upstream.forget()
    for _ in range(40):
        assert chat(running).status == 200
    assert {r.header("authorization")[7:11] for r in upstream.requests} == {"sk-b", "sk-c"}


def test_what_needs_a_restart_is_said_and_left(running, upstream):
    config = edge(upstream.port)
    config["server"]["workers"] = 3
    config["ledger"] = {"ring": "2MiB"}
    rewrite(running, config)
    done = reload_command(running)
    assert done.returncode == 0, done.stderr
    for name in ("server.workers", "ledger.ring"):
        line = [each for each in done.stdout.splitlines() if name in each]
        assert line and "restart" in line[0], done.stdout
    assert chat(running).status == 200
    # Said again until it is done, and no other change is lost by it.
    config["routing"] = {"default": "edge/m"}
    rewrite(running, config)
    done = reload_command(running)
    assert "server.workers" in done.stdout and "routing.default" in done.stdout


def test_the_command_without_a_running_program(tmp_path):
    done = run_cli("config", "reload", "--data", str(tmp_path / "nothing"))
    assert done.returncode not in (0, 2), "it is not the configuration that is wrong"
    assert "signalbox serve" in done.stderr, "it does not say what to do"


def test_a_reload_that_changes_nothing(running):
    done = reload_command(running)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "reloaded")
