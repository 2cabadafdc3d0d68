"""`signalbox models refresh`: prices from a public list, and how they are taken up."""

import http.server
import json
import pathlib
import threading

import pytest

from support.client import chat, fetch
from support.gateway import ROOT, Gateway, edge, run_cli
from support.process import eventually

SHARED = ROOT / ".." / "shared" / "data" / "model_prices.json"


def entry(per_input, per_output, **more):
    return {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": per_input,
            "output_cost_per_token": per_output, **more}


def refresh(tmp_path, prices, *args):
    path = tmp_path / "prices.json"
    path.write_text(prices if isinstance(prices, str) else json.dumps(prices))
    return run_cli("models", "refresh", "--from", str(path), "--data", str(tmp_path / "data"), *args)


def show(tmp_path, name):
    done = run_cli("models", "show", "--json", name, "--data", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_new_changed_and_unknown_fields_are_said_and_written(tmp_path):
    done = refresh(tmp_path, {"gpt-4o": entry(2e-6, 8e-6, fancy_cost_per_wink=1),
                              "gpt-99": entry(1e-6, 3e-6)}, "--day", "2026-11-01")
    assert done.returncode == 0, done.stderr
    assert "1 new, 1 changed, 0 the same" in done.stdout
    assert "openai/gpt-4o: input 2.5 -> 2" in done.stdout
    assert "openai/gpt-99: new" in done.stdout
    assert "fancy_cost_per_wink (1)" in done.stdout
    assert show(tmp_path, "openai/gpt-99")["price"]["input_usd_per_million"] == "1"
    prices = show(tmp_path, "openai/gpt-4o")["prices"]
    assert [price["from"] for price in prices][-1] == "2026-11-01"
    assert len(prices) == 2, "what calls of before cost is forgotten"
    again = refresh(tmp_path, {"gpt-99": entry(1e-6, 3e-6)}, "--day", "2026-11-02")
    assert "0 new, 0 changed, 1 the same" in again.stdout and "nothing to write" in again.stdout


def test_a_dry_run_writes_nothing(tmp_path):
    done = refresh(tmp_path, {"gpt-99": entry(1e-6, 3e-6)}, "--dry-run")
    assert done.returncode == 0 and "1 new" in done.stdout and "--dry-run" in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"a":{"litellm_provider":"nobody"}}',
                                  "<html></html>"])
def test_what_is_no_price_list_changes_nothing(tmp_path, text):
    assert refresh(tmp_path, {"gpt-99": entry(1e-6, 3e-6)}).returncode == 0
    before = (tmp_path / "data" / "prices.rows").read_bytes()
    done = refresh(tmp_path, text)
    assert done.returncode == 1, done.stdout
    assert "nothing was changed" in done.stderr and "prices.json" in done.stderr
    assert (tmp_path / "data" / "prices.rows").read_bytes() == before


def test_wrong_use(tmp_path):
    assert refresh(tmp_path, {}, "--day", "tomorrow").returncode == 2
    missing = run_cli("models", "refresh", "--from", str(tmp_path / "nowhere.json"))
    assert missing.returncode == 1 and "nowhere.json" in missing.stderr
    assert run_cli("models", "refresh").returncode == 2


def test_a_directory_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "data").write_text("a file, no directory")
    done = refresh(tmp_path, {"gpt-99": entry(1e-6, 3e-6)})
    assert done.returncode == 1 and "--data" in done.stderr


def test_flags_become_capabilities_and_are_said(tmp_path):
    done = refresh(tmp_path, {"gpt-4o": entry(2.5e-6, 1e-5, supports_video_input=True),
                              "gpt-99": entry(1e-6, 3e-6, supports_vision=False,
                                              supports_function_calling=True)})
    assert done.returncode == 0, done.stderr
    assert "now can video_in" in done.stdout, done.stdout
    assert "video_in" in show(tmp_path, "openai/gpt-4o")["abilities"]
    new = show(tmp_path, "openai/gpt-99")
    assert new["abilities"] == ["tools"] and new["lacks"] == ["vision"]


ROWS = """provider edge dialect=openai_chat privacy=local
llama-x chat context=8192 can=tools cannot=vision efforts=low,high from=2026-01-01 input=1 output=2
x = llama-x
"""


def test_our_own_rows_are_read_too(tmp_path):
    done = refresh(tmp_path, ROWS)
    assert done.returncode == 0 and "edge/llama-x: new" in done.stdout, done.stderr
    row = show(tmp_path, "edge/x")
    assert row["abilities"] == ["tools"] and row["lacks"] == ["vision"]
    assert row["efforts"] == ["low", "high"] and row["privacy"] == "local"
    assert row["prices"][0]["from"] == "2026-01-01"
    assert "nothing to write" in refresh(tmp_path, ROWS).stdout


def test_a_list_is_fetched_from_a_url(tmp_path):
    body = json.dumps({"gpt-99": entry(1e-6, 3e-6)}).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/list.json"
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        def read(path):
            return run_cli("models", "refresh", "--data", str(tmp_path / "data"), "--from",
                           f"http://127.0.0.1:{server.server_port}{path}")
        done, missing = read("/list.json"), read("/nothing")
        server.shutdown()
    assert done.returncode == 0 and "1 new" in done.stdout, done.stderr
    assert missing.returncode == 1 and "404" in missing.stderr, missing.stderr


def test_what_the_configuration_states_stays(tmp_path):
    config = tmp_path / "signalbox.yaml"
    config.write_text(f"""data: {tmp_path / "data"}
catalog:
  openai/gpt-4o:
    abilities: [tools]
    prices: {{"2026-01-01": {{input: 7, output: 9}}}}
""")
    done = refresh(tmp_path, {"gpt-4o": entry(2e-6, 8e-6, supports_vision=True)})
    assert done.returncode == 0 and "1 changed" in done.stdout, done.stderr
    shown = run_cli("models", "show", "--json", "openai/gpt-4o", "--config", str(config))
    row = json.loads(shown.stdout)
    assert row["price"]["input_usd_per_million"] == "7"
    assert "vision" not in row["abilities"] and "vision" in row["lacks"]


def test_a_running_program_takes_new_prices_over(upstream, tmp_path):
    config = edge(upstream.port)
    config["providers"]["openai"] = {"base_url": f"http://127.0.0.1:{upstream.port}/v1",
                                     "key": "sk-x"}
    with Gateway(config) as gateway:
        def cost():
            return chat(gateway, "openai/gpt-4o").header("x-signalbox-cost-usd")
        before = cost()
        path = tmp_path / "prices.json"
        path.write_text(json.dumps({"gpt-4o": entry(2.5e-3, 1e-2)}))
        done = run_cli("models", "refresh", "--from", str(path), "--data", gateway.data,
                       "--day", "2026-01-01")
        assert done.returncode == 0, done.stderr
        assert before and eventually(lambda: cost() not in (None, before), 15, 0.2), gateway.log()
        assert fetch(gateway, "GET", "/healthz").status == 200


def test_the_whole_public_list(tmp_path):
    if not SHARED.exists():
        pytest.skip("the shared price list is not here")
    path = pathlib.Path(SHARED)
    done = run_cli("models", "refresh", "--from", str(path), "--data", str(tmp_path / "data"),
                   timeout=60)
    assert done.returncode == 0, done.stderr
    summary = done.stdout.splitlines()[0]
    new, changed, same = (int(part.split()[0]) for part in summary.split(";")[0].split(", "))
    assert same > 1000 and new + changed < 50, summary
