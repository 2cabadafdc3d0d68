"""Where calls to each vendor go, with which credential, and who may say so: the program from outside."""

import json
import os
import signal
from urllib.parse import unquote

import pytest

from support import scripts
from support.client import chat, fetch
from support.gateway import Gateway, run_cli
from support.process import eventually
from support.upstream import Upstream

# The path below the vendor's host, and the field that carries the key.
BEARER = ("authorization", "Bearer sk-mine")
VENDORS = {
    "openai": ("/v1", BEARER),
    "mistral": ("/v1", BEARER),
    "groq": ("/openai/v1", BEARER),
    "deepseek": ("/v1", BEARER),
    "xai": ("/v1", BEARER),
    "openrouter": ("/api/v1", BEARER),
    "together": ("/v1", BEARER),
    "fireworks": ("/inference/v1", BEARER),
    "cerebras": ("/v1", BEARER),
    "perplexity": ("", BEARER),
    "huggingface": ("/v1", BEARER),
    "cloudflare": ("/client/v4/accounts/{account}/ai/v1", BEARER),
    "azure": ("/openai/v1", ("api-key", "sk-mine")),
    "ollama": ("/v1", BEARER),
    "lmstudio": ("/v1", BEARER),
    "vllm": ("/v1", BEARER),
    "llamacpp": ("/v1", BEARER),
}
BEHIND_A_GATEWAY = {
    "openai": "openai", "mistral": "mistral/v1", "groq": "groq", "deepseek": "deepseek",
    "xai": "grok/v1", "openrouter": "openrouter/v1", "cerebras": "cerebras",
    "perplexity": "perplexity-ai", "cloudflare": "workers-ai/v1",
    "azure": "azure-openai/res/some-model", "custom-together": "custom-together",
}



@pytest.fixture(scope="module")
def everyone():
    """One gateway with a provider for each vendor, all of them on one fake upstream."""
    with Upstream() as upstream:
        providers = {}
        for name, (path, _) in VENDORS.items():
            providers[name] = {"base_url": f"http://127.0.0.1:{upstream.port}{path}", "key": "sk-mine"}
        providers["cloudflare"]["account"] = "acc-1"
        providers["deployments"] = {
            "vendor": "azure", "key": "sk-mine", "api_version": "2024-10-21", "resource": "res",
            "base_url": f"http://127.0.0.1:{upstream.port}/openai/deployments/{{model}}"}
        with Gateway({"server": {"workers": 1}, "providers": providers}) as gateway:
            yield gateway, upstream


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_asked_at_its_path_with_its_credential(everyone, vendor):
    gateway, upstream = everyone
    upstream.forget()
    assert chat(gateway, f"{vendor}/some/model").status == 200
    path, (field, credential) = VENDORS[vendor]
    request = upstream.requests[0]
    assert request.method == "POST"
    assert request.target == path.replace("{account}", "acc-1") + "/chat/completions"
    assert request.header(field) == credential
    assert request.header("authorization" if field == "api-key" else "api-key") is None
    assert request.header("host") == f"127.0.0.1:{upstream.port}"
    assert request.header("content-type") == "application/json"
    assert json.loads(request.body)["model"] == "some/model"


def test_embeddings_go_beside_chat(everyone):
    gateway, upstream = everyone
    upstream.forget()
    body = json.dumps({"model": "cloudflare/@cf/baai/bge-base-en-v1.5", "input": "x"}).encode()
    upstream.plan = [scripts.answer({"object": "list", "model": "m", "data": [],
                                     "usage": {"prompt_tokens": 1, "total_tokens": 1}})]
    assert fetch(gateway, "POST", "/v1/embeddings", body).status == 200
    assert upstream.requests[0].target == "/client/v4/accounts/acc-1/ai/v1/embeddings"


def test_azures_deployment_is_one_step_of_the_path(everyone):
    gateway, upstream = everyone
    for model in ("gpt-4o", "a b", "../../x?y=1#z", "..", "ä\r\nx: y"):
        upstream.forget()
        assert chat(gateway, f"deployments/{model}").status == 200
        request = upstream.requests[0]
        head, tail = "/openai/deployments/", "/chat/completions?api-version=2024-10-21"
        assert request.target.startswith(head) and request.target.endswith(tail), request.target
        got = request.target[len(head):-len(tail)]
        assert "/" not in got and "?" not in got and "#" not in got and got != "..", got
        assert unquote(got) == model
        assert request.header("api-key") == "sk-mine"
        assert request.header("x") is None


