"""/metrics: Prometheus' text form, the expected names, labels that stay bounded."""

import re

from support import answers, scripts
from support.client import chat, fetch
from support.process import eventually
from support.scale import pick

LINE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.eE+-]+|\+Inf|NaN)$')


def read(gateway) -> dict:
    answer = fetch(gateway, "GET", "/metrics")
    assert answer.status == 200
    assert answer.header("content-type").startswith("text/plain")
    found = {}
    for line in answer.body.decode().splitlines():
        if line and not line.startswith("#"):
            match = LINE.match(line)
            assert match, f"not the text form: {line!r}"
            key = (match.group(1), match.group(2) or "")
            assert key not in found, f"twice: {key}"
            found[key] = float(match.group(3))
    return found


def total(gateway, name: str, part: str = "") -> float:
    return sum(v for (n, labels), v in read(gateway).items() if n == name and part in labels)


def test_the_form(gateway, upstream):
    chat(gateway)
    text = fetch(gateway, "GET", "/metrics").body.decode()
    assert text.endswith("\n")
    helps = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")]
    assert len(helps) == len(set(helps)), "a metric is described twice"
    assert read(gateway)


def test_requests_and_tokens_are_counted(gateway, upstream):
    before = (total(gateway, "model_request_duration_seconds_count", 'provider="edge"'),
              total(gateway, "model_tokens_used_total", 'provider="edge"'))
    for stream in (False, True):
        upstream.default = scripts.stream() if stream else scripts.answer()
        chat(gateway, stream=stream)
    assert eventually(lambda: total(gateway, "model_request_duration_seconds_count",
                                    'provider="edge"') == before[0] + 2)
    used = total(gateway, "model_tokens_used_total", 'provider="edge"') - before[1]
    assert used >= 2 * answers.USAGE["total_tokens"], used


def test_histograms_add_up(gateway, upstream):
    chat(gateway)
    found = read(gateway)
    for (name, labels), value in found.items():
        if name.endswith("_count"):
            inf = labels[:-1] + ("," if labels else "{") + 'le="+Inf"}'
            assert found[(name[:-6] + "_bucket", inf)] == value, name


def test_failures_are_counted(gateway, upstream):
    before = total(gateway, "signalbox_requests_total", "failed")
    upstream.default = scripts.answer(answers.error("no", "x"), 500)
    chat(gateway)
    assert eventually(lambda: total(gateway, "signalbox_requests_total", "failed") > before)


def test_nothing_in_flight_when_idle(gateway, upstream):
    chat(gateway)
    assert eventually(lambda: total(gateway, "signalbox_requests_in_flight") == 0)


def test_labels_stay_bounded(gateway, upstream):
    """F64: model names come from clients; a stranger must not fill the memory with them."""
    count = pick(2000, 20_000)
    from support.client import Client, chat_request

    with Client(gateway.port) as client:
        for number in range(count):
            client.send(chat_request(f"edge/random-{number}"))
            assert client.read_answer().status == 200
    body = fetch(gateway, "GET", "/metrics").body
    assert len(body) < 1_000_000, f"{len(body)} bytes of metrics"
    assert len({labels for (_, labels) in read(gateway)}) < 5000


def test_label_values_are_escaped(gateway, upstream):
    chat(gateway, 'edge/we"ird\\na\nme{}')
    read(gateway)


def test_no_prompt_and_no_secret(gateway, upstream):
    chat(gateway, text="CANARY-PROMPT", headers=[("Authorization", "Bearer sk-CANARY-KEY")],
         user="CANARY-USER")
    text = fetch(gateway, "GET", "/metrics").body.decode() + gateway.log()
    assert "CANARY" not in text
