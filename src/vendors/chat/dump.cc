#include "vendors/chat/dump.h"

#include "vendors/chat/dump_lines.h"

namespace signalbox::chat {
namespace {

std::string_view Name(Role role) {
  constexpr std::string_view kNames[] = {"system", "developer", "user", "assistant", "tool"};
  return kNames[static_cast<std::size_t>(role)];
}

void DumpTool(const Tool& tool, std::string& out) {
  constexpr std::string_view kNames[] = {"function", "custom", "raw"};
  Line(out, 0, "tool")
      .Word(kNames[static_cast<std::size_t>(tool.kind)])
      .Text("name", tool.name)
      .Text("description", tool.description)
      .Raw("parameters", tool.parameters)
      .Raw("format", tool.format)
      .Flag("strict", tool.strict)
      .Text("cache", tool.cache ? tool.cache->type : "")
      .Text("type", tool.type)
      .Raw("json", tool.json)
      .Text("joined", tool.joined ? "yes" : "");
  DumpExtra(tool.inner_extra, 1, "extra-inside", out);
  DumpExtra(tool.extra, 1, "extra", out);
}

void DumpToolChoice(const ToolChoice& choice, std::string& out) {
  constexpr std::string_view kNames[] = {"unset", "auto",    "none", "required",
                                         "named", "allowed", "raw"};
  if (choice.mode == ToolChoiceMode::kUnset) {
    return;
  }
  Line line(out, 0, "tool-choice");
  line.Word(kNames[static_cast<std::size_t>(choice.mode)]);
  for (const std::string& name : choice.names) {
    line.Quoted(name);
  }
  line.Text("spelling", choice.spelling).Raw("json", choice.json);
  if (choice.required) {
    line.Word("required");
  }
}

void DumpFormat(const ResponseFormat& format, std::string& out) {
  constexpr std::string_view kNames[] = {"unset", "text", "json", "schema", "raw"};
  if (format.kind == FormatKind::kUnset) {
    return;
  }
  Line(out, 0, "format")
      .Word(kNames[static_cast<std::size_t>(format.kind)])
      .Text("name", format.name)
      .Text("description", format.description)
      .Raw("schema", format.schema)
      .Flag("strict", format.strict)
      .Raw("json", format.json);
  DumpExtra(format.inner_extra, 1, "extra-inside", out);
  DumpExtra(format.extra, 1, "extra", out);
}

void DumpNumber(std::string_view word, const std::optional<Number>& number, std::string& out) {
  if (number) {
    Line(out, 0, word).Word(number->written);
  }
}

void DumpInt(std::string_view word, std::optional<std::int64_t> value, std::string& out) {
  if (value) {
    Line(out, 0, word).Word(std::to_string(*value));
  }
}

void DumpBool(std::string_view word, std::optional<bool> value, std::string& out) {
  if (value) {
    Line(out, 0, word).Word(*value ? "true" : "false");
  }
}

void DumpText(std::string_view word, std::string_view text, std::string& out) {
  if (!text.empty()) {
    Line(out, 0, word).Quoted(text);
  }
}

void DumpSampling(const Sampling& sampling, std::string& out) {
  DumpNumber("temperature", sampling.temperature, out);
  DumpNumber("top_p", sampling.top_p, out);
  DumpNumber("top_k", sampling.top_k, out);
  DumpNumber("min_p", sampling.min_p, out);
  DumpNumber("frequency_penalty", sampling.frequency_penalty, out);
  DumpNumber("presence_penalty", sampling.presence_penalty, out);
  DumpNumber("repetition_penalty", sampling.repetition_penalty, out);
  DumpInt("seed", sampling.seed, out);
  DumpInt("max-output-tokens", sampling.max_output_tokens, out);
  for (const std::string& stop : sampling.stop) {
    DumpText("stop", stop, out);
  }
  DumpInt("n", sampling.n, out);
  DumpBool("logprobs", sampling.logprobs, out);
  DumpInt("top_logprobs", sampling.top_logprobs, out);
  if (!sampling.logit_bias.empty()) {
    Line(out, 0, "logit_bias").Word(sampling.logit_bias);
  }
}

void DumpReasoning(const ReasoningOptions& reasoning, std::string& out) {
  if (reasoning.nested || !reasoning.effort.empty() || reasoning.budget) {
    Line(out, 0, "reasoning-options")
        .Text("effort", reasoning.effort)
        .Int("budget", reasoning.budget)
        .Flag("enabled", reasoning.enabled)
        .Flag("hidden", reasoning.hidden)
        .Text("summary", reasoning.summary);
  }
  DumpExtra(reasoning.extra, 1, "extra", out);
}

void DumpOutput(const Request& request, std::string& out) {
  for (const std::string& modality : request.output.modalities) {
    DumpText("modality", modality, out);
  }
  if (!request.output.audio.empty()) {
    Line(out, 0, "audio-options").Word(request.output.audio);
  }
  if (!request.output.prediction.empty()) {
    Line(out, 0, "prediction").Word(request.output.prediction);
  }
  DumpText("verbosity", request.output.verbosity, out);
  DumpBool("stream", request.stream, out);
  DumpBool("include-usage", request.stream_options.include_usage, out);
  DumpExtra(request.stream_options.extra, 0, "extra-stream", out);
}

}  // namespace

std::string Dump(const Request& request) {
  std::string out;
  DumpText("model", request.model, out);
  for (const Message& message : request.messages) {
    Line(out, 0, "message")
        .Word(Name(message.role))
        .Text("name", message.name)
        .Text("cache", message.cache ? message.cache->type : "");
    DumpParts(message.parts, 1, out);
    DumpExtra(message.extra, 1, "extra", out);
  }
  for (const Tool& tool : request.tools) {
    DumpTool(tool, out);
  }
  DumpToolChoice(request.tool_choice, out);
  DumpBool("parallel-tool-calls", request.parallel_tool_calls, out);
  DumpFormat(request.response_format, out);
  DumpSampling(request.sampling, out);
  DumpReasoning(request.reasoning, out);
  DumpOutput(request, out);
  DumpExtra(request.metadata, 0, "metadata", out);
  DumpText("user", request.user, out);
  DumpText("safety_identifier", request.safety_identifier, out);
  DumpText("prompt_cache_key", request.prompt_cache_key, out);
  DumpText("service_tier", request.service_tier, out);
  DumpBool("store", request.store, out);
  DumpExtra(request.extra, 0, "extra", out);
  return out;
}

}  // namespace signalbox::chat