@pytest.mark.parametrize("name", BEHIND_A_GATEWAY)
def test_a_vendor_is_found_behind_an_upstream_gateway(name):
    with Upstream() as upstream:
        provider = {"via": "gateway", "key": "sk-mine", "resource": "res"}
        if name == "azure":
            provider["api_version"] = "2024-10-21"
        if name.startswith("custom-"):
            provider["vendor"] = name.removeprefix("custom-")
        config = {
            "server": {"workers": 1},
            "upstream_gateway": {
                "base_url": f"http://127.0.0.1:{upstream.port}/v1/{{account}}/{{gateway}}/{{provider}}",
                "account": "acc", "gateway": "gw", "key": "sk-gateway"},
            "providers": {name: provider}}
        with Gateway(config) as gateway:
            upstream.default = scripts.answer(headers=[("cf-aig-cache-status", "HIT")])
            answer = chat(gateway, f"{name}/some-model")
            assert answer.status == 200, answer
            assert answer.header("x-signalbox-upstream-cache") == "HIT"
            request = upstream.requests[0]
            query = "?api-version=2024-10-21" if name == "azure" else ""
            assert request.target == (f"/v1/acc/gw/{BEHIND_A_GATEWAY[name]}/chat/completions{query}")
            assert request.header("cf-aig-authorization") == "Bearer sk-gateway"
            key = request.header("api-key") if name == "azure" else request.header("authorization")
            assert key == ("sk-mine" if name == "azure" else "Bearer sk-mine")


def test_the_cache_of_an_upstream_gateway_is_shown_in_streams_too(everyone):
    gateway, upstream = everyone
    upstream.plan = [scripts.stream(headers=[("cf-cache-status", "MISS")])]
    answer = chat(gateway, "openai/x", stream=True)
    assert answer.status == 200
    assert answer.header("x-signalbox-upstream-cache") == "MISS"


# The rule: who changes a provider's host gives its key again.


def test_the_environments_key_is_not_sent_to_another_host():
    with Upstream() as upstream:
        config = {"server": {"workers": 1},
                  "providers": {"openai": {"base_url": upstream.url}}}
        with Gateway(config, env={"OPENAI_API_KEY": "sk-from-the-environment"}) as gateway:
            assert chat(gateway, "openai/gpt-4o").status == 200
            assert b"sk-from-the-environment" not in upstream.requests[0].raw
            assert upstream.requests[0].header("authorization") is None


def test_a_host_from_the_environment_does_not_get_the_files_key(tmp_path):
    file = tmp_path / "signalbox.yaml"
    file.write_text("providers:\n  openai:\n    key: sk-of-the-file\n")
    elsewhere = {"SIGNALBOX_PROVIDERS__OPENAI__BASE_URL": "http://127.0.0.1:9/v1"}
    done = run_cli("config", "check", str(file), env=elsewhere)
    assert done.returncode == 2
    said = done.stdout + done.stderr
    assert "providers.openai.base_url" in said and "set providers.openai.key in the same place" in said
    assert "sk-of-the-file" not in said
    again = dict(elsewhere, SIGNALBOX_PROVIDERS__OPENAI__KEY="sk-again")
    assert run_cli("config", "check", str(file), env=again).returncode == 0


def test_nothing_a_caller_sends_chooses_a_host(everyone):
    gateway, upstream = everyone
    with Upstream() as stranger:
        url = stranger.url
        wishes = [("x-signalbox-base-url", url), ("x-portkey-custom-host", url),
                  ("x-custom-host", url), ("x-forwarded-host", f"127.0.0.1:{stranger.port}"),
                  ("openai-base-url", url)]
        upstream.forget()
        answer = chat(gateway, "openai/gpt-4o", headers=wishes, base_url=url, api_base=url,
                      metadata={"x-signalbox-base-url": url})
        assert answer.status == 200
        assert len(upstream.requests) == 1 and not stranger.connections


def test_several_keys_share_the_calls_by_weight():
    with Upstream() as upstream:
        config = {"server": {"workers": 1}, "providers": {"edge": {
            "base_url": upstream.url,
            "keys": {"big": {"key": "sk-big", "weight": 3}, "small": {"key": "sk-small"}}}}}
        with Gateway(config) as gateway:
            for _ in range(200):
                assert chat(gateway, "edge/m").status == 200
            big = sum(r.header("authorization") == "Bearer sk-big" for r in upstream.requests)
            small = sum(r.header("authorization") == "Bearer sk-small" for r in upstream.requests)
            assert big + small == 200
            assert 110 <= big <= 190  # 150 expected; 6.5 standard deviations either way


