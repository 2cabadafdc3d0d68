// Embeddings and the model list by the official Node SDK.

import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { edge } from "./client.mjs";

const client = edge();
const wanted = (text, size = 8) => Array.from({ length: size }, (_, n) =>
  ((text.length + n) % 7) / 8);

test("embeddings as the SDK asks by itself", async () => {
  const answer = await client.embeddings.create({ model: "edge/e", input: ["a", "bcd"] });
  assert.deepEqual(answer.data[1].embedding, wanted("bcd"));
});

test("embeddings as floats", async () => {
  const answer = await client.embeddings.create({ model: "edge/e", input: "abc",
    encoding_format: "float" });
  assert.deepEqual(answer.data[0].embedding, wanted("abc"));
});

test("embeddings as base64", async () => {
  const answer = await client.embeddings.create({ model: "edge/e", input: "abc",
    encoding_format: "base64" });
  assert.equal(typeof answer.data[0].embedding, "string");
});

test("models list and retrieve", async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.length > 0);
  assert.equal((await client.models.retrieve(names[0])).id, names[0]);
});

test("an unknown model is not found", async () => {
  await assert.rejects(client.models.retrieve("there-is-no-such-model"), OpenAI.NotFoundError);
});
