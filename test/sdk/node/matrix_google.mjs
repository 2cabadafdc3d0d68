// The @google/genai package.

import { GoogleGenAI } from "@google/genai";
import { call, Client, said, usage } from "./matrix_base.mjs";

const FINISH = { STOP: "stop", MAX_TOKENS: "length", SAFETY: "content_filter" };

export class GoogleGenAi extends Client {
  sdk = new GoogleGenAI({ apiKey: this.key, httpOptions: { baseUrl: this.host, timeout: 20_000,
    retryOptions: { attempts: 1 } } });

  begin(ask) {
    const parts = [{ text: ask.prompt }];
    if (ask.image) parts.push({ inlineData: { mimeType: "image/png", data: ask.image } });
    if (ask.image_url) parts.push({ fileData: { mimeType: "image/png", fileUri: ask.image_url } });
    if (ask.pdf) parts.push({ inlineData: { mimeType: "application/pdf", data: ask.pdf } });
    const old = ask.old && [{ role: "user", parts: [{ text: ask.old.prompt }] },
      { role: "model", parts: [{ functionCall: { name: ask.old.name, args: ask.old.args } }] },
      { role: "user", parts: [{ functionResponse: { name: ask.old.name,
        response: ask.old.result } }] }];
    return [...(ask.history ?? []).map(([role, text]) => ({
      role: role === "assistant" ? "model" : role, parts: [{ text }] })),
    ...(old ?? []), { role: "user", parts }];
  }

  config(ask) {
    const config = { maxOutputTokens: ask.max_tokens, systemInstruction: ask.system,
      temperature: ask.temperature, stopSequences: ask.stop };
    if (ask.tools) config.tools = [{ functionDeclarations: ask.tools.map((tool) => ({
      name: tool.name, description: tool.description, parametersJsonSchema: tool.schema })) }];
    if (ask.choice) {
      const named = !["required", "none"].includes(ask.choice);
      config.toolConfig = { functionCallingConfig: { mode: ask.choice === "none" ? "NONE" : "ANY",
        ...(named ? { allowedFunctionNames: [ask.choice] } : {}) } };
    }
    if (ask.schema) Object.assign(config, { responseMimeType: "application/json",
      responseJsonSchema: ask.schema });
    if (ask.reasoning) config.thinkingConfig = { includeThoughts: true,
      thinkingBudget: ask.reasoning };
    return config;
  }

  async turn(model, ask, talk) {
    const request = { model, contents: talk, config: this.config(ask) };
    const chunks = [];
    if (ask.stream) {
      for await (const chunk of await this.sdk.models.generateContentStream(request))
        chunks.push(chunk);
    } else {
      chunks.push(await this.sdk.models.generateContent(request));
    }
    const candidates = chunks.flatMap((chunk) => chunk.candidates ?? []);
    const parts = candidates.flatMap((candidate) => candidate.content?.parts ?? []);
    const reason = candidates.map((candidate) => candidate.finishReason).filter(Boolean).at(-1);
    const used = chunks.map((chunk) => chunk.usageMetadata).filter(Boolean).at(-1);
    talk.push({ role: "model", parts });
    const words = (thought) => parts.filter((part) => part.text && !!part.thought === thought)
      .map((part) => part.text).join("");
    const calls = parts.filter((part) => part.functionCall).map(({ functionCall: one }) =>
      call(one.id, one.name, one.args));
    const finish = FINISH[reason] ?? reason;
    return said({ text: words(false), thoughts: words(true), calls,
      finish: calls.length && finish === "stop" ? "tool_calls" : finish,
      usage: used ? usage(used.promptTokenCount,
        (used.candidatesTokenCount ?? 0) + (used.thoughtsTokenCount ?? 0),
        used.cachedContentTokenCount, used.thoughtsTokenCount) : {} });
  }

  async embed(model, contents) {
    return (await this.sdk.models.embedContent({ model, contents })).embeddings
      .map((one) => one.values);
  }

  async count(model, ask) {
    const contents = [{ role: "user", parts: [{ text: ask.system }] }, ...this.begin(ask)];
    return (await this.sdk.models.countTokens({ model, contents })).totalTokens;
  }

  results(talk, calls, given) {
    talk.push({ role: "user", parts: calls.map((one) => ({ functionResponse: {
      ...(one.id ? { id: one.id } : {}), name: one.name, response: given(one) } })) });
  }
}
