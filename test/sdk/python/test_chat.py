"""Chat completions by the official Python SDK, on the scripted upstream."""

import asyncio
import time

import openai
import pydantic
import pytest

from sdk import model
from support.client import fetch

MODEL = "edge/gpt-4o-mini"
USER = [{"role": "user", "content": "hello"}]
TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a city", "strict": True,
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}},
                   "required": ["city"], "additionalProperties": False}}}
PIXEL = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
         "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class Person(pydantic.BaseModel):
    name: str
    age: int


def test_plain(client):
    answer = client.chat.completions.create(model=MODEL, messages=USER, temperature=0.2)
    assert answer.choices[0].message.content == "You said: hello"
    assert answer.usage.prompt_tokens == 11
    assert answer.usage.prompt_tokens_details.cached_tokens == 3
    assert answer.usage.completion_tokens_details.reasoning_tokens == 2


def test_answer_headers(client):
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=USER)
    assert raw.headers["x-signalbox-request-id"].startswith("req_")
    assert raw.headers["x-signalbox-provider"] == "edge"
    assert raw.headers["x-signalbox-model"]
    assert float(raw.headers["x-signalbox-overhead-us"]) >= 0
    assert raw.parse().choices[0].finish_reason == "stop"


def test_several_choices(client):
    answer = client.chat.completions.create(model=MODEL, messages=USER, n=3)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]


def test_streamed(client):
    chunks = list(client.chat.completions.create(model=MODEL, messages=USER, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "You said: hello"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(c.choices for c in chunks), "a usage chunk that was not asked for"
    assert all(c.usage is None for c in chunks)


def test_streamed_with_usage(client):
    chunks = list(client.chat.completions.create(model=MODEL, messages=USER, stream=True,
                                                 stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == 18
    assert all(c.usage is None for c in chunks[:-1])


def test_streamed_without_usage_said_outright(client):
    chunks = list(client.chat.completions.create(model=MODEL, messages=USER, stream=True,
                                                 stream_options={"include_usage": False}))
    assert all(c.choices for c in chunks)


def test_stream_helper(client):
    with client.chat.completions.stream(model=MODEL, messages=USER) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert final.choices[0].message.content == "You said: hello"


def test_tools_and_their_result(client):
    answer = client.chat.completions.create(model=MODEL, messages=USER, tools=[TOOL],
                                            tool_choice="auto")
    call = answer.choices[0].message.tool_calls[0]
    assert answer.choices[0].finish_reason == "tool_calls"
    assert call.function.name == "get_weather" and call.function.arguments == '{"city": "Paris"}'
    again = client.chat.completions.create(model=MODEL, tools=[TOOL], messages=[
        *USER, answer.choices[0].message,
        {"role": "tool", "tool_call_id": call.id, "content": "sunny"}])
    assert again.choices[0].message.content == "You said: hello"


def test_parallel_tools(client):
    answer = client.chat.completions.create(model=MODEL, messages=USER, tools=[TOOL],
                                            parallel_tool_calls=True)
    calls = answer.choices[0].message.tool_calls
    assert [call.id for call in calls] == ["call_paris", "call_oslo"]


@pytest.mark.parametrize("parallel", [False, True])
def test_streamed_tools(client, parallel):
    arguments, ids = {}, {}
    for chunk in client.chat.completions.create(model=MODEL, messages=USER, tools=[TOOL],
                                                parallel_tool_calls=parallel, stream=True):
        for call in chunk.choices[0].delta.tool_calls or []:
            ids.setdefault(call.index, call.id)
            arguments[call.index] = arguments.get(call.index, "") + call.function.arguments
    wanted = {0: '{"city": "Paris"}', 1: '{"city": "Oslo"}'}
    assert arguments == (wanted if parallel else {0: wanted[0]})
    assert ids[0] == "call_paris"


def test_streamed_tools_by_the_helper(client):
    with client.chat.completions.stream(model=MODEL, messages=USER, tools=[TOOL],
                                        parallel_tool_calls=True) as stream:
        for _ in stream:
            pass
        calls = stream.get_final_completion().choices[0].message.tool_calls
    assert [call.function.parsed_arguments for call in calls] == [{"city": "Paris"},
                                                                  {"city": "Oslo"}]


def test_json_schema(client):
    answer = client.chat.completions.parse(model=MODEL, messages=USER, response_format=Person)
    assert answer.choices[0].message.parsed == Person(name="Ada", age=36)


def test_json_schema_streamed(client):
    with client.chat.completions.stream(model=MODEL, messages=USER,
                                        response_format=Person) as stream:
        for _ in stream:
            pass
        assert stream.get_final_completion().choices[0].message.parsed.name == "Ada"


def test_vision(client, openai_upstream):
    content = [{"type": "text", "text": "what is this"},
               {"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}}]
    answer = client.chat.completions.create(model=MODEL,
                                            messages=[{"role": "user", "content": content}])
    assert answer.choices[0].message.content == "You said: what is this image"
    import json
    sent = json.loads(openai_upstream.requests[-1].body)
    assert sent["messages"][0]["content"] == content


def test_the_clients_key_stays_here(client, openai_upstream):
    client.chat.completions.create(model=MODEL, messages=USER)
    assert b"sk-client-secret" not in openai_upstream.requests[-1].raw
    assert openai_upstream.requests[-1].header("authorization") is None


ERRORS = {400: openai.BadRequestError, 401: openai.AuthenticationError,
          403: openai.PermissionDeniedError, 404: openai.NotFoundError,
          409: openai.ConflictError, 422: openai.UnprocessableEntityError,
          429: openai.RateLimitError, 500: openai.InternalServerError,
          503: openai.InternalServerError}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", sorted(ERRORS))
def test_errors_of_the_upstream(client, status, stream):
    with pytest.raises(ERRORS[status]) as caught:
        client.chat.completions.create(  # a model each: a limit rests its key for that model
            model=f"edge/says-{status}-{stream}", messages=[{"role": "user", "content": f"!error {status}"}], stream=stream)
    assert caught.value.status_code == status
    said = model.ERRORS[status]["error"]["message"]
    if status == 401:  # the vendor's words, and whose key they are about
        assert said in caught.value.body["message"]
        assert "check providers.edge.key" in caught.value.body["message"]
    else:
        assert caught.value.body["message"] == said
    assert caught.value.code == model.ERRORS[status]["error"]["code"]


def test_retry_after_is_passed_on(client):
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(model="edge/limited",
                                       messages=[{"role": "user", "content": "!error 429"}])
    assert caught.value.response.headers["retry-after"] == "0"


def test_errors_of_our_own(client):
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model=MODEL, messages="not a list")
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="no-such-provider/m", messages=USER)
    with pytest.raises(openai.NotFoundError):
        client.get("/nowhere", cast_to=object)


def test_timeout_of_the_client(client, openai_upstream):
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.5).chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "!hang"}])
    assert model.wait_until_closed(openai_upstream), "the upstream call lives on"


