#include "vendors/dialects/openai_chat/render_request.h"

#include "vendors/chat/size.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/features.h"
#include "vendors/dialects/openai_chat/foreign.h"
#include "vendors/dialects/openai_chat/render_message.h"
#include "vendors/dialects/openai_chat/render_tools.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/openai_tool_choice.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using catalog::Ability;
using catalog::Capabilities;
using chat::Request;
using json::Writer;

void RenderStop(const chat::Sampling& sampling, Writer& out) {
  if (sampling.stop.size() == 1 && !sampling.stop_listed) {
    out.Key("stop").String(sampling.stop.front());
  } else {
    wire::RenderTextList("stop", sampling.stop, out);
  }
}

// Where a foreign request's bound goes: OpenAI's thinking models know the new name alone, many
// compatible servers the old one alone.
bool UsesOldBound(const Request& request, bool own, const Capabilities& of) {
  return own ? request.sampling.max_tokens_field == chat::MaxTokensField::kMaxTokens
             : !of.Can(Ability::kCompletionBound);
}

void RenderChance(const chat::Sampling& sampling, bool own, Writer& out) {
  wire::RenderNumber("temperature", sampling.temperature, out);
  wire::RenderNumber("top_p", sampling.top_p, out);
  if (own) {
    wire::RenderNumber("top_k", sampling.top_k, out);
    wire::RenderNumber("min_p", sampling.min_p, out);
    wire::RenderNumber("repetition_penalty", sampling.repetition_penalty, out);
  }
  wire::RenderNumber("frequency_penalty", sampling.frequency_penalty, out);
  wire::RenderNumber("presence_penalty", sampling.presence_penalty, out);
  wire::RenderRaw("logit_bias", sampling.logit_bias, out);
}

// Of models that refuse to be told; the values that they have anyway are no loss.
void DropChance(const chat::Sampling& sampling, std::vector<std::string>& dropped) {
  const auto drop = [&](const std::optional<chat::Number>& number, double usual, const char* path) {
    if (number && number->value() != usual) {
      dropped.emplace_back(path);
    }
  };
  drop(sampling.temperature, 1, "temperature");
  drop(sampling.top_p, 1, "top_p");
  drop(sampling.frequency_penalty, 0, "frequency_penalty");
  drop(sampling.presence_penalty, 0, "presence_penalty");
  if (!sampling.logit_bias.empty()) {
    dropped.emplace_back("logit_bias");
  }
}

void RenderSampling(const Request& request, bool own, const Capabilities& of,
                    std::vector<std::string>& dropped, Writer& out) {
  const chat::Sampling& sampling = request.sampling;
  if (own || wire::MaySample(request, of)) {
    RenderChance(sampling, own, out);
  } else {
    DropChance(sampling, dropped);
  }
  wire::RenderInt("seed", sampling.seed, out);
  wire::RenderInt(UsesOldBound(request, own, of) ? "max_tokens" : "max_completion_tokens",
                  sampling.max_output_tokens, out);
  RenderStop(sampling, out);
  wire::RenderInt("n", sampling.n, out);
  wire::RenderBool("logprobs", sampling.logprobs, out);
  wire::RenderInt("top_logprobs", sampling.top_logprobs, out);
}

void RenderReasoning(const chat::ReasoningOptions& reasoning, Writer& out) {
  if (!reasoning.nested) {
    wire::RenderText("reasoning_effort", reasoning.effort, out);
    return;
  }
  out.Key("reasoning").BeginObject();
  wire::RenderText("effort", reasoning.effort, out);
  wire::RenderInt("max_tokens", reasoning.budget, out);
  wire::RenderBool("enabled", reasoning.enabled, out);
  wire::RenderBool("exclude", reasoning.hidden, out);
  wire::RenderText("summary", reasoning.summary, out);
  wire::RenderExtra(reasoning.extra, true, out);
  out.EndObject();
}

void RenderStream(const Request& request, bool own, Writer& out) {
  wire::RenderBool("stream", request.stream, out);
  const chat::StreamOptions& options = request.stream_options;
  if (!options.stated) {
    return;
  }
  out.Key("stream_options").BeginObject();
  wire::RenderBool("include_usage", options.include_usage, out);
  wire::RenderBool("include_obfuscation", options.include_obfuscation, out);
  wire::RenderExtra(options.extra, own, out);
  out.EndObject();
}

void RenderMetadata(const Request& request, bool own, Writer& out) {
  if (!request.metadata_stated && request.metadata.empty()) {
    return;
  }
  out.Key("metadata").BeginObject();
  for (const chat::Member& member : request.metadata) {
    if (own || !member.key.starts_with("x-signalbox-")) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
}

void RenderRest(const Request& request, bool own, Writer& out) {
  wire::RenderTextList("modalities", request.output.modalities, out);
  wire::RenderRaw("audio", request.output.audio, out);
  wire::RenderRaw("prediction", request.output.prediction, out);
  wire::RenderText("verbosity", request.output.verbosity, out);
  RenderMetadata(request, own, out);
  wire::RenderText("user", request.user, out);
  wire::RenderText("safety_identifier", request.safety_identifier, out);
  wire::RenderText("prompt_cache_key", request.prompt_cache_key, out);
  wire::RenderText("service_tier", own ? request.service_tier : TierWord(request.service_tier),
                   out);
  wire::RenderBool("store", request.store, out);
}

// The nearest that the model can be bound to: a schema, an object, nothing.
chat::FormatKind FormatFor(const Request& request, const Capabilities& of) {
  using Kind = chat::FormatKind;
  Kind kind = request.response_format.kind;
  if (kind == Kind::kJsonSchema && of.Lacks(Ability::kJsonSchema)) {
    kind = Kind::kJsonObject;
  }
  return kind == Kind::kJsonObject && of.Lacks(Ability::kJsonObject) ? Kind::kUnset : kind;
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  const Capabilities& of = terms.Of(request.model);
  const chat::FormatKind format = own ? request.response_format.kind : FormatFor(request, of);
  const bool in_words = format != request.response_format.kind;
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), kTitle, rendered.dropped));
  SB_CHECK_OK(CheckFetched(request, own));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("messages");
  RenderMessages(request.messages, own,
                 in_words ? wire::FormInWords(request.response_format) : std::string(), out);
  RenderTools(request.tools, own, out);
  wire::RenderOpenAiToolChoice(request.tool_choice, wire::OpenAiNesting::kNested, own, out);
  wire::RenderBool("parallel_tool_calls", request.parallel_tool_calls, out);
  if (!in_words) {
    RenderResponseFormat(request.response_format, own, out);
  } else if (format == chat::FormatKind::kJsonObject) {
    out.Key("response_format").BeginObject().Key("type").String("json_object").EndObject();
  }
  RenderSampling(request, own, of, rendered.dropped, out);
  own ? RenderReasoning(request.reasoning, out)
      : RenderForeignReasoning(request, of, rendered.dropped, out);
  RenderStream(request, own, out);
  RenderRest(request, own, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::openai_chat
