"""The list of models, by the SDKs that ask for one, each in its own form."""

import anthropic
import openai
import pytest
from google import genai
from mistralai.client import Mistral
from ollama import Client as Ollama

from support.gateway import Gateway

KEY = "the-key-of-those-who-list-models"
NAME = "edge/some-model-of-ours"


@pytest.fixture(scope="module")
def gateway():
    provider = {"type": "anthropic", "base_url": "http://127.0.0.1:9", "key": "k",
                "models": ["some-model-of-ours"]}
    with Gateway({"server": {"workers": 1}, "access": {"key": KEY},
                  "providers": {"edge": provider}}) as one:
        yield one


def test_openai(gateway):
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=KEY) as sdk:
        assert NAME in [model.id for model in sdk.models.list()]
        assert sdk.models.retrieve(NAME).id == NAME


def test_anthropic(gateway):
    with anthropic.Anthropic(base_url=gateway.url, api_key=KEY) as sdk:
        assert NAME in [model.id for model in sdk.models.list()]


def test_google(gateway):
    sdk = genai.Client(api_key=KEY, http_options={"base_url": gateway.url})
    assert f"models/{NAME}" in [model.name for model in sdk.models.list()]


def test_mistral(gateway):
    sdk = Mistral(api_key=KEY, server_url=gateway.url)
    assert NAME in [model.id for model in sdk.models.list().data]


def test_ollama(gateway):
    sdk = Ollama(host=gateway.url, headers={"authorization": f"Bearer {KEY}"})
    assert NAME in [model.model for model in sdk.list().models]
