// The openai package: chat completions and Responses.

import OpenAI from "openai";
import { call, Client, dataUrl, oldCall, said, usage } from "./matrix_base.mjs";

const open = (host, key) => new OpenAI({ baseURL: `${host}/v1`, apiKey: key, maxRetries: 0,
  timeout: 20_000 });

export class OpenAiChat extends Client {
  sdk = open(this.host, this.key);

  begin(ask) {
    const parts = [{ type: "text", text: ask.prompt }];
    if (ask.image || ask.image_url)
      parts.push({ type: "image_url",
        image_url: { url: ask.image_url ?? dataUrl("image/png", ask.image) } });
    if (ask.pdf) parts.push({ type: "file", file: { filename: "paper.pdf",
      file_data: dataUrl("application/pdf", ask.pdf) } });
    return [...(ask.system ? [{ role: "system", content: ask.system }] : []),
      ...(ask.history ?? []).map(([role, content]) => ({ role, content })),
      ...(ask.old ? oldCall(ask.old) : []),
      { role: "user", content: parts.length > 1 ? parts : ask.prompt }];
  }

  request(model, ask, messages) {
    const request = { model, messages, max_completion_tokens: ask.max_tokens,
      temperature: ask.temperature, stop: ask.stop, parallel_tool_calls: ask.parallel };
    if (ask.tools) request.tools = ask.tools.map((tool) => ({ type: "function", function: {
      name: tool.name, description: tool.description, parameters: tool.schema } }));
    if (ask.choice) request.tool_choice = ["required", "none"].includes(ask.choice) ? ask.choice
      : { type: "function", function: { name: ask.choice } };
    if (ask.schema) request.response_format = { type: "json_schema",
      json_schema: { name: ask.schema_name, schema: ask.schema, strict: true } };
    if (ask.reasoning) request.reasoning_effort = "medium";
    return request;
  }

  async turn(model, ask, talk) {
    const request = this.request(model, ask, talk);
    const answer = ask.stream ? await this.streamed(request)
      : await this.sdk.chat.completions.create(request);
    const { message, finish_reason: finish } = answer.choices[0];
    talk.push(message);
    const used = answer.usage;
    return said({ text: message.content ?? "", refusal: message.refusal ?? "", finish,
      thoughts: message.reasoning_content ?? message.reasoning ?? "",
      calls: (message.tool_calls ?? []).map((one) => call(one.id, one.function.name,
        one.function.arguments)),
      usage: used ? usage(used.prompt_tokens, used.completion_tokens,
        used.prompt_tokens_details?.cached_tokens,
        used.completion_tokens_details?.reasoning_tokens) : {} });
  }

  /** Put together by hand, as applications do that show what comes. */
  async streamed(request) {
    const message = { role: "assistant", content: null };
    let finish_reason = null;
    let used = null;
    const stream = await this.sdk.chat.completions.create({ ...request, stream: true,
      stream_options: { include_usage: true } });
    for await (const chunk of stream) {
      used = chunk.usage ?? used;
      for (const { delta, finish_reason: reason } of chunk.choices) {
        finish_reason = reason ?? finish_reason;
        for (const name of ["content", "refusal", "reasoning_content", "reasoning"])
          if (delta[name]) message[name] = (message[name] ?? "") + delta[name];
        for (const { index, ...one } of delta.tool_calls ?? []) {
          message.tool_calls ??= [];
          const known = message.tool_calls[index];
          if (!known) message.tool_calls[index] = { ...one, function: { ...one.function } };
          else known.function.arguments += one.function.arguments ?? "";
        }
      }
    }
    return { choices: [{ message, finish_reason }], usage: used };
  }

  async embed(model, input) {
    return (await this.sdk.embeddings.create({ model, input })).data.map((one) => one.embedding);
  }

  results(talk, calls, given) {
    for (const one of calls) talk.push({ role: "tool", tool_call_id: one.id,
      content: JSON.stringify(given(one)) });
  }
}

export class OpenAiResponses extends Client {
  sdk = open(this.host, this.key);

