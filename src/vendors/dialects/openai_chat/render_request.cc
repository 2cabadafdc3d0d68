#include "vendors/dialects/openai_chat/render_request.h"

#include "vendors/chat/size.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/features.h"
#include "vendors/dialects/openai_chat/foreign.h"
#include "vendors/dialects/openai_chat/render_message.h"
#include "vendors/dialects/openai_chat/render_tools.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

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
bool UsesOldBound(const Request& request, bool own) {
  return own ? request.sampling.max_tokens_field == chat::MaxTokensField::kMaxTokens
             : !IsReasoningModel(request.model);
}

void RenderSampling(const Request& request, bool own, Writer& out) {
  const chat::Sampling& sampling = request.sampling;
  wire::RenderNumber("temperature", sampling.temperature, out);
  wire::RenderNumber("top_p", sampling.top_p, out);
  if (own) {
    wire::RenderNumber("top_k", sampling.top_k, out);
    wire::RenderNumber("min_p", sampling.min_p, out);
    wire::RenderNumber("repetition_penalty", sampling.repetition_penalty, out);
  }
  wire::RenderNumber("frequency_penalty", sampling.frequency_penalty, out);
  wire::RenderNumber("presence_penalty", sampling.presence_penalty, out);
  wire::RenderInt("seed", sampling.seed, out);
  wire::RenderInt(UsesOldBound(request, own) ? "max_tokens" : "max_completion_tokens",
                  sampling.max_output_tokens, out);
  RenderStop(sampling, out);
  wire::RenderInt("n", sampling.n, out);
  wire::RenderBool("logprobs", sampling.logprobs, out);
  wire::RenderInt("top_logprobs", sampling.top_logprobs, out);
  wire::RenderRaw("logit_bias", sampling.logit_bias, out);
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

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms&) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), kTitle, rendered.dropped));
  SB_CHECK_OK(CheckFetched(request, own));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("messages");
  RenderMessages(request.messages, own, out);
  RenderTools(request.tools, own, out);
  RenderToolChoice(request.tool_choice, own, out);
  wire::RenderBool("parallel_tool_calls", request.parallel_tool_calls, out);
  RenderResponseFormat(request.response_format, own, out);
  RenderSampling(request, own, out);
  own ? RenderReasoning(request.reasoning, out)
      : RenderForeignReasoning(request, rendered.dropped, out);
  RenderStream(request, own, out);
  RenderRest(request, own, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::openai_chat
