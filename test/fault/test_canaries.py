"""F47: secrets and prompts are in no log, error, metric, answer, file or command line.

One program has every kind of secret, at the level `debug`; everything is done with it that can be
done, well and badly; then all that it said and wrote is looked through.
"""

import base64
import json
import pathlib
import secrets

import pytest

from support import answers, openapi, scripts
from support.canaries import Canaries, made
from support.change import config_path, hang_up, rewrite
from support.client import fetch
from support.gateway import Gateway, edge, run_cli
from support.management import Caller, bearer, first_key
from support.process import eventually
from support.upstream import Upstream

PROMPT, SYSTEM, TOOL, ANSWER = (made(name) for name in ("prompt", "system", "tool", "answer"))
PROVIDER_KEY, SECOND_KEY, ACCESS_KEY = (made(name) for name in ("provider", "second", "access"))
WRONG_KEY, DATABASE = made("wrong"), made("database")
MASTER = secrets.token_bytes(32)
READS = [("keys", "list"), ("users", "list"), ("teams", "list"), ("projects", "list"),
         ("tenants", "list"), ("budget", "list"), ("limits", "list"), ("usage",), ("requests",),
         ("audit", "list"), ("audit", "verify"), ("audit", "export"), ("whoami",), ("cache",),
         ("targets",)]


async def vendor(conn, request):
    """Its errors repeat what they were sent: the key, and the prompt."""
    asked = json.loads(request.body or b"{}")
    key = request.header("authorization").split()[-1]
    echo = {"error": {"message": f"Incorrect API key provided: {key}", "code": "bad_key"}}
    told = {"error": {"message": f"content policy: {PROMPT}", "code": "refused"}}
    script = {
        "key": scripts.answer(echo, 401), "policy": scripts.answer(told, 400),
        "down": scripts.answer(echo, 500), "reset": scripts.reset(),
        "nonsense": scripts.raw(scripts.whole(b"{" + ANSWER.encode())),
        "cut": scripts.stream(answers.frames([ANSWER])[:2], end="close"),
        "stream": scripts.stream(answers.frames([ANSWER])),
    }.get(asked.get("model"), scripts.answer(answers.completion(ANSWER)))
    await script(conn, request)


@pytest.fixture(scope="module")
def program():
    with Upstream(vendor) as upstream:
        config = edge(upstream.port, key="${EDGE_KEY}")
        config["providers"]["other"] = {**config["providers"]["edge"], "key": SECOND_KEY}
        config.update({"log": {"level": "debug", "format": "json"}, "access": {"key": ACCESS_KEY},
                       "identity": {"keys": "required"}, "retry": {"attempts": 2},
                       "ledger": {"ring": "1MiB"},
                       "breaker": {"failures": 10_000, "min_calls": 100_000}})
        env = {"EDGE_KEY": PROVIDER_KEY, "SIGNALBOX_MASTER_KEY": MASTER.hex()}
        with Gateway(config, env=env) as gateway:
            yield gateway, canaries(first_key(gateway)), config


def canaries(first: str) -> Canaries:
    found = Canaries()
    for name, secret in (("provider key", PROVIDER_KEY), ("second key", SECOND_KEY),
                         ("access key", ACCESS_KEY), ("wrong key", WRONG_KEY),
                         ("prompt", PROMPT), ("system prompt", SYSTEM), ("tool", TOOL),
                         ("answer", ANSWER), ("first key", first.rsplit("_", 1)[1])):
        found.add(name, secret)
    found.add_bytes("master key", MASTER)
    return found


def without(found: Canaries, *names: str) -> Canaries:
    less = Canaries()
    less.forms = {at: data for at, data in found.forms.items() if at[0] not in names}
    return less


def body(model: str, **more) -> dict:
    return {"model": model, "messages": [{"role": "system", "content": SYSTEM},
                                         {"role": "user", "content": PROMPT}],
            "tools": [{"type": "function", "function": {"name": TOOL, "parameters": {}}}], **more}


def test_f47_calls_and_their_errors_tell_no_secret(program):
    gateway, found, _ = program
    told_to_callers = without(found, "answer", "prompt", "tool")
    for model in ("m", "key", "policy", "down", "reset", "nonsense", "cut", "stream", "none/such"):
        for provider in ("edge/", "other/"):
            for streamed in (False, True):
                data = json.dumps(body(provider + model, stream=streamed)).encode()
                answer = fetch(gateway, "POST", "/v1/chat/completions", data, bearer(ACCESS_KEY))
                told_to_callers.check(f"the answer of {model}", answer.raw_head + answer.body)
    for headers in ([], bearer(WRONG_KEY), bearer(f"sb_{'0' * 32}_{WRONG_KEY}"),
                    [("x-api-key", WRONG_KEY)], [("Authorization", f"Basic {WRONG_KEY}")]):
        answer = fetch(gateway, "POST", "/v1/chat/completions", json.dumps(body("edge/m")).encode(),
                       headers)
        assert answer.status == 401
        found.check("a refusal", answer.raw_head + answer.body)
    for broken in (b"{" + PROMPT.encode(), json.dumps({"model": "edge/m", "messages": PROMPT}).encode(),
                   json.dumps(body("edge/m", max_tokens=PROMPT)).encode()):
        answer = fetch(gateway, "POST", "/v1/chat/completions", broken, bearer(ACCESS_KEY))
        without(found, "answer").check("an error", answer.raw_head + answer.body)


