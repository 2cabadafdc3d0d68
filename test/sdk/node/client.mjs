// The SDK's clients for the suites: one on the scripted upstream, one on `sim`.
// The addresses come from run_node.py, which starts the program twice.

import OpenAI from "openai";

export function edge(options = {}) {
  return new OpenAI({ baseURL: `${process.env.SIGNALBOX_EDGE}/v1`, apiKey: "sk-client-secret",
    maxRetries: 0, timeout: 10_000, ...options });
}

export function sim(options = {}) {
  return new OpenAI({ baseURL: `${process.env.SIGNALBOX_SIM}/v1`, apiKey: "anything",
    maxRetries: 0, timeout: 10_000, ...options });
}

/** How many upstream calls are running; asked of the fake upstream's own small page. */
export async function running() {
  const answer = await fetch(`${process.env.SIGNALBOX_UPSTREAM}/running`);
  return (await answer.json()).running;
}

export async function eventuallyIdle(milliseconds = 1000) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if ((await running()) === 0) return true;
    await new Promise((done) => setTimeout(done, 20));
  }
  return false;
}

export const MODEL = "edge/gpt-4o-mini";
export const USER = [{ role: "user", content: "hello" }];
