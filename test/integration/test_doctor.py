"""`signalbox doctor`: real trouble, and what it says about it."""

import email.utils
import fcntl
import json
import os
import pathlib
import pty
import re
import resource
import socket
import ssl
import struct
import subprocess
import time

import pytest

from support import scripts
from support.certs import Authority
from support.gateway import BINARY, Gateway, clean_env, edge, run_cli
from support.relay import Relay
from support.upstream import Upstream
from support.yaml_text import dump

KEY = "sk-proj-Zq81LmcRt07vBXwe93KdPyH2"
MODELS = {"object": "list", "data": [{"id": "llama-4-scout", "object": "model"},
                                     {"id": "llama-4-maverick", "object": "model"}]}


def provider(key: str | None = KEY, models=MODELS, headers=()):
    """A fake vendor: GET /models wants `key`."""

    async def script(conn, request):
        if request.target != "/v1/models":
            await scripts.answer({"error": {"message": "no such path"}}, 404)(conn, request)
        elif key and request.header("authorization") != f"Bearer {key}":
            await scripts.answer({"error": {"message": "wrong key"}}, 401)(conn, request)
        else:
            await scripts.answer(models, headers=headers)(conn, request)

    return script


@pytest.fixture
def doctor(tmp_path):
    """Runs it on a configuration with a data directory of the test's own: (status, checks, text)."""

    def run(config: dict | str, *args: str, env=None, data=None):
        path = tmp_path / "signalbox.yaml"
        path.write_text(config if isinstance(config, str) else dump(config))
        where = () if "--listen" in args else ("--listen", "127.0.0.1:0")
        done = run_cli("doctor", "-c", str(path), "--json", *where, "--data",
                       data or str(tmp_path / "data"), *args, env=env, timeout=40)
        assert done.returncode in (0, 1, 2), done.stderr
        report = json.loads(done.stdout)
        if report["state"] != "bad":
            assert done.returncode == 0
        return done.returncode, report["checks"], done.stdout

    return run


def find(checks, area: str, check: str, state: str | None = None) -> dict:
    found = [c for c in checks if c["area"] == area and c["check"] == check
             and state in (None, c["state"])]
    assert found, (area, check, state, checks)
    return found[-1]


def bad(checks) -> list:
    return [c for c in checks if c["state"] == "bad"]


def test_all_is_well(doctor):
    with Upstream(provider()) as upstream:
        status, checks, text = doctor(edge(upstream.port, key=KEY))
    assert status == 0 and not bad(checks), checks
    assert find(checks, "providers", "edge")["found"] == "key accepted, lists 2 models"
    assert "from " in find(checks, "keys", "edge")["found"]
    assert "made at the first start" in find(checks, "data", "directory")["found"]
    assert KEY not in text and "Zq81" not in text


def test_nothing_is_asked_offline(doctor):
    with Upstream(provider()) as upstream:
        status, checks, _ = doctor(edge(upstream.port, key=KEY), "--offline")
        assert not upstream.connections
    assert status == 0
    assert find(checks, "providers", "network")["state"] == "skipped"


def test_a_key_that_is_refused(doctor):
    with Upstream(provider()) as upstream:
        status, checks, text = doctor(edge(upstream.port, key="sk-proj-withdrawn-one-0001"))
    assert status == 1
    found = find(checks, "providers", "edge", "bad")
    assert "refused (401)" in found["found"] and "providers.edge.key" in found["next"]
    assert "withdrawn-one" not in text


def test_each_of_several_keys_is_tried(doctor):
    config = edge(0, keys={"a": {"key": KEY}, "b": {"key": "sk-proj-withdrawn-one-0001"}})
    del config["providers"]["edge"]["key"]
    with Upstream(provider()) as upstream:
        config["providers"]["edge"]["base_url"] = f"http://127.0.0.1:{upstream.port}/v1"
        status, checks, _ = doctor(config)
    assert status == 1
    assert find(checks, "providers", "edge a")["state"] == "ok"
    assert find(checks, "providers", "edge b")["state"] == "bad"


def test_a_list_that_is_everybodys_says_nothing_about_the_key(doctor):
    with Upstream(provider(key=None)) as upstream:
        status, checks, _ = doctor(edge(upstream.port, key=KEY))
    assert status == 0
    assert "to everybody" in find(checks, "providers", "edge")["found"]
    assert "accepted" not in find(checks, "providers", "edge")["found"]


