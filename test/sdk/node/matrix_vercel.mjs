// The ai package (Vercel) with the providers @ai-sdk/openai, /anthropic and /google.

import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { embedMany, generateText, jsonSchema, Output, streamText, tool } from "ai";
import { call, Client, said, usage } from "./matrix_base.mjs";

class Vercel extends Client {
  begin(ask) {
    const parts = [{ type: "text", text: ask.prompt }];
    const file = (mediaType, data) => ({ type: "file", mediaType, data, filename: "paper.pdf" });
    if (ask.image) parts.push(file("image/png", ask.image));
    if (ask.pdf) parts.push(file("application/pdf", ask.pdf));
    const names = { toolCallId: ask.old?.id, toolName: ask.old?.name };
    const old = ask.old && [{ role: "user", content: ask.old.prompt },
      { role: "assistant", content: [{ type: "tool-call", ...names, input: ask.old.args }] },
      { role: "tool", content: [{ type: "tool-result", ...names,
        output: { type: "json", value: ask.old.result } }] }];
    return [...(ask.history ?? []).map(([role, content]) => ({ role, content })), ...(old ?? []),
      { role: "user", content: parts.length > 1 ? parts : ask.prompt }];
  }

  request(model, ask, messages) {
    const request = { model: this.model(model), messages, maxOutputTokens: ask.max_tokens,
      temperature: ask.temperature, stopSequences: ask.stop, maxRetries: 0,
      instructions: ask.system, providerOptions: this.options(ask), onError() {} };
    if (ask.tools) request.tools = Object.fromEntries(ask.tools.map((one) => [one.name, tool({
      description: one.description, inputSchema: jsonSchema(one.schema) })]));
    if (ask.choice) request.toolChoice = ["required", "none"].includes(ask.choice) ? ask.choice
      : { type: "tool", toolName: ask.choice };
    if (ask.schema) request.output = Output.object({ schema: jsonSchema(ask.schema),
      name: ask.schema_name });
    return request;
  }

  async turn(model, ask, talk) {
    const request = this.request(model, ask, talk);
    let answer;
    if (ask.stream) {
      const stream = streamText(request);
      for await (const part of stream.fullStream)
        if (part.type === "error") throw part.error;
      answer = { text: await stream.text, reasoningText: await stream.reasoningText,
        toolCalls: await stream.toolCalls, finishReason: await stream.finishReason,
        usage: await stream.usage, response: await stream.response };
    } else {
      answer = await generateText(request);
    }
    talk.push(...answer.response.messages);
    const used = answer.usage;
    const reason = answer.finishReason;
    return said({ text: answer.text, thoughts: answer.reasoningText ?? "",
      calls: answer.toolCalls.map((one) => call(one.toolCallId, one.toolName, one.input)),
      finish: { "tool-calls": "tool_calls", "content-filter": "content_filter" }[reason] ?? reason,
      usage: usage(used.inputTokens, used.outputTokens, used.inputTokenDetails?.cacheReadTokens,
        used.outputTokenDetails?.reasoningTokens) });
  }

  async embed(name, values) {
    return (await embedMany({ model: this.sdk.embedding(name), values, maxRetries: 0 })).embeddings;
  }

  results(talk, calls, given) {
    talk.push({ role: "tool", content: calls.map((one) => ({ type: "tool-result",
      toolCallId: one.id, toolName: one.name, output: { type: "json", value: given(one) } })) });
  }

  message(error) {
    return `${error.message} ${error.responseBody ?? ""}`;
  }
}

export class VercelOpenAi extends Vercel {
  sdk = createOpenAI({ baseURL: `${this.host}/v1`, apiKey: this.key });

  model(name) {
    return this.sdk.chat(name);
  }

  options(ask) {
    return { openai: { forceReasoning: !!ask.reasoning, parallelToolCalls: ask.parallel,
      systemMessageMode: "system", ...(ask.reasoning ? { reasoningEffort: "medium" } : {}) } };
  }
}

export class VercelResponses extends VercelOpenAi {
  model(name) {
    return this.sdk.responses(name);
  }

  options(ask) {
    const { openai } = super.options(ask);
    return { openai: { ...openai, store: false, ...(ask.reasoning ? { reasoningSummary: "auto",
      include: ["reasoning.encrypted_content"] } : {}) } };
  }
}

export class VercelAnthropic extends Vercel {
  sdk = createAnthropic({ baseURL: `${this.host}/v1`, apiKey: this.key });

  model(name) {
    return this.sdk(name);
  }

  options(ask) {
    return { anthropic: { structuredOutputMode: "outputFormat",
      ...(ask.parallel === false ? { disableParallelToolUse: true } : {}),
      ...(ask.reasoning ? { thinking: { type: "enabled",
        budgetTokens: ask.reasoning } } : {}) } };
  }
}

export class VercelGoogle extends Vercel {
  sdk = createGoogle({ baseURL: `${this.host}/v1beta`, apiKey: this.key });

  model(name) {
    return this.sdk(name);
  }

  options(ask) {
    return { google: ask.reasoning ? { thinkingConfig: { includeThoughts: true,
      thinkingBudget: ask.reasoning } } : {} };
  }
}
