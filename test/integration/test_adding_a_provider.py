"""docs/adding-a-provider.md, followed to the letter: its YAML runs, its C++ is in the source."""

import pathlib
import re

import pytest

from support import answers, scripts
from support.client import chat, fetch
from support.gateway import Gateway, run_cli
from support.process import eventually
from support.upstream import Upstream

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "adding-a-provider.md").read_text()
KEY = "edge-key-0123456789"


def blocks(section: str, language: str) -> list[str]:
    text = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.M | re.S)


def completion(tokens_in: int, tokens_out: int) -> dict:
    body = answers.completion("hi")
    body["usage"] = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out,
                     "total_tokens": tokens_in + tokens_out}
    return body


@pytest.fixture
def by_configuration():
    (text,) = blocks("By configuration", "yaml")
    with Upstream(scripts.answer(completion(1000, 500))) as upstream:
        assert "127.0.0.1:9001" in text
        with Gateway(text.replace("127.0.0.1:9001", f"127.0.0.1:{upstream.port}"),
                     env={"EDGE_KEY": KEY}) as gateway:
            yield gateway, upstream


@pytest.mark.parametrize("model", ["edge/llama-4-scout", "fast", "auto"])
def test_by_configuration(by_configuration, model):
    gateway, upstream = by_configuration
    answer = chat(gateway, model)
    assert answer.status == 200
    assert answer.header("x-signalbox-provider") == "edge"
    assert answer.header("x-signalbox-model") == "llama-4-scout"
    assert answer.header("x-signalbox-cost-usd") == "0.00028"  # 1000 x 0.11 + 500 x 0.34, per million
    (request,) = upstream.requests
    assert request.target == "/v1/chat/completions"
    assert request.header("authorization") == f"Bearer {KEY}"
    assert b'"llama-4-scout"' in request.body


def test_its_models_are_listed(by_configuration):
    gateway, _ = by_configuration
    listed = {row["id"] for row in fetch(gateway, "GET", "/v1/models").json()["data"]}
    assert {"edge/llama-4-scout", "fast", "auto"} <= listed


def test_a_change_of_the_file_takes_effect_at_once(by_configuration):
    gateway, _ = by_configuration
    path = pathlib.Path(gateway.folder) / "signalbox.yaml"
    path.write_text(path.read_text().replace("  fast:", "  quick:")
                    .replace("default: fast", "default: quick"))
    assert eventually(lambda: chat(gateway, "quick").status == 200, 10)


def test_the_commands_of_the_page(tmp_path):
    (text,) = blocks("By configuration", "yaml")
    (tmp_path / "signalbox.yaml").write_text(text)
    check = next(line for block in blocks("By configuration", "sh") for line in block.splitlines()
                 if "config check" in line).split("#")[0].split()
    done = run_cli(*check[1:], cwd=str(tmp_path), env={"EDGE_KEY": KEY})
    assert done.returncode == 0, done.stderr
    done = run_cli(*check[1:], cwd=str(tmp_path))
    assert done.returncode == 2 and "EDGE_KEY is not set" in done.stderr


def test_a_host_that_was_chosen_elsewhere_does_not_get_the_key(tmp_path):
    (text,) = blocks("By configuration", "yaml")
    (tmp_path / "signalbox.yaml").write_text(text)
    done = run_cli("config", "check", "signalbox.yaml", cwd=str(tmp_path),
                   env={"EDGE_KEY": KEY,
                        "SIGNALBOX_PROVIDERS__EDGE__BASE_URL": "http://127.0.0.1:1/v1"})
    assert done.returncode == 2
    assert "a key is not sent to a host that was chosen elsewhere" in done.stderr
    assert KEY not in done.stderr


def test_the_row_of_the_page_is_in_the_source():
    source = (ROOT / "src/vendors/providers/vendor.cc").read_text()
    rows = blocks("As a row in the source", "cpp")
    assert len(rows) == 2
    for row in rows:
        assert row in source, row
    header = (ROOT / "src/vendors/providers/vendor.h").read_text()
    fields = re.findall(r"^\| `(\w+)` \|", PAGE.split("## As a row")[1], flags=re.M)
    members = re.findall(r"^  [\w:<>\- ]+ (\w+)(?:\{\}| = [\w:]+)?;", header, flags=re.M)
    assert fields == members, "the table of fields is that of struct Vendor"


def test_the_files_that_the_page_names_are_there():
    for path in re.findall(r"`(src/[\w./]+)`", PAGE):
        assert (ROOT / path).exists(), path


def test_behind_an_upstream_gateway():
    (text,) = blocks("Behind an upstream gateway", "yaml")
    script = scripts.answer(completion(10, 5), headers=[("cf-aig-cache-status", "HIT")])
    with Upstream(script) as upstream:
        host = "https://gateway.ai.cloudflare.com"
        assert host in text
        text = text.replace(host, f"http://127.0.0.1:{upstream.port}")
        env = {"CF_ACCOUNT_ID": "acc1", "CF_AIG_TOKEN": "aig-token-0123456789",
               "OPENAI_API_KEY": KEY, "GROQ_API_KEY": "groq-key-0123456789"}
        with Gateway(text, env=env) as gateway:
            answer = chat(gateway, "openai/gpt-4o-mini")
            assert answer.status == 200
            assert answer.header("x-signalbox-upstream-cache") == "HIT"
            (request,) = upstream.requests
            assert request.target == "/v1/acc1/our-gateway/openai/chat/completions"
            assert request.header("authorization") == f"Bearer {KEY}"
            assert request.header("cf-aig-authorization") == "Bearer aig-token-0123456789"
