// The ollama package.

import { Ollama } from "ollama";
import { call, Client, said, usage } from "./matrix_base.mjs";

export class OllamaChat extends Client {
  sdk = new Ollama({ host: this.host, headers: { authorization: `Bearer ${this.key}` } });

  begin(ask) {
    const old = ask.old && [{ role: "user", content: ask.old.prompt },
      { role: "assistant", content: "", tool_calls: [{ function: { name: ask.old.name,
        arguments: ask.old.args } }] },
      { role: "tool", tool_name: ask.old.name, content: JSON.stringify(ask.old.result) }];
    return [...(ask.system ? [{ role: "system", content: ask.system }] : []),
      ...(ask.history ?? []).map(([role, content]) => ({ role, content })), ...(old ?? []),
      { role: "user", content: ask.prompt, ...(ask.image ? { images: [ask.image] } : {}) }];
  }

  async turn(model, ask, talk) {
    const request = { model, messages: talk, options: { num_predict: ask.max_tokens,
      temperature: ask.temperature, stop: ask.stop } };
    if (ask.tools) request.tools = ask.tools.map((tool) => ({ type: "function", function: {
      name: tool.name, description: tool.description, parameters: tool.schema } }));
    if (ask.schema) request.format = ask.schema;
    if (ask.reasoning) request.think = true;
    const chunks = [];
    if (ask.stream) {
      for await (const chunk of await this.sdk.chat({ ...request, stream: true }))
        chunks.push(chunk);
    } else {
      chunks.push(await this.sdk.chat(request));
    }
    const last = chunks.at(-1);
    if (!last?.done) throw new Error("the stream ended without done");
    const words = (name) => chunks.map((chunk) => chunk.message[name] ?? "").join("");
    const made = chunks.flatMap((chunk) => chunk.message.tool_calls ?? []);
    talk.push({ role: "assistant", content: words("content"),
      ...(words("thinking") ? { thinking: words("thinking") } : {}),
      ...(made.length ? { tool_calls: made } : {}) });
    return said({ text: words("content"), thoughts: words("thinking"),
      calls: made.map((one) => call("", one.function.name, one.function.arguments)),
      finish: made.length && last.done_reason === "stop" ? "tool_calls" : last.done_reason,
      usage: usage(last.prompt_eval_count, last.eval_count) });
  }

  async embed(model, input) {
    return (await this.sdk.embed({ model, input })).embeddings;
  }

  results(talk, calls, given) {
    for (const one of calls) talk.push({ role: "tool", tool_name: one.name,
      content: JSON.stringify(given(one)) });
  }
}
