"""What was written down, through the whole program: hits on the record, one request's story, an end
user taken out, the chains verified, and the master key rotated beside a running program."""

import json
import pathlib

import pytest

from support import scripts
from support.client import Client, chat, chat_request, fetch
from support.gateway import Gateway, edge, run_cli
from support.process import eventually


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    config = edge(shared_upstream.port)
    config["cache"] = {"exact": {"enabled": "on"}}
    config["catalog"] = {"edge/gpt-4o-mini": {"like": "openai/gpt-4o-mini"}}
    with Gateway(config) as gateway:
        yield gateway


def usage(gateway, query="since=1h"):
    return fetch(gateway, "GET", f"/api/usage/total?{query}").json()


def cli(gateway, *arguments):
    return run_cli(*arguments, "--url", gateway.url)


def test_a_hit_is_a_request_on_the_record_that_saved_its_cost(gateway, upstream):
    first = chat(gateway, text="twice")
    second = chat(gateway, text="twice")
    assert second.header("x-signalbox-cache") == "hit"
    hit = fetch(gateway, "GET", f"/api/requests/{second.header('x-signalbox-request-id')}").json()
    assert (hit["outcome"], hit["cost_usd"]) == ("ok", 0)
    [attempt] = hit["attempts"]
    assert attempt["cached"] is True
    assert attempt["saved_usd"] == float(first.header("x-signalbox-cost-usd")) > 0
    assert eventually(lambda: usage(gateway)["cached_calls"] == 1, timeout=10)
    total = usage(gateway)
    assert (total["requests"], total["calls"], total["successes"]) == (2, 1, 1)
    assert total["saved_usd"] == attempt["saved_usd"]
    # From the database, and as a person reads it.
    shown = cli(gateway, "ledger", "show", second.header("x-signalbox-request-id"))
    assert shown.returncode == 0, shown.stderr
    assert "edge" in shown.stdout and "outcome: ok" in shown.stdout.replace("\t", " ")


def test_an_end_user_who_was_erased_is_nowhere_in_the_database(gateway, upstream):
    name = "eve@example.com"
    asked = chat(gateway, text="as eve", headers=[("x-signalbox-user", name)])
    request = asked.header("x-signalbox-request-id")
    by_name = f"by=end_user&value={name}&since=1h"
    assert eventually(lambda: usage(gateway, by_name)["requests"] == 1, timeout=10)
    erased = cli(gateway, "erase", "--end-user", name)
    assert erased.returncode == 0, erased.stderr
    assert erased.stdout.startswith("1 calls")
    assert usage(gateway, by_name)["requests"] == 0
    assert name not in json.dumps(fetch(gateway, "GET", f"/api/requests/{request}").json())
    trail = lambda: fetch(gateway, "GET", "/api/audit").body.decode()  # noqa: E731
    assert eventually(lambda: "erasure.turn" in trail(), timeout=10)
    assert name not in trail()
    assert cli(gateway, "erase").returncode == 2
    assert cli(gateway, "erase", "--user", "eve").returncode == 2  # no id of a user


def test_an_uncertain_call_is_settled_by_the_vendors_bill(upstream):
    config = edge(upstream.port)
    config["catalog"] = {"edge/gpt-4o-mini": {"like": "openai/gpt-4o-mini"}}
    with Gateway(config) as gateway:
        made = fetch(gateway, "POST", "/api/budgets", json.dumps(
            {"subject": {"kind": "total", "name": ""}, "window": "month", "amount_usd": 100}).encode())
        assert made.status == 201, made
        budget = f"/api/budgets/{made.json()['id']}"
        upstream.plan.append(scripts.hang())
        with Client(gateway.port) as client:
            client.send(chat_request(text="never answered"))
            assert eventually(lambda: len(upstream.requests) == 1)
            gateway.kill()
        gateway.start()
        listed = "/api/requests?outcome=uncertain&since=1h"
        assert eventually(lambda: fetch(gateway, "GET", listed).json()["data"], timeout=10)
        [open_call] = fetch(gateway, "GET", listed).json()["data"]
        assert open_call["cost_usd"] is None
        booked = fetch(gateway, "GET", budget).json()
        assert booked["spent_usd"] == booked["uncertain_usd"] > 0
        settled = cli(gateway, "ledger", "reconcile", open_call["request_id"],
                      "--outcome", "ok", "--cost", "0.25", "--json")
        assert settled.returncode == 0, settled.stderr
        assert json.loads(settled.stdout)["cost_usd"] == 0.25
        assert usage(gateway)["cost_usd"] == 0.25
        assert usage(gateway)["uncertain"] == 0
        booked = fetch(gateway, "GET", budget).json()
        assert (booked["spent_usd"], booked["uncertain_usd"]) == (0.25, 0)
        gateway.kill()
        gateway.start()
        assert fetch(gateway, "GET", budget).json()["spent_usd"] == 0.25  # a kill loses nothing of it
        again = cli(gateway, "ledger", "reconcile", open_call["request_id"],
                    "--outcome", "ok", "--cost", "0.25")
        assert again.returncode == 1 and "known" in again.stderr


def test_the_chains_of_trail_and_ledger_are_whole(gateway, upstream):
    verified = cli(gateway, "audit", "verify", "--json")
    assert verified.returncode == 0, verified.stderr
    chains = json.loads(verified.stdout)["data"]
    assert [chain["good"] for chain in chains] == [True] * len(chains)
    assert "ledger" in {chain["of"] for chain in chains}


def test_the_master_key_is_rotated_beside_a_running_program(upstream):
    with Gateway(edge(upstream.port)) as gateway:
        path = pathlib.Path(gateway.data, "master.key")
        before = path.read_text()
        rotated = run_cli("keys", "rotate-master", "--data", str(gateway.data))
        assert rotated.returncode == 0, rotated.stderr
        assert path.read_text() not in (before, "")
        assert path.stat().st_mode & 0o077 == 0
        assert before.strip() not in rotated.stdout + rotated.stderr
        assert path.read_text().strip() not in rotated.stdout + rotated.stderr
        assert chat(gateway).status == 200
        assert gateway.terminate() == 0
        gateway.start()  # the data keys are opened by the new one
        assert chat(gateway).status == 200


def test_a_directory_without_keys_has_nothing_to_rotate(tmp_path):
    refused = run_cli("keys", "rotate-master", "--data", str(tmp_path))
    assert refused.returncode == 1
    assert "no data keys yet" in refused.stderr
    assert not list(tmp_path.iterdir())
