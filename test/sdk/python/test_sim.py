"""The official Python SDK against the program without any configuration."""

import openai
import pytest

USER = [{"role": "user", "content": "echo this"}]


def test_auto_is_answered(sim):
    raw = sim.chat.completions.with_raw_response.create(model="auto", messages=USER)
    assert raw.headers["x-signalbox-provider"] == "sim"
    answer = raw.parse()
    assert answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_echo(sim):
    answer = sim.chat.completions.create(model="sim/echo", messages=USER)
    assert answer.choices[0].message.content == "echo this"
    assert answer.usage.prompt_tokens > 0 and answer.usage.completion_tokens > 0


def test_echo_is_deterministic(sim):
    texts = {sim.chat.completions.create(model="auto", messages=USER).choices[0].message.content
             for _ in range(3)}
    assert len(texts) == 1


def test_echo_streamed(sim):
    chunks = list(sim.chat.completions.create(model="sim/echo", messages=USER, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "echo this"
    assert all(c.choices for c in chunks)


def test_echo_streamed_with_usage(sim):
    chunks = list(sim.chat.completions.create(model="sim/echo", messages=USER, stream=True,
                                              stream_options={"include_usage": True}))
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0


@pytest.mark.parametrize("text", ["", "ünï©ødé 😀", "a\nb\t\"c\" \\", "x" * 20000, "\u0000"])
def test_echo_of_odd_texts(sim, text):
    answer = sim.chat.completions.create(model="sim/echo",
                                         messages=[{"role": "user", "content": text}])
    assert answer.choices[0].message.content == text


def test_completions(sim):
    answer = sim.completions.create(model="sim/echo", prompt=["one two", "three"])
    assert [choice.text for choice in answer.choices] == ["one two", "three"]
    assert answer.usage.completion_tokens > 0


def test_completions_streamed(sim):
    chunks = list(sim.completions.create(model="sim/echo", prompt="one two", stream=True,
                                         stream_options={"include_usage": True}))
    assert "".join(c.choices[0].text for c in chunks if c.choices) == "one two"
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0


def test_several_choices(sim):
    answer = sim.chat.completions.create(model="sim/echo", messages=USER, n=2)
    assert len(answer.choices) == 2


def test_embeddings(sim):
    one = sim.embeddings.create(model="sim/embed", input=["a", "b", "a"])
    assert len(one.data) == 3
    assert one.data[0].embedding == one.data[2].embedding != one.data[1].embedding
    as_floats = sim.embeddings.create(model="sim/embed", input="a", encoding_format="float")
    assert as_floats.data[0].embedding == pytest.approx(one.data[0].embedding, abs=1e-6)


def test_embeddings_with_dimensions(sim):
    answer = sim.embeddings.create(model="sim/embed", input="a", dimensions=16)
    assert len(answer.data[0].embedding) == 16


def test_models(sim):
    names = {model.id for model in sim.models.list()}
    assert any("echo" in name for name in names), names
    assert sim.models.retrieve("sim/echo").id == "sim/echo"


def test_unknown_model(sim):
    with pytest.raises(openai.NotFoundError):
        sim.chat.completions.create(model="nobody/there-is-no-such-model", messages=USER)


def test_bad_request(sim):
    with pytest.raises(openai.BadRequestError):
        sim.chat.completions.create(model="sim/echo", messages="no list")