def test_f47_what_is_managed_and_told_has_no_secret(program):
    gateway, found, config = program
    caller = Caller(gateway, ACCESS_KEY)
    issued = caller.post("/api/keys", {"name": "a key", "role": "member"})
    rotated = caller.post(f"/api/keys/{issued['key']['id']}/rotate", {"grace": "1h"})
    for token in (issued["token"], rotated["token"]):
        found.add("virtual key", token.rsplit("_", 1)[1])
        assert Caller(gateway, token).chat("edge/m", PROMPT).status == 200
    caller.ask("POST", "/api/keys", {"name": "x", "metadata": WRONG_KEY})
    caller.ask("POST", "/api/keys", {WRONG_KEY: 1})
    for operation in openapi.operations():
        path = operation.filled({"keys": issued["key"]["id"], "users": "user_" + "0" * 32,
                                 "user": "user_" + "0" * 32, "teams": "team_" + "0" * 32,
                                 "projects": "project_" + "0" * 32, "tenants": "tenant_" + "0" * 32,
                                 "budgets": "budget_" + "0" * 32, "requests": "req_" + "0" * 32,
                                 "model": "edge/m"})
        if operation.method == "GET":
            answer = caller.ask("GET", path)
            found.check(f"GET {path}", answer.raw_head + answer.body)
    for request in caller.every("/api/requests", limit=100):
        answer = caller.ask("GET", f"/api/requests/{request['request_id']}")
        found.check("a request's story", answer.body)
    rewrite(gateway, {**config, "retry": {"attempts": 1}})
    hang_up(gateway)
    rewrite(gateway, {**config, "server": {"workers": PROMPT}})
    hang_up(gateway)
    rewrite(gateway, config)
    hang_up(gateway)


def test_f47_no_command_prints_a_secret(program):
    gateway, found, _ = program
    env = {"EDGE_KEY": PROVIDER_KEY, "SIGNALBOX_MASTER_KEY": MASTER.hex(),
           "SIGNALBOX_KEY": ACCESS_KEY}
    file, data = ("--config", config_path(gateway)), ("--data", gateway.data)
    at = ("--url", gateway.url)
    commands = [each + at for each in READS]
    commands += [("config", name, *file) for name in ("show", "check")]
    commands += [("config", name, *file, *data) for name in ("history", "diff", "reload")]
    commands += [("doctor", *file, *data), ("doctor", *file, *data, "--json"),
                 ("ledger", "tail", *data), ("ledger", "tail", *data, "--json"),
                 ("models", "list", *file), ("keys", "create", "--nonsense", *at)]
    for command in commands:
        done = run_cli(*command, env=env)
        assert "Usage:" not in done.stdout or done.returncode, command
        found.check(" ".join(command), done.stdout + done.stderr)


def test_f47_nothing_that_is_kept_has_a_secret_or_a_prompt(program):
    gateway, found, _ = program
    caller = Caller(gateway, ACCESS_KEY)
    assert eventually(lambda: caller.get("/api/usage/total")["calls"] > 15)
    log = gateway.log()
    first = first_key(gateway)
    assert log.count(first) == 1, "the first key is printed once"
    found.check("the log", log.replace(first, ""))
    found.check("the metrics", caller.ask("GET", "/metrics").body)
    found.check_folder(gateway.data)
    assert found.scanned > 1 << 20
    for name in ("cmdline", "comm"):
        found.check(name, pathlib.Path(f"/proc/{gateway.pid}/{name}").read_bytes())
    for path in pathlib.Path(gateway.data).rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, f"{path} may be read by others"


def test_f47_a_core_dump_is_refused(program):
    limits = pathlib.Path(f"/proc/{program[0].pid}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["1", "1"], line


def test_f47_a_master_key_of_its_own_is_in_its_file_alone(shared_upstream):
    with Gateway({**edge(shared_upstream.port), "ledger": {"ring": "1MiB"}}) as gateway:
        Caller(gateway).post("/api/keys", {"name": "one"})
        text = pathlib.Path(gateway.data, "master.key").read_text().strip()
        gateway.terminate()
        found = Canaries()
        found.add("master key", text)
        found.add_bytes("master key", base64.b64decode(text) if len(text) < 60 else
                        bytes.fromhex(text))
        found.check("the log", gateway.log())
        found.check_folder(gateway.data, leaving_out=("master.key",))


@pytest.mark.parametrize("address", [
    "postgresql://user:{}@127.0.0.1:1/records", "postgresql://user:{}@127.0.0.1:notaport/records",
    "postgresql://user:{}@[::1/records", "postgres//user:{}@host", "mysql://user:{}@host/records",
    "{}", "postgresql://user@127.0.0.1:1/records?password={}&nonsense=1"])
def test_f47_no_error_about_a_database_tells_its_password(tmp_path, address):
    found = Canaries()
    found.add("password", DATABASE)
    config = tmp_path / "signalbox.yaml"
    config.write_text(json.dumps({"store": {"records": address.format(DATABASE)}}))
    file, data = ("--config", str(config)), ("--data", str(tmp_path / "data"))
    for command in (("serve", *file, *data, "--listen", "127.0.0.1:0"), ("doctor", *file, *data),
                    ("config", "show", *file), ("config", "check", *file)):
        done = run_cli(*command, timeout=30)
        assert done.returncode != 0 or command[0] == "config", (command, done.stdout)
        found.check(" ".join(command), done.stdout + done.stderr)
    found.check_folder(tmp_path / "data")
