// The @anthropic-ai/sdk package.

import Anthropic from "@anthropic-ai/sdk";
import { call, Client, said, usage } from "./matrix_base.mjs";

const FINISH = { end_turn: "stop", stop_sequence: "stop", max_tokens: "length",
  tool_use: "tool_calls" };
const source = (type, media_type, data) => ({ type,
  source: { type: "base64", media_type, data } });

export class AnthropicMessages extends Client {
  sdk = new Anthropic({ baseURL: this.host, apiKey: this.key, maxRetries: 0, timeout: 20_000 });

  begin(ask) {
    const parts = [{ type: "text", text: ask.prompt }];
    if (ask.image) parts.push(source("image", "image/png", ask.image));
    if (ask.image_url) parts.push({ type: "image", source: { type: "url", url: ask.image_url } });
    if (ask.pdf) parts.push({ ...source("document", "application/pdf", ask.pdf),
      title: "paper.pdf" });
    const old = ask.old && [{ role: "user", content: ask.old.prompt },
      { role: "assistant", content: [{ type: "tool_use", id: ask.old.id, name: ask.old.name,
        input: ask.old.args }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: ask.old.id,
        content: JSON.stringify(ask.old.result) }] }];
    return [...(ask.history ?? []).map(([role, content]) => ({ role, content })), ...(old ?? []),
      { role: "user", content: parts.length > 1 ? parts : ask.prompt }];
  }

  request(model, ask, messages) {
    const request = { model, messages, max_tokens: ask.max_tokens, system: ask.system,
      temperature: ask.temperature, stop_sequences: ask.stop };
    if (ask.cache) request.system = [{ type: "text", text: ask.system,
      cache_control: { type: "ephemeral" } }];
    if (ask.tools) request.tools = ask.tools.map((tool) => ({ name: tool.name,
      description: tool.description, input_schema: tool.schema }));
    if (ask.choice) request.tool_choice = { required: { type: "any" },
      none: { type: "none" } }[ask.choice] ?? { type: "tool", name: ask.choice };
    if (ask.parallel === false)
      request.tool_choice = { type: "auto", disable_parallel_tool_use: true };
    if (ask.schema) request.output_config = { format: { type: "json_schema",
      schema: ask.schema } };
    if (ask.reasoning) request.thinking = { type: "enabled", budget_tokens: ask.reasoning };
    return request;
  }

  async turn(model, ask, talk) {
    const request = this.request(model, ask, talk);
    const answer = ask.stream ? await this.sdk.messages.stream(request).finalMessage()
      : await this.sdk.messages.create(request);
    talk.push({ role: "assistant", content: answer.content });
    const of = (type) => answer.content.filter((block) => block.type === type);
    const used = answer.usage;
    const cached = used.cache_read_input_tokens ?? 0;
    return said({ text: of("text").map((block) => block.text).join(""),
      thoughts: of("thinking").map((block) => block.thinking).join(""),
      calls: of("tool_use").map((block) => call(block.id, block.name, block.input)),
      finish: FINISH[answer.stop_reason] ?? answer.stop_reason,
      usage: usage(used.input_tokens + cached + (used.cache_creation_input_tokens ?? 0),
        used.output_tokens, cached) });
  }

  async count(model, ask) {
    const request = { model, messages: this.begin(ask), system: ask.system };
    return (await this.sdk.messages.countTokens(request)).input_tokens;
  }

  results(talk, calls, given) {
    talk.push({ role: "user", content: calls.map((one) => ({ type: "tool_result",
      tool_use_id: one.id, content: JSON.stringify(given(one)) })) });
  }
}
