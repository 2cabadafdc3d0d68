// The cohere-ai package, v2.

import { CohereClientV2 } from "cohere-ai";
import { call, Client, dataUrl, said, usage } from "./matrix_base.mjs";

const FINISH = { COMPLETE: "stop", STOP_SEQUENCE: "stop", MAX_TOKENS: "length",
  TOOL_CALL: "tool_calls", ERROR_TOXIC: "content_filter", ERROR: "content_filter" };

export class CohereChat extends Client {
  sdk = new CohereClientV2({ token: this.key, environment: this.host, maxRetries: 0,
    timeoutInSeconds: 20 });

  begin(ask) {
    const parts = [{ type: "text", text: ask.prompt }];
    if (ask.image || ask.image_url)
      parts.push({ type: "image_url",
        imageUrl: { url: ask.image_url ?? dataUrl("image/png", ask.image) } });
    const old = ask.old && [{ role: "user", content: ask.old.prompt },
      { role: "assistant", toolCalls: [{ id: ask.old.id, type: "function",
        function: { name: ask.old.name, arguments: JSON.stringify(ask.old.args) } }] },
      { role: "tool", toolCallId: ask.old.id, content: JSON.stringify(ask.old.result) }];
    return [...(ask.system ? [{ role: "system", content: ask.system }] : []),
      ...(ask.history ?? []).map(([role, content]) => ({ role, content })), ...(old ?? []),
      { role: "user", content: parts.length > 1 ? parts : ask.prompt }];
  }

  request(model, ask, messages) {
    const request = { model, messages, maxTokens: ask.max_tokens, temperature: ask.temperature,
      stopSequences: ask.stop };
    if (ask.tools) request.tools = ask.tools.map((tool) => ({ type: "function", function: {
      name: tool.name, description: tool.description, parameters: tool.schema } }));
    if (ask.choice) request.toolChoice = ask.choice.toUpperCase();
    if (ask.schema) request.responseFormat = { type: "json_object", jsonSchema: ask.schema };
    if (ask.reasoning) request.thinking = { type: "enabled", tokenBudget: ask.reasoning };
    return request;
  }

  async turn(model, ask, talk) {
    const request = this.request(model, ask, talk);
    const { message, reason, used } = ask.stream ? await this.streamed(request)
      : await this.whole(request);
    const kept = Object.entries(message).filter(([name, value]) => value?.length &&
      name !== "citations");
    talk.push(Object.fromEntries(kept));
    const content = message.content ?? [];
    const words = (type) => content.filter((part) => part.type === type)
      .map((part) => part[type]).join("");
    const counted = used?.tokens ?? used?.billedUnits;
    return said({ text: words("text") || (message.toolPlan ?? ""), thoughts: words("thinking"),
      calls: (message.toolCalls ?? []).map((one) => call(one.id, one.function.name,
        one.function.arguments)),
      finish: FINISH[reason] ?? reason,
      usage: counted ? usage(counted.inputTokens, counted.outputTokens, used.cachedTokens) : {} });
  }

  async whole(request) {
    const answer = await this.sdk.chat(request);
    return { message: answer.message, reason: answer.finishReason, used: answer.usage };
  }

  async streamed(request) {
    const message = { role: "assistant", content: [], toolCalls: [], toolPlan: "" };
    let [reason, used] = ["", null];
    for await (const { type, delta } of await this.sdk.chatStream(request)) {
      const now = delta?.message;
      if (type === "message-end") {
        [reason, used] = [delta.finishReason, delta.usage];
        if (reason === "ERROR" && delta.error) throw new Error(delta.error);
      } else if (type === "content-start") {
        const kind = now.content.type ?? "text";
        message.content.push({ type: kind, [kind]: now.content[kind] ?? "" });
      } else if (type === "content-delta") {
        const block = message.content.at(-1);
        block[block.type] += now.content[block.type];
      } else if (type === "tool-plan-delta") {
        message.toolPlan += now.toolPlan;
      } else if (type === "tool-call-start") {
        message.toolCalls.push(structuredClone(now.toolCalls));
      } else if (type === "tool-call-delta") {
        message.toolCalls.at(-1).function.arguments += now.toolCalls.function.arguments;
      }
    }
    for (const one of message.toolCalls) one.function.arguments ||= "{}";
    return { message, reason, used };
  }

  async embed(model, texts) {
    const answer = await this.sdk.embed({ model, texts, inputType: "search_document",
      embeddingTypes: ["float"] });
    return answer.embeddings.float;
  }

  results(talk, calls, given) {
    for (const one of calls) talk.push({ role: "tool", toolCallId: one.id,
      content: [{ type: "document", document: { data: given(one) } }] });
  }
}