def test_a_refused_key_leaves_the_calls_to_the_others():
    refused = {"error": {"message": "no", "code": "invalid_api_key"}}

    async def script(conn, request):
        old = request.header("authorization") == "Bearer sk-old"
        await (scripts.answer(refused, status=401) if old else scripts.answer())(conn, request)

    with Upstream(script) as upstream:
        config = {"server": {"workers": 1}, "providers": {"edge": {
            "base_url": upstream.url,
            "keys": {"old": {"key": "sk-old", "weight": 1000}, "new": {"key": "sk-new"}}}}}
        with Gateway(config) as gateway:
            for _ in range(20):
                assert chat(gateway, "edge/m").status == 200
            old = sum(r.header("authorization") == "Bearer sk-old" for r in upstream.requests)
            assert old <= 2, "a key that was refused rests"


def test_a_key_is_rotated_without_a_restart():
    with Upstream() as upstream:
        text = ("server: {{workers: 1}}\nproviders:\n  edge: {{base_url: \"" + upstream.url +
                "\", key: {}}}\n")
        with Gateway(text.format("sk-first")) as gateway:
            assert chat(gateway, "edge/m").status == 200
            with open(os.path.join(gateway.folder, "signalbox.yaml"), "w") as file:
                file.write(text.format("sk-second"))
            os.kill(gateway.pid, signal.SIGHUP)

            def rotated():
                assert chat(gateway, "edge/m").status == 200
                return upstream.requests[-1].header("authorization") == "Bearer sk-second"

            eventually(rotated, 10)
            assert upstream.requests[0].header("authorization") == "Bearer sk-first"


# Names: aliases in aliases, tiers, tasks.


def test_a_chain_of_names_is_tried_in_order():
    async def script(conn, request):
        model = json.loads(request.body)["model"]
        status = 200 if model == "last" else 503
        await scripts.answer(status=status)(conn, request)

    with Upstream(script) as upstream:
        config = {"server": {"workers": 1},
                  "providers": {"edge": {"base_url": upstream.url, "key": "none",
                                         "models": ["last"]},
                                "other": {"base_url": upstream.url, "key": "none"}},
                  "retry": {"attempts_per_target": 1, "budget_min": 100},
                  "models": {"scout": {"targets": ["edge/scout"], "fallback": ["big", "local"]},
                             "big": {"targets": ["other/big", "edge/bigger"]},
                             "local": {"targets": ["edge"]}}}
        with Gateway(config) as gateway:
            answer = chat(gateway, "scout")
            assert answer.status == 200
            assert answer.header("x-signalbox-model") == "last"
            assert answer.header("x-signalbox-provider") == "edge"
            assert [json.loads(r.body)["model"] for r in upstream.requests] == [
                "scout", "big", "bigger", "last"]


def test_tiers_and_tasks_choose_what_answers():
    with Upstream() as upstream:
        config = {"server": {"workers": 1},
                  "providers": {"edge": {"base_url": upstream.url, "key": "none"}},
                  "models": {"cheap": {"targets": ["edge/small"]}},
                  "routing": {"default": "edge/standard", "tiers": {"low": "cheap"},
                              "tasks": {"code": {"targets": ["edge/coder"]}}}}
        with Gateway(config) as gateway:
            def model(name, headers=(), metadata=None):
                more = {"metadata": metadata} if metadata else {}
                return chat(gateway, name, headers=headers, **more).header("x-signalbox-model")

            assert model("auto") == "standard"
            assert model("auto:low") == "small"
            assert model("auto", [("x-signalbox-task", "code")]) == "coder"
            assert model("auto", metadata={"x-signalbox-task": "c\u006fde"}) == "coder"
            assert model("auto", [("x-signalbox-task", "unheard-of")]) == "standard"
            assert model("edge/other", [("x-signalbox-task", "code")]) == "other"
            assert chat(gateway, "auto:huge").status == 404


def test_names_that_lead_to_each_other_are_refused_with_place_and_chain(tmp_path):
    file = tmp_path / "signalbox.yaml"
    file.write_text("providers: {edge: {base_url: \"http://127.0.0.1:9/v1\"}}\n"
                    "models:\n"
                    "  a: {targets: [b]}\n"
                    "  b:\n"
                    "    targets:\n"
                    "      - edge/x\n"
                    "      - a\n")
    done = run_cli("config", "check", str(file))
    assert done.returncode == 2
    said = done.stdout + done.stderr
    assert f"{file}:7:9: models.b.targets[1]: leads back to where it began: a -> b -> a" in said
