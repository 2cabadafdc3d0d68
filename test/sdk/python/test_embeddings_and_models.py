"""Embeddings and the model list by the official Python SDK."""

import openai
import pytest


def test_embeddings_are_floats(client, openai_upstream):
    """The SDK asks for base64 on its own and decodes it."""
    answer = client.embeddings.create(model="edge/text-embedding-3-small", input=["a", "bcd"])
    assert [item.index for item in answer.data] == [0, 1]
    assert answer.data[0].embedding == [((1 + n) % 7) / 8 for n in range(8)]
    assert answer.usage.prompt_tokens == 2


def test_embeddings_as_floats(client):
    answer = client.embeddings.create(model="edge/e", input="abc", encoding_format="float")
    assert answer.data[0].embedding == [((3 + n) % 7) / 8 for n in range(8)]


def test_embeddings_as_base64(client):
    answer = client.embeddings.create(model="edge/e", input="abc", encoding_format="base64")
    assert isinstance(answer.data[0].embedding, str)


def test_embeddings_with_dimensions(client):
    answer = client.embeddings.create(model="edge/e", input="abc", dimensions=3)
    assert len(answer.data[0].embedding) == 3


def test_models_list_and_retrieve(client):
    models = [model.id for model in client.models.list()]
    assert models, "an empty list"
    found = client.models.retrieve(models[0])
    assert found.id == models[0] and found.object == "model"


def test_an_unknown_model_is_not_found(client):
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("there-is-no-such-model")