  begin(ask) {
    const parts = [{ type: "input_text", text: ask.prompt }];
    if (ask.image || ask.image_url)
      parts.push({ type: "input_image", detail: "auto",
        image_url: ask.image_url ?? dataUrl("image/png", ask.image) });
    if (ask.pdf) parts.push({ type: "input_file", filename: "paper.pdf",
      file_data: dataUrl("application/pdf", ask.pdf) });
    const old = ask.old && [{ role: "user", content: ask.old.prompt },
      { type: "function_call", call_id: ask.old.id, name: ask.old.name,
        arguments: JSON.stringify(ask.old.args) },
      { type: "function_call_output", call_id: ask.old.id,
        output: JSON.stringify(ask.old.result) }];
    return [...(ask.history ?? []).map(([role, content]) => ({ role, content })), ...(old ?? []),
      { role: "user", content: parts.length > 1 ? parts : ask.prompt }];
  }

  request(model, ask, input) {
    const request = { model, input, max_output_tokens: ask.max_tokens, store: false,
      instructions: ask.system, temperature: ask.temperature, parallel_tool_calls: ask.parallel };
    if (ask.tools) request.tools = ask.tools.map((tool) => ({ type: "function", name: tool.name,
      description: tool.description, parameters: tool.schema, strict: false }));
    if (ask.choice) request.tool_choice = ["required", "none"].includes(ask.choice) ? ask.choice
      : { type: "function", name: ask.choice };
    if (ask.schema) request.text = { format: { type: "json_schema", name: ask.schema_name,
      schema: ask.schema, strict: true } };
    if (ask.reasoning) Object.assign(request, { include: ["reasoning.encrypted_content"],
      reasoning: { effort: "medium", summary: "auto" } });
    return request;
  }

  async turn(model, ask, talk) {
    const request = this.request(model, ask, talk);
    const answer = ask.stream ? await this.streamed(request)
      : await this.sdk.responses.create(request);
    talk.push(...answer.output);
    const of = (type) => answer.output.filter((item) => item.type === type);
    const calls = of("function_call").map((one) => call(one.call_id, one.name, one.arguments));
    const parts = of("message").flatMap((item) => item.content);
    const used = answer.usage;
    const short = answer.incomplete_details?.reason;
    return said({ calls, finish: short ? { max_output_tokens: "length" }[short] ?? short
      : calls.length ? "tool_calls" : { completed: "stop" }[answer.status] ?? answer.status,
    text: parts.map((part) => part.text ?? "").join(""),
    refusal: parts.map((part) => part.refusal ?? "").join(""),
    thoughts: of("reasoning").flatMap((item) => [...item.summary, ...(item.content ?? [])])
      .map((part) => part.text).join(""),
    usage: used ? usage(used.input_tokens, used.output_tokens,
      used.input_tokens_details?.cached_tokens, used.output_tokens_details?.reasoning_tokens)
      : {} });
  }

  /** The final answer; what the deltas said must be what it says. */
  async streamed(request) {
    let [text, args, answer] = ["", "", null];
    for await (const event of await this.sdk.responses.create({ ...request, stream: true })) {
      if (event.type === "response.output_text.delta") text += event.delta;
      if (event.type === "response.function_call_arguments.delta") args += event.delta;
      if (event.type === "error") throw new Error(event.message);
      if (event.type === "response.failed") throw new Error(event.response.error.message);
      if (["response.completed", "response.incomplete"].includes(event.type))
        answer = event.response;
    }
    const whole = answer.output.flatMap((item) => item.content ?? [])
      .map((part) => part.text ?? "").join("");
    const called = answer.output.map((item) => item.arguments ?? "").join("");
    if (!answer.output.some((item) => item.type === "reasoning" && item.content?.length) &&
        (text !== whole || args !== called))
      throw new Error(`the deltas say ${text} ${args}, the end ${whole} ${called}`);
    return answer;
  }

  results(talk, calls, given) {
    for (const one of calls) talk.push({ type: "function_call_output", call_id: one.id,
      output: JSON.stringify(given(one)) });
  }
}
