// Runs the cases that come on standard input through the Node SDKs, several at a time.
//
// In:  one JSON list of cases: id, client, host, key, model, ask.
// Out: one JSON line per case, as it ends: its id and what the SDK made of the answer.

import { AsyncLocalStorage } from "node:async_hooks";
import { text } from "node:stream/consumers";
import { AnthropicMessages } from "./matrix_anthropic.mjs";
import { CohereChat } from "./matrix_cohere.mjs";
import { GoogleGenAi } from "./matrix_google.mjs";
import { MistralChat } from "./matrix_mistral.mjs";
import { OllamaChat } from "./matrix_ollama.mjs";
import { OpenAiChat, OpenAiResponses } from "./matrix_openai.mjs";
import { VercelAnthropic, VercelGoogle, VercelOpenAi, VercelResponses } from "./matrix_vercel.mjs";

const CLIENTS = { openai: OpenAiChat, openai_responses: OpenAiResponses,
  anthropic: AnthropicMessages, gemini: GoogleGenAi, mistral: MistralChat, cohere: CohereChat,
  ollama: OllamaChat, vercel_openai: VercelOpenAi, vercel_responses: VercelResponses,
  vercel_anthropic: VercelAnthropic, vercel_google: VercelGoogle };
const AT_ONCE = 6;

// The headers of a case's last answer, because not every SDK shows them.
const current = new AsyncLocalStorage();
const plainFetch = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const answer = await plainFetch(...given);
  const store = current.getStore();
  if (store) store.headers = Object.fromEntries(answer.headers);
  return answer;
};
globalThis.AI_SDK_LOG_WARNINGS = false;
console.log = console.warn = console.error;  // standard output is for results
process.on("unhandledRejection", () => {});

const clients = new Map();
function client(one) {
  const key = `${one.client} ${one.host} ${one.key}`;
  if (!clients.has(key)) clients.set(key, new CLIENTS[one.client](one.host, one.key));
  return clients.get(key);
}

const KEPT = (name) => name.startsWith("x-signalbox") || name === "retry-after";

async function play(one) {
  const store = { headers: {} };
  const result = await current.run(store, async () => {
    try {
      return await client(one).run(one.model, one.ask);
    } catch (error) {
      return { ...client(one).failure(error), trace: String(error?.stack).slice(0, 1500) };
    }
  });
  const headers = Object.fromEntries(Object.entries(store.headers).filter(([name]) => KEPT(name)));
  process.stdout.write(`${JSON.stringify({ id: one.id, ...result, headers })}\n`);
}

const cases = JSON.parse(await text(process.stdin));
let next = 0;
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  while (next < cases.length) await play(cases[next++]);
}));
process.exitCode = 0;
