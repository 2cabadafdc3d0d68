// The official Node SDK against the program without any configuration.

import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { sim } from "./client.mjs";

const client = sim();
const messages = [{ role: "user", content: "echo this" }];

test("auto is answered by sim", async () => {
  const { data, response } = await client.chat.completions
    .create({ model: "auto", messages }).withResponse();
  assert.equal(response.headers.get("x-signalbox-provider"), "sim");
  assert.ok(data.choices[0].message.content);
});

test("echo", async () => {
  const answer = await client.chat.completions.create({ model: "sim/echo", messages });
  assert.equal(answer.choices[0].message.content, "echo this");
  assert.equal(answer.usage.total_tokens,
    answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

test("echo streamed with usage", async () => {
  let text = "";
  let usage = null;
  const stream = await client.chat.completions.create({ model: "sim/echo", messages, stream: true,
    stream_options: { include_usage: true } });
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, "echo this");
  assert.ok(usage.completion_tokens > 0);
});

test("completions, whole and streamed", async () => {
  const whole = await client.completions.create({ model: "sim/echo", prompt: "one two" });
  assert.equal(whole.choices[0].text, "one two");
  let text = "";
  for await (const chunk of await client.completions.create({ model: "sim/echo", stream: true,
    prompt: "one two" })) text += chunk.choices[0].text;
  assert.equal(text, "one two");
});

test("embeddings", async () => {
  const answer = await client.embeddings.create({ model: "sim/embed", input: ["a", "b", "a"] });
  assert.deepEqual(answer.data[0].embedding, answer.data[2].embedding);
  assert.notDeepEqual(answer.data[0].embedding, answer.data[1].embedding);
});

test("models", async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.some((name) => name.includes("echo")), names.join());
});

test("an unknown model", async () => {
  await assert.rejects(client.chat.completions.create({ model: "nobody/no-such-model", messages }),
    OpenAI.NotFoundError);
});
