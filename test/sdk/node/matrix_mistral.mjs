// The @mistralai/mistralai package.

import { Mistral } from "@mistralai/mistralai";
import { call, Client, dataUrl, said, usage } from "./matrix_base.mjs";

export class MistralChat extends Client {
  sdk = new Mistral({ apiKey: this.key, serverURL: this.host, timeoutMs: 20_000 });

  begin(ask) {
    const parts = [{ type: "text", text: ask.prompt }];
    if (ask.image || ask.image_url)
      parts.push({ type: "image_url", imageUrl: ask.image_url ?? dataUrl("image/png", ask.image) });
    if (ask.pdf) parts.push({ type: "document_url", documentName: "paper.pdf",
      documentUrl: dataUrl("application/pdf", ask.pdf) });
    const old = ask.old && [{ role: "user", content: ask.old.prompt },
      { role: "assistant", content: "", toolCalls: [{ id: "oldCall01", type: "function",
        function: { name: ask.old.name, arguments: JSON.stringify(ask.old.args) } }] },
      { role: "tool", toolCallId: "oldCall01", name: ask.old.name,
        content: JSON.stringify(ask.old.result) },
      { role: "assistant", content: "18 degrees." }];
    return [...(ask.system ? [{ role: "system", content: ask.system }] : []),
      ...(ask.history ?? []).map(([role, content]) => ({ role, content })), ...(old ?? []),
      { role: "user", content: parts.length > 1 ? parts : ask.prompt }];
  }

  request(model, ask, messages) {
    const request = { model, messages, maxTokens: ask.max_tokens, temperature: ask.temperature,
      stop: ask.stop, parallelToolCalls: ask.parallel };
    if (ask.tools) request.tools = ask.tools.map((tool) => ({ type: "function", function: {
      name: tool.name, description: tool.description, parameters: tool.schema } }));
    if (ask.choice) request.toolChoice = { required: "any", none: "none" }[ask.choice]
      ?? { type: "function", function: { name: ask.choice } };
    if (ask.schema) request.responseFormat = { type: "json_schema", jsonSchema: {
      name: ask.schema_name, schemaDefinition: ask.schema, strict: true } };
    if (ask.reasoning) request.promptMode = "reasoning";
    return request;
  }

  async turn(model, ask, talk) {
    const request = this.request(model, ask, talk);
    const { message, finish, used } = ask.stream ? await this.streamed(request)
      : await this.whole(request);
    talk.push(message);
    const parts = Array.isArray(message.content) ? message.content
      : [{ type: "text", text: message.content ?? "" }];
    return said({ text: parts.map((part) => part.text ?? "").join(""),
      thoughts: parts.flatMap((part) => part.thinking ?? []).map((part) => part.text).join(""),
      calls: (message.toolCalls ?? []).map((one) => call(one.id, one.function.name,
        one.function.arguments)),
      finish, usage: used ? usage(used.promptTokens, used.completionTokens,
        used.promptTokensDetails?.cachedTokens ?? used.prompt_tokens_details?.cached_tokens
        ?? used.additionalProperties?.prompt_tokens_details?.cached_tokens) : {} });
  }

  async whole(request) {
    const answer = await this.sdk.chat.complete(request);
    return { message: answer.choices[0].message, finish: answer.choices[0].finishReason,
      used: answer.usage };
  }

  async streamed(request) {
    const parts = [];
    const toolCalls = [];
    let [finish, used] = ["", null];
    for await (const { data } of await this.sdk.chat.stream(request)) {
      used = data.usage ?? used;
      for (const { delta, finishReason } of data.choices) {
        finish = finishReason ?? finish;
        const now = Array.isArray(delta.content) ? delta.content
          : delta.content ? [{ type: "text", text: delta.content }] : [];
        for (const part of now) this.join(parts, part);
        for (const one of delta.toolCalls ?? []) {
          const known = toolCalls[one.index ?? 0];
          if (!known) toolCalls[one.index ?? 0] = { ...one, function: { ...one.function } };
          else known.function.arguments += one.function.arguments ?? "";
        }
      }
    }
    const plain = parts.length === 1 && parts[0].type === "text";
    return { finish, used, message: { role: "assistant",
      content: plain ? parts[0].text : parts.length ? parts : "",
      ...(toolCalls.length ? { toolCalls } : {}) } };
  }

  join(parts, part) {
    const last = parts.at(-1);
    if (last?.type !== part.type) parts.push(structuredClone(part));
    else if (part.type === "text") last.text += part.text;
    else last.thinking.push(...part.thinking);
  }

  async embed(model, inputs) {
    return (await this.sdk.embeddings.create({ model, inputs })).data.map((one) => one.embedding);
  }

  results(talk, calls, given) {
    for (const one of calls) talk.push({ role: "tool", toolCallId: one.id, name: one.name,
      content: JSON.stringify(given(one)) });
  }
}
