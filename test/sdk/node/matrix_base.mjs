// The same small interface over every SDK: a question in, what the SDK made of the answer out.
// A client reports; it judges nothing.

export const said = (rest) => ({ text: "", calls: [], thoughts: "", finish: "", usage: {},
  refusal: "", ...rest });

export function usage(input, output, cached, reasoning) {
  const counts = { input, output, cached, reasoning };
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value != null));
}

export const call = (id, name, args) => ({ id: id ?? "", name,
  args: (typeof args === "string" ? JSON.parse(args) : args) ?? {} });

export const dataUrl = (type, data) => `data:${type};base64,${data}`;

/** A call that another vendor's model made earlier, and its result, in OpenAI's form. */
export const oldCall = (old, id = old.id) => [{ role: "user", content: old.prompt },
  { role: "assistant", tool_calls: [{ id, type: "function",
    function: { name: old.name, arguments: JSON.stringify(old.args) } }] },
  { role: "tool", tool_call_id: id, content: JSON.stringify(old.result) }];

export class Client {
  constructor(host, key) {
    this.host = host;
    this.key = key;
  }

  /** One conversation: a turn, and a second one when the case says what tools give. */
  async run(model, ask) {
    if (ask.texts) return { vectors: (await this.embed(model, ask.texts)).map((one) => [...one]) };
    if (ask.count) return { count: await this.count(model, ask) };
    const talk = this.begin(ask);
    const first = await this.turn(model, ask, talk);
    if (!ask.results || !first.calls.length) return first;
    this.results(talk, first.calls, (one) => ask.results[one.args.city] ?? {});
    return { ...await this.turn(model, ask, talk), first };
  }

  failure(error) {
    const status = error.status ?? error.statusCode ?? error.status_code ?? null;
    const family = [];
    for (let kind = error.constructor; kind?.name; kind = Object.getPrototypeOf(kind))
      family.push(kind.name);
    return { error: error.constructor?.name ?? "Error", status, message: this.message(error),
      family };
  }

  message(error) {
    return String(error.message ?? error);
  }
}