def test_a_provider_that_is_down(doctor):
    with socket.socket() as sock:  # bound, not listening: nobody else gets the port
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        status, checks, _ = doctor(edge(port, key=KEY))
    assert status == 1
    found = find(checks, "providers", "edge", "bad")
    assert str(port) in found["found"] and "start the server" in found["next"]
    assert "providers.edge.base_url" in found["next"]


def test_a_name_that_nobody_knows(doctor):
    config = edge(1, key=KEY, timeouts={"connect": "2s"})
    config["providers"]["edge"]["base_url"] = "http://no-such-host.invalid/v1"
    status, checks, _ = doctor(config)
    assert status == 1
    assert "no-such-host.invalid" in find(checks, "providers", "edge", "bad")["found"]
    assert "resolv.conf" in find(checks, "providers", "edge", "bad")["next"]


def test_a_provider_that_is_not_well(doctor):
    with Upstream(scripts.answer({}, 503)) as upstream:
        status, checks, _ = doctor(edge(upstream.port, key=KEY))
    assert status == 1 and "503" in find(checks, "providers", "edge", "bad")["found"]


def test_a_base_url_without_its_v1(doctor):
    with Upstream(provider()) as upstream:
        config = edge(upstream.port, key=KEY)
        config["providers"]["edge"]["base_url"] = f"http://127.0.0.1:{upstream.port}"
        _, checks, _ = doctor(config)
    found = find(checks, "providers", "edge", "warning")
    assert "404" in found["found"] and "/v1" in found["next"]


def test_a_web_page_is_no_api(doctor):
    with Upstream(scripts.answer(b"<html>hello</html>")) as upstream:
        status, checks, _ = doctor(edge(upstream.port, key=KEY))
    assert status == 1
    assert "not as an API" in find(checks, "providers", "edge", "bad")["found"]


