"""Tokens that the vendor does not count are counted here: exactly where the vocabulary is found."""

import os
import pathlib
import shutil

import pytest

from support import answers, gateway as under_test, scripts
from support.client import chat
from support.gateway import Gateway
from support.upstream import Upstream

VOCABULARY = pathlib.Path(under_test.BINARY).parent / "signalbox.vocabulary"
needs_vocabulary = pytest.mark.skipif(
    not VOCABULARY.exists(), reason="no signalbox.vocabulary beside the program (npm was not there)")


def settled(env=None) -> dict:
    """What the ledger has of a call whose vendor does not say what it used."""
    silent = answers.completion("Paris.")
    del silent["usage"]
    with Upstream(scripts.answer(silent)) as upstream:
        config = {"server": {"workers": 1}, "providers": {
            "openai": {"base_url": upstream.url, "key": "none"}}}
        with Gateway(config, env=env) as gateway:
            assert chat(gateway, "openai/gpt-4o", "What is the capital of France?").status == 200
            gateway.terminate()
            return gateway.settlements()[0]


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """The program by itself in another folder."""
    program = tmp_path / "bin" / "signalbox"
    program.parent.mkdir()
    shutil.copy2(under_test.BINARY, program)
    monkeypatch.setattr(under_test, "BINARY", str(program))
    return program


@needs_vocabulary
def test_the_vocabulary_is_found_beside_the_program():
    record = settled()
    assert record["usage_from"] == "counted"
    # 7 tokens of text, 4 around the message, 3 before the answer; then 2.
    assert (record["input_tokens"], record["output_tokens"]) == (14, 2)


@needs_vocabulary
def test_a_link_to_the_program_finds_it_too(tmp_path, monkeypatch):
    link = tmp_path / "signalbox"
    os.symlink(os.path.abspath(under_test.BINARY), link)
    monkeypatch.setattr(under_test, "BINARY", str(link))
    assert settled()["usage_from"] == "counted"


def test_without_it_counts_are_called_estimates(alone):
    record = settled()
    assert record["usage_from"] == "estimated"
    assert record["input_tokens"] > 0 and record["output_tokens"] > 0


@needs_vocabulary
def test_it_may_lie_elsewhere(alone):
    env = {"SIGNALBOX_VOCABULARY": str(VOCABULARY.resolve())}
    assert settled(env)["usage_from"] == "counted"