def test_abort_in_the_middle_of_a_stream(client, openai_upstream):
    stream = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "!slow"}], stream=True)
    for number, _ in enumerate(stream):
        if number == 3:
            break
    stream.close()
    assert model.wait_until_closed(openai_upstream), "the upstream call lives on"


def test_async_client_many_at_once(edge_gateway):
    async def run():
        async with openai.AsyncOpenAI(base_url=edge_gateway.url + "/v1", api_key="x",
                                      max_retries=0) as sdk:
            answers = await asyncio.gather(*(sdk.chat.completions.create(
                model=MODEL, messages=[{"role": "user", "content": f"n{n}"}]) for n in range(40)))
            return [a.choices[0].message.content for a in answers]

    assert asyncio.run(run()) == [f"You said: n{n}" for n in range(40)]


def test_async_abort(edge_gateway, openai_upstream):
    async def run():
        async with openai.AsyncOpenAI(base_url=edge_gateway.url + "/v1", api_key="x") as sdk:
            task = asyncio.create_task(sdk.chat.completions.create(
                model=MODEL, messages=[{"role": "user", "content": "!hang"}]))
            await asyncio.sleep(0.3)
            task.cancel()

    asyncio.run(run())
    assert model.wait_until_closed(openai_upstream), "the upstream call lives on"


def test_first_chunk_is_not_held_back(client):
    began = time.monotonic()
    stream = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "!slow"}], stream=True)
    next(iter(stream))
    assert time.monotonic() - began < 1.0
    stream.close()


def test_the_program_is_well(edge_gateway):
    assert fetch(edge_gateway, "GET", "/healthz").status == 200
