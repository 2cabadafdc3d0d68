"""The mistakes of a first minute: each error names the cause and the next step, and no secret.

docs/troubleshooting.md quotes what the program prints; the last tests compare every quoted line
with what it prints now.
"""

import pathlib
import re

import pytest

from support import first_minute as make
from support.first_minute import SECRET

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "troubleshooting.md"


def need(seen, why: str):
    if seen is None:
        pytest.skip(f"skipped: {why}")
    return seen


def test_no_key_in_the_file():
    without, unset = make.no_key().terminal[:2]
    assert "signalbox.yaml:2:3: providers.openai: key is missing" in without
    assert 'set OPENAI_API_KEY in the environment and write key: "${OPENAI_API_KEY}"' in without
    assert "signalbox.yaml:2:18: providers.openai.key" in unset
    assert "OPENAI_API_KEY is not set; set it" in unset


def test_no_key_at_all():
    seen = make.no_key()
    answer = seen.answers[0]
    assert answer.status == 404 and answer.json()["error"]["code"] == "model_not_found"
    for text in (seen.messages[0], seen.terminal[2]):
        assert "'gpt-4o' is not known here: it is of openai" in text
        assert "set OPENAI_API_KEY and start Signalbox again" in text
    assert "only the built-in sim answers" in seen.log
    assert "set OPENAI_API_KEY" in seen.log


def test_wrong_key():
    seen = make.wrong_key()
    answer = seen.answers[0]
    assert answer.status == 401, "the client's library has a type of error for it"
    for text in (*seen.messages, seen.terminal[0]):
        assert "openai/gpt-4o answered 401 to its key" in text
        assert "Incorrect API key" in text
        assert "check providers.openai.key" in text
    assert answer.header("x-signalbox-provider") == "openai"
    assert answer.header("x-signalbox-cost-usd") == "0"
    assert seen.log.count("a provider refuses its key") == 1, "once, not for each request"


def test_port_taken():
    text = make.port_taken().text()
    assert re.search(r"server\.listen: cannot listen on 127\.0\.0\.1:\d+: Address already in use",
                     text)
    assert "stop the program that has it (ss -ltnp names it), or choose another port" in text


def test_two_on_one_data_directory():
    text = make.two_on_one_data_directory().text()
    assert re.search(r"in use by the process with pid \d+", text)
    assert "choose another data directory with --data" in text


def test_typos_are_told_all_at_once_with_place_and_what_was_meant():
    seen = make.typo()
    for text in seen.terminal[:2]:
        for line, meant in ((2, 'did you mean "listen"'), (3, "one key: listen:"),
                            (4, 'did you mean "providers"'), (7, "it is called base_url"),
                            (7, "expected a duration")):
            assert re.search(rf"signalbox\.yaml:{line}:\d+: .*{re.escape(meant)}", text), (line, text)
    assert "signalbox.yaml:2:1: a tab in the indentation; use spaces" in seen.terminal[2]
    assert "signalbox.yaml: cannot be opened: No such file or directory" in seen.terminal[3]


def test_provider_down():
    seen = make.provider_down()
    assert seen.answers[0].status == 502
    assert seen.answers[0].header("retry-after")
    for text in (seen.messages[0], seen.terminal[0]):
        assert "edge/" in text and "could not be reached" in text and "Connection refused" in text
        assert text.count("check providers.edge.base_url") == 1
        assert "signalbox doctor" in text
    assert seen.log.count("a provider cannot be reached") == 1


def test_expired_certificate_of_a_provider():
    expired, stranger = make.expired_at_the_provider().messages
    assert "certificate has expired; it must be renewed" in expired
    assert "the clock of this machine" in expired
    assert "name the file of its authority (ca)" in stranger
    assert all("check providers" not in text for text in (expired, stranger))


def test_expired_certificate_of_our_own():
    seen = make.expired_of_our_own()
    assert "server.tls.cert: the certificate has expired" in seen.log
    assert "2020-01-02; renew it in cert.pem" in seen.log
    assert "certificate has expired; it must be renewed" in seen.terminal[0]
    assert "is it running?" not in seen.terminal[0], "it runs"


def test_wrong_model_name():
    near, other, vendors = make.wrong_model().answers
    assert near.status == other.status == 404
    message = near.json()["error"]["message"]
    assert "'fats' is not known here" in message and "did you mean 'fast'?" in message
    assert "providers edge, sim" in message
    assert "it is of mistral" in other.json()["error"]["message"]
    assert "MISTRAL_API_KEY" in other.json()["error"]["message"]
    assert "`llama-5` does not exist" in vendors.json()["error"]["message"]


def test_full_disk():
    seen = need(make.full_disk(), "no file system may be mounted here")
    start = seen.terminal[0]
    assert "data/ledger/worker-0.ring" in start and "No space left on device" in start
    assert "make room, or make ledger.ring smaller" in start
    assert seen.limited.returncode == 1, "ended by SIGXFSZ"
    assert "cannot allocate" in seen.limited.stderr and "File too large" in seen.limited.stderr
    assert all(answer.status == 200 for answer in seen.answers), "requests go on being answered"
    assert seen.log.count("the ledger cannot be written") == 1, "told once"
    assert seen.log.count("the ledger can be written again") == 1
    assert seen.settled == 503, "a call that was answered is missing in the ledger"


