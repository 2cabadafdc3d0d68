// Chat completions by the official Node SDK, on the scripted upstream.

import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { edge, eventuallyIdle, MODEL, USER } from "./client.mjs";

const client = edge();
const tool = { type: "function", function: { name: "get_weather", strict: true,
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"],
    additionalProperties: false } } };
const says = (content) => [{ role: "user", content }];

test("plain", async () => {
  const answer = await client.chat.completions.create({ model: MODEL, messages: USER });
  assert.equal(answer.choices[0].message.content, "You said: hello");
  assert.equal(answer.usage.total_tokens, 18);
  assert.equal(answer.usage.completion_tokens_details.reasoning_tokens, 2);
});

test("answer headers", async () => {
  const { response } = await client.chat.completions
    .create({ model: MODEL, messages: USER }).withResponse();
  assert.match(response.headers.get("x-signalbox-request-id"), /^req_/);
  assert.equal(response.headers.get("x-signalbox-provider"), "edge");
  assert.ok(response.headers.get("x-signalbox-model"));
  assert.ok(Number(response.headers.get("x-signalbox-overhead-us")) >= 0);
});

test("streamed", async () => {
  let text = "";
  const stream = await client.chat.completions.create(
    { model: MODEL, messages: USER, stream: true });
  for await (const chunk of stream) {
    assert.equal(chunk.choices.length, 1, "a usage chunk that was not asked for");
    text += chunk.choices[0].delta.content ?? "";
  }
  assert.equal(text, "You said: hello");
});

test("streamed with usage", async () => {
  const chunks = [];
  const stream = await client.chat.completions.create({ model: MODEL, messages: USER, stream: true,
    stream_options: { include_usage: true } });
  for await (const chunk of stream) chunks.push(chunk);
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.total_tokens, 18);
});

test("stream helper", async () => {
  const stream = client.chat.completions.stream({ model: MODEL, messages: USER });
  const final = await stream.finalChatCompletion();
  assert.equal(final.choices[0].message.content, "You said: hello");
});

test("tools and their result", async () => {
  const answer = await client.chat.completions.create({ model: MODEL, messages: USER,
    tools: [tool] });
  const message = answer.choices[0].message;
  assert.equal(answer.choices[0].finish_reason, "tool_calls");
  assert.equal(message.tool_calls[0].function.arguments, '{"city": "Paris"}');
  const again = await client.chat.completions.create({ model: MODEL, tools: [tool], messages: [
    ...USER, message, { role: "tool", tool_call_id: message.tool_calls[0].id, content: "sunny" }] });
  assert.equal(again.choices[0].message.content, "You said: hello");
});

test("parallel tools", async () => {
  const answer = await client.chat.completions.create({ model: MODEL, messages: USER,
    tools: [tool], parallel_tool_calls: true });
  assert.deepEqual(answer.choices[0].message.tool_calls.map((call) => call.id),
    ["call_paris", "call_oslo"]);
});

for (const parallel of [false, true]) {
  test(`streamed tools, parallel ${parallel}`, async () => {
    const stream = client.chat.completions.stream({ model: MODEL, messages: USER, tools: [tool],
      parallel_tool_calls: parallel });
    const calls = (await stream.finalChatCompletion()).choices[0].message.tool_calls;
    assert.deepEqual(calls.map((call) => JSON.parse(call.function.arguments).city),
      parallel ? ["Paris", "Oslo"] : ["Paris"]);
  });
}

test("tool runner", async () => {
  const asked = [];
  const runner = client.chat.completions.runTools({ model: MODEL, messages: USER, tools: [{
    type: "function", function: { name: "get_weather", parse: JSON.parse,
      parameters: tool.function.parameters,
      function: ({ city }) => { asked.push(city); return "sunny"; } } }] });
  assert.equal(await runner.finalContent(), "You said: hello");
  assert.deepEqual(asked, ["Paris"]);
});

test("json schema", async () => {
  const answer = await client.chat.completions.parse({ model: MODEL, messages: USER,
    response_format: { type: "json_schema", json_schema: { name: "person", strict: true,
      schema: { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } },
        required: ["name", "age"], additionalProperties: false } } } });
  assert.deepEqual(answer.choices[0].message.parsed, { name: "Ada", age: 36 });
});

test("vision", async () => {
  const answer = await client.chat.completions.create({ model: MODEL, messages: says([
    { type: "text", text: "what is this" },
    { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }]) });
  assert.equal(answer.choices[0].message.content, "You said: what is this image");
});

const errors = { 400: OpenAI.BadRequestError, 401: OpenAI.AuthenticationError,
  404: OpenAI.NotFoundError, 429: OpenAI.RateLimitError, 500: OpenAI.InternalServerError };
for (const [status, kind] of Object.entries(errors)) {
  for (const stream of [false, true]) {
    test(`error ${status} of the upstream, stream ${stream}`, async () => {
      await assert.rejects(
        client.chat.completions.create({ model: `edge/says-${status}-${stream}`,
          messages: says(`!error ${status}`), stream }),
        (error) => error instanceof kind && error.status === Number(status));
    });
  }
}

test("errors of our own", async () => {
  await assert.rejects(client.chat.completions.create({ model: MODEL, messages: "no list" }),
    OpenAI.BadRequestError);
  await assert.rejects(client.chat.completions.create({ model: "nobody/m", messages: USER }),
    OpenAI.NotFoundError);
});

test("timeout of the client", async () => {
  await assert.rejects(edge({ timeout: 500 }).chat.completions.create(
    { model: MODEL, messages: says("!hang") }), OpenAI.APIConnectionTimeoutError);
  assert.ok(await eventuallyIdle(), "the upstream call lives on");
});

test("abort before the first token", async () => {
  const controller = new AbortController();
  const call = client.chat.completions.create({ model: MODEL, messages: says("!hang") },
    { signal: controller.signal });
  setTimeout(() => controller.abort(), 300);
  await assert.rejects(call, OpenAI.APIUserAbortError);
  assert.ok(await eventuallyIdle(), "the upstream call lives on");
});

test("abort in the middle of a stream", async () => {
  const stream = await client.chat.completions.create(
    { model: MODEL, messages: says("!slow"), stream: true });
  let seen = 0;
  for await (const _ of stream) if (++seen === 4) break;
  assert.ok(await eventuallyIdle(), "the upstream call lives on");
});

test("many at once", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) =>
    client.chat.completions.create({ model: MODEL, messages: says(`n${n}`) })));
  assert.deepEqual(answers.map((a) => a.choices[0].message.content),
    Array.from({ length: 40 }, (_, n) => `You said: n${n}`));
});