def test_something_that_speaks_no_http(doctor):
    with Upstream(scripts.raw(b"SSH-2.0-OpenSSH_9.2\r\n", close=True)) as upstream:
        status, checks, _ = doctor(edge(upstream.port, key=KEY))
    assert status == 1
    assert "base_url" in find(checks, "providers", "edge", "bad")["next"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def tls(cert: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@pytest.mark.parametrize("case,advice", [("good", None), ("expired", "run out"),
                                         ("unknown", "providers.edge.ca: FILE"),
                                         ("wrong-name", "providers.edge.base_url"),
                                         ("http-to-tls", "https://"),
                                         ("tls-to-http", "http://")])
def test_certificates_of_providers(doctor, authority, case, advice):
    name = "other.example" if case == "wrong-name" else "localhost"
    cert, key = authority.sign(f"doctor-{case}", f"DNS:{name}",
                               days=-1 if case == "expired" else 2)
    context = None if case == "tls-to-http" else tls(cert, key)
    greeting = scripts.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", close=True)
    with Upstream(provider(), tls=context,
                  on_connect=greeting if case == "tls-to-http" else None) as upstream:
        config = edge(upstream.port, key=KEY)
        scheme = "http" if case == "http-to-tls" else "https"
        config["providers"]["edge"]["base_url"] = f"{scheme}://localhost:{upstream.port}/v1"
        if case != "unknown":
            config["providers"]["edge"]["ca"] = authority.pem
        status, checks, _ = doctor(config)
    if advice is None:
        assert status == 0
        assert "runs out in 1 days" in find(checks, "providers", "edge", "warning")["found"]
        assert "accepted" in find(checks, "providers", "edge", "ok")["found"]
        return
    assert status == 1
    assert advice in find(checks, "providers", "edge", "bad")["next"]


def test_a_clock_that_is_an_hour_off(doctor):
    late = email.utils.formatdate(time.time() - 3600, usegmt=True)
    with Upstream(provider(headers=[("Date", late)])) as upstream:
        status, checks, _ = doctor(edge(upstream.port, key=KEY))
    assert status == 0
    found = find(checks, "machine", "clock", "warning")
    assert re.search(r"3(599|60\d) s ahead of", found["found"]), found


@pytest.mark.parametrize("key,found", [('"sk-proj-Zq81LmcRt07vBX"', "quotation marks"),
                                       ("sk-xxxxxxxxxxxx", "example"),
                                       ("your-key-here", "example"),
                                       ("sk-proj-Zq81Lmc Rt07vBX", "space"),
                                       ("Bearer sk-proj-Zq81Lmc", "Bearer")])
def test_keys_that_cannot_be_one(doctor, key, found):
    config = edge(1, key="${EDGE_KEY}")
    status, checks, text = doctor(config, "--offline", env={"EDGE_KEY": key})
    assert status == 1
    finding = find(checks, "keys", "edge", "bad")
    assert found in finding["found"] and "EDGE_KEY" in finding["found"] and finding["next"]
    assert "Zq81" not in text


def test_a_key_of_another_vendor(doctor):
    config = {"providers": {"openai": {"key": "${K}"}}}
    status, checks, _ = doctor(config, "--offline", env={"K": "gsk_9dKw02mZrPq7VtLxEo31"})
    assert status == 0, "it may be one all the same"
    assert "groq" in find(checks, "keys", "openai", "warning")["found"]


def test_keys_of_the_environment_are_named_by_their_variable(tmp_path):
    done = run_cli("doctor", "--json", "--offline", "--listen", "127.0.0.1:0", "--data",
                   str(tmp_path / "d"), env={"OPENAI_API_KEY": KEY, "GROK_API_KEY": "xai-" + KEY},
                   cwd=str(tmp_path))
    checks = json.loads(done.stdout)["checks"]
    assert find(checks, "keys", "openai")["found"] == "from OPENAI_API_KEY"
    assert find(checks, "keys", "xai")["found"] == "from GROK_API_KEY"
    assert KEY not in done.stdout


def test_no_key_at_all(tmp_path):
    done = run_cli("doctor", "--json", "--offline", "--listen", "127.0.0.1:0", "--data",
                   str(tmp_path / "d"), cwd=str(tmp_path))
    checks = json.loads(done.stdout)["checks"]
    assert done.returncode == 0
    assert "OPENAI_API_KEY" in find(checks, "keys", "providers", "warning")["next"]


def test_every_mistake_of_the_configuration(doctor):
    status, checks, _ = doctor("server:\n  lisen: 127.0.0.1:1\nproviders:\n  edge:\n"
                               '    key: "${NO_SUCH_VARIABLE}"\n    base_url: nonsense\n')
    assert status == 2
    text = "\n".join(c["found"] for c in bad(checks))
    for line in (2, 5, 6):
        assert re.search(rf"signalbox\.yaml:{line}:\d+", text), (line, text)
    assert "listen" in text and "NO_SUCH_VARIABLE" in text
    assert find(checks, "providers", "all")["state"] == "skipped"


def test_a_file_that_nobody_named(tmp_path):
    (tmp_path / "signalbox.yaml").write_text("server: {}\n")
    done = run_cli("doctor", "--offline", "--json", "--listen", "127.0.0.1:0", "--data",
                   str(tmp_path / "d"), cwd=str(tmp_path))
    found = find(json.loads(done.stdout)["checks"], "configuration", "file", "warning")
    assert "signalbox serve -c signalbox.yaml" in found["next"]


@pytest.mark.parametrize("data", ["/proc/signalbox-data", "FILE/data"])
def test_a_data_directory_that_cannot_be_written(doctor, tmp_path, data):
    (tmp_path / "a-file").write_text("")
    path = data.replace("FILE", str(tmp_path / "a-file"))
    status, checks, _ = doctor("", "--offline", data=path)
    assert status == 1
    found = find(checks, "data", "directory", "bad")
    assert path in found["found"] and "--data DIR" in found["next"]


def test_nothing_is_left_behind(doctor, tmp_path):
    data = tmp_path / "empty"
    data.mkdir()
    status, checks, _ = doctor("", "--offline", data=str(data))
    assert status == 0 and "can be written" in find(checks, "data", "directory")["found"]
    assert not list(data.iterdir())


def test_a_port_that_is_taken(doctor):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        status, checks, _ = doctor("", "--offline", "--listen", f"127.0.0.1:{port}")
    assert status == 1
    found = find(checks, "listening", "address", "bad")
    assert str(port) in found["found"] and f"pid {os.getpid()}" in found["found"]
    assert "--listen" in found["next"]


def test_a_certificate_of_ours_that_has_run_out(doctor, authority):
    cert, key = authority.sign("ours-expired", "DNS:localhost", days=-1)
    status, checks, _ = doctor({"server": {"tls": {"cert": cert, "key": key}}}, "--offline")
    assert status == 1
    found = find(checks, "listening", "certificate", "bad")
    assert "2020-01-02" in found["found"] and "renew" in found["next"]


def test_fewer_descriptors_than_clients_that_are_wished_for(doctor):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if not 0 < hard < 500_000:
        pytest.skip("this machine limits no descriptors")
    limits = {"server": {"workers": 1, "limits": {"connections": hard}}}
    _, checks, _ = doctor(limits, "--offline")
    assert str(hard) in find(checks, "machine", "descriptors", "warning")["found"]
    limits["server"]["limits"]["connections"] = 100
    _, checks, _ = doctor(limits, "--offline")
    assert find(checks, "machine", "descriptors")["state"] == "ok"


def test_proxies_are_not_used_and_that_is_said(doctor):
    _, checks, _ = doctor("", "--offline", env={"HTTPS_PROXY": "http://proxy:3128"})
    assert "HTTPS_PROXY" in find(checks, "machine", "proxy", "warning")["found"]


def test_a_model_that_the_provider_does_not_list(doctor):
    with Upstream(provider()) as upstream:
        config = edge(upstream.port, key=KEY)
        config["models"] = {"fast": {"targets": ["edge/llama-4-scot"]}}
        status, checks, _ = doctor(config)
    assert status == 0
    found = find(checks, "models", "fast", "warning")
    assert "llama-4-scot" in found["found"] and found["next"] == "did you mean edge/llama-4-scout?"
    assert "edge/llama-4-scot" in find(checks, "models", "prices", "warning")["found"]


def test_a_model_that_its_vendor_has_taken_down(doctor):
    config = {"providers": {"openai": {"key": KEY}},
              "models": {"old": {"targets": ["openai/gpt-4-0314"]}}}
    status, checks, _ = doctor(config, "--offline")
    found = find(checks, "models", "old", "warning")
    assert status == 0 and "taken down" in found["found"] and "models list" in found["next"]


def test_how_tokens_are_counted(doctor, tmp_path):
    _, checks, _ = doctor("", "--offline", env={"SIGNALBOX_VOCABULARY": str(tmp_path / "none")})
    found = find(checks, "models", "token counts", "warning")
    assert "estimates" in found["found"] and "SIGNALBOX_VOCABULARY" in found["next"]


@pytest.fixture
def foreign_data(tmp_path):
    """A data directory whose lock names a process that does not hold it: another container's."""
    data = tmp_path / "shared"
    data.mkdir()
    other = subprocess.Popen(["sleep", "60"])
    with open(data / "lock", "w+") as lock:
        lock.write(f"{other.pid}\n")
        lock.flush()
        whole = struct.pack("hhlli4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, whole)
        yield str(data), other
    other.kill()
    other.wait()


def test_a_data_directory_of_another_container(doctor, foreign_data):
    data, other = foreign_data
    _, checks, text = doctor("", "--offline", data=data)
    assert "another machine or container" in find(checks, "data", "directory", "warning")["found"]
    assert f"pid {other.pid}" not in text
    for command in (["upgrade"], ["config", "reload"]):
        done = run_cli(*command, "--data", data)
        assert done.returncode == 1 and "where it runs" in done.stderr
    assert other.poll() is None, "somebody else's process was sent a signal"


def run_beside(gateway, *args):
    config = args or ("-c", os.path.join(gateway.folder, "signalbox.yaml"))
    done = run_cli("doctor", "--json", "--data", gateway.data, *config, "--listen",
                   f"127.0.0.1:{gateway.port}")
    return done.returncode, json.loads(done.stdout)["checks"]


def test_beside_a_running_signalbox():
    with Upstream(provider()) as upstream, Gateway(edge(upstream.port, key=KEY)) as gateway:
        status, checks = run_beside(gateway)
        assert status == 0, checks
        assert f"pid {gateway.pid}" in find(checks, "running", "signalbox")["found"]
        assert find(checks, "running", "ready")["state"] == "ok"
        assert find(checks, "running", "targets")["state"] == "ok"
        assert f"pid {gateway.pid}" in find(checks, "listening", "address", "ok")["found"]


def test_a_reload_that_was_refused():
    with Gateway({"server": {"workers": 1}}) as gateway:
        path = pathlib.Path(gateway.folder, "signalbox.yaml")
        good = path.read_text()
        path.write_text(good + "\nsrever: {}\n")
        assert run_cli("config", "reload", "-c", str(path), "--data",
                       gateway.data).returncode == 2
        path.with_name("good.yaml").write_text(good)
        _, checks = run_beside(gateway, "-c", str(path.with_name("good.yaml")))
        assert "srever" in find(checks, "running", "configuration", "warning")["found"]


def test_on_a_terminal_of_forty_columns(tmp_path):
    parent, child = pty.openpty()
    env = clean_env({"COLUMNS": "40", "TERM": "xterm"})
    done = subprocess.Popen([BINARY, "doctor", "--offline", "--listen", "127.0.0.1:0", "--data",
                             str(tmp_path / "d")], stdout=child, stderr=child, env=env,
                            cwd=tmp_path)
    os.close(child)
    text = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    assert done.wait(20) == 0
    os.close(parent)
    assert b"\x1b[32mok" in text
    plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", text.decode())
    for line in plain.replace("\r", "").splitlines():
        long_word = max(map(len, line.split()), default=0) > 25
        assert len(line) <= 40 or long_word, line


def deployment(url: str, *args: str, env=None):
    done = run_cli("doctor", "--deployment", url, "--json", *args, env=env, timeout=60)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)["checks"]


def test_a_deployment_that_is_well(sim_gateway):
    status, checks = deployment(sim_gateway.url, "--request")
    assert status == 0, checks
    assert find(checks, "service", "ready")["state"] == "ok"
    assert re.search(r"signalbox \d+\.\d+\.\d+", find(checks, "service", "version")["found"])
    assert re.search(r"[1-9]\d* events", find(checks, "streams", "piece by piece", "ok")["found"])
    assert "auto answered" in find(checks, "service", "request", "ok")["found"]
    assert find(checks, "access", "without a key")["state"] == "ok", "this machine only"


def test_a_deployment_is_asked_for_no_model_unless_one_says_so():
    with Upstream() as upstream, Gateway(edge(upstream.port, models=["m"])) as gateway:
        status, _ = deployment(gateway.url)
        assert status == 0 and not upstream.requests
        deployment(gateway.url, "--request")
        assert [r.target for r in upstream.requests] == ["/v1/chat/completions"]


def test_a_proxy_that_holds_streams_back(sim_gateway):
    with Relay(sim_gateway.port) as relay:
        status, checks = deployment(f"http://127.0.0.1:{relay.port}")
    assert status == 1
    found = find(checks, "streams", "piece by piece", "bad")
    assert "one lump" in found["found"] and "proxy_buffering off" in found["next"]


def test_a_proxy_that_reaches_nothing():
    with Relay(1, status=502) as relay:
        status, checks = deployment(f"http://127.0.0.1:{relay.port}")
    assert status == 1
    found = find(checks, "service", "alive", "bad")
    assert "502" in found["found"] and "proxy" in found["next"]


def test_a_deployment_behind_a_key():
    key = "a-long-access-key-0001"
    with Gateway({"access": {"key": key}}) as gateway:
        status, checks = deployment(gateway.url)
        assert status == 1
        assert "--key" in find(checks, "service", "models", "bad")["next"]
        status, checks = deployment(gateway.url, "--key", "a-wrong-access-key-001")
        assert status == 1 and "refused" in find(checks, "service", "models", "bad")["found"]
        status, checks = deployment(gateway.url, env={"SIGNALBOX_KEY": key})
        assert status == 0, checks
        assert "refused" in find(checks, "access", "without a key", "ok")["found"]


def test_administration_that_everybody_reaches():
    """A proxy that adds the key for everybody, at an address that is not this machine's alone."""
    key = "a-long-access-key-0001"
    with Gateway({"access": {"key": key}}) as gateway, \
            Relay(gateway.port, add_key=key) as relay:
        status, checks = deployment(f"http://0.0.0.0:{relay.port}")
    assert status == 1
    found = find(checks, "access", "without a key", "bad")
    for path in ("/v1/models", "/metrics", "/api/health/targets"):
        assert path in found["found"]
    assert find(checks, "address", "encryption")["state"] == "warning"


def test_nothing_is_deployed_there():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        status, checks = deployment(f"http://127.0.0.1:{sock.getsockname()[1]}")
    assert status == 3
    assert "--deployment" in find(checks, "address", "reached", "bad")["next"]


def test_something_else_is_deployed_there():
    with Upstream(scripts.answer({"hello": "world"}, 404, [("Server", "caddy")])) as upstream:
        status, checks = deployment(f"http://127.0.0.1:{upstream.port}")
    assert status == 1
    found = find(checks, "service", "alive", "bad")["found"]
    assert "404" in found and "caddy" in found


def test_a_deployment_with_tls(authority):
    cert, key = authority.sign("deployed", "DNS:localhost", days=30)
    with Gateway({"server": {"tls": {"cert": cert, "key": key}}}) as gateway:
        url = f"https://localhost:{gateway.port}"
        status, checks = deployment(url, "--ca", authority.pem)
        assert status == 0, checks
        assert "good until" in find(checks, "address", "certificate", "ok")["found"]
        status, checks = deployment(url)
        assert status == 3
        assert "--ca FILE" in find(checks, "address", "reached", "bad")["next"]


def test_a_url_that_is_none():
    done = run_cli("doctor", "--deployment", "nonsense")
    assert done.returncode == 2 and done.stderr.strip()