def test_no_network():
    seen = need(make.no_network(), "no network of its own may be made here")
    assert seen["status"] == 502
    message = seen["messages"][0]
    assert "openai/gpt-4o could not be reached (look up api.openai.com" in message
    assert "check that this machine has a network and a name server" in message
    assert "a provider cannot be reached" in seen["log"]


def test_a_configuration_of_another_version():
    first, second, third = make.old_configuration().terminal[0].splitlines()
    assert first.startswith("signalbox.yaml:1:1: config_version: the file is written for a newer")
    assert "start the newer one, or write the file as signalbox config reference says" in first
    assert 'unknown key "url" in providers.edge; it is called base_url' in second
    assert 'unknown key "api_key" in providers.edge; the credential is called key' in third


def test_base_urls():
    twice, missing, method, html = make.wrong_base_url().answers
    assert (twice.status, missing.status, method.status, html.status) == (404, 404, 405, 404)
    assert "/v1 stands in it twice" in twice.json()["error"]["message"]
    assert "let the client's base URL end with /v1" in missing.json()["error"]["message"]
    assert "does not take GET, but POST" in method.json()["error"]["message"]
    assert "it has no /v1/chat/completions; check providers.edge.base_url" in \
        html.json()["error"]["message"]


def test_http_and_https():
    seen = make.http_or_https()
    to_tls, to_plain = seen.answers
    assert to_tls.status == 400
    assert "plain HTTP came to a port that speaks TLS; write https://" in \
        to_tls.json()["error"]["message"]
    for text in (seen.terminal[0], to_plain.json()["error"]["message"]):
        assert "does the peer speak TLS there, or plain http?" in text
    assert "is it running?" not in seen.terminal[0]


def test_access_key():
    seen = make.access_key()
    missing, wrong = seen.answers
    assert missing.status == wrong.status == 401
    assert "send it as 'Authorization: Bearer KEY'" in missing.json()["error"]["message"]
    assert "not a provider's" in wrong.json()["error"]["message"]


def test_from_another_machine():
    seen = make.from_another_machine()
    assert "set access.key" in seen.terminal[0]
    assert seen.answers[0].status == 421 and "set access.key" in seen.messages[0]


def test_secret_file_that_is_not_there():
    text = make.secret_file().text()
    assert "providers.openai.key.file: the file cannot be opened" in text
    assert "relative paths begin at the file that names them" in text


# The page.

SECTIONS = {
    "No key": make.no_key,
    "Wrong key": make.wrong_key,
    "Port taken": make.port_taken,
    "A typo in the configuration": make.typo,
    "The provider is down": make.provider_down,
    "A provider's certificate": make.expired_at_the_provider,
    "Your own certificate has expired": make.expired_of_our_own,
    "Wrong model name": make.wrong_model,
    "The disk is full": make.full_disk,
    "No network": make.no_network,
    "A configuration of another version": make.old_configuration,
    "Two on one data directory": make.two_on_one_data_directory,
    "Wrong base URL": make.wrong_base_url,
    "http instead of https, or the reverse": make.http_or_https,
    "The access key": make.access_key,
    "From a container or another machine": make.from_another_machine,
    "A secret file that cannot be read": make.secret_file,
}


def quoted(title: str) -> list[str]:
    """The lines in the ```text blocks of a section."""
    sections = re.split(r"^## ", PAGE.read_text(), flags=re.M)[1:]
    section = next(s for s in sections if s.splitlines()[0] == title)
    blocks = re.findall(r"^```text\n(.*?)^```$", section, flags=re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def everything(seen) -> str:
    if isinstance(seen, dict):
        return "\n".join([seen["log"], *seen["messages"]])
    return seen.text()


def pattern(line: str) -> str:
    """Numbers (ports, pids, times) differ from run to run; everything else must not."""
    return re.sub(r"\d+", r"\\d+", re.escape(line))


def test_the_page_has_exactly_these_sections():
    assert re.findall(r"^## (.*)$", PAGE.read_text(), flags=re.M) == list(SECTIONS)


@pytest.mark.parametrize("title", SECTIONS)
def test_the_page_quotes_what_is_printed(title):
    seen = need(SECTIONS[title](), "this mistake cannot be made here")
    lines = quoted(title)
    assert lines, "a section without a quotation"
    for line in lines:
        assert re.search(pattern(line), everything(seen)), \
            f"the page has\n  {line}\nthe program prints\n{everything(seen)}"


@pytest.mark.parametrize("title", SECTIONS)
def test_no_secret_is_shown(title):
    seen = need(SECTIONS[title](), "this mistake cannot be made here")
    assert SECRET not in everything(seen)
