#include "vendors/dialects/openai_chat/render_request.h"

#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/expressible.h"
#include "vendors/dialects/openai_chat/render_fields.h"
#include "vendors/dialects/openai_chat/render_message.h"
#include "vendors/dialects/openai_chat/render_tools.h"

namespace signalbox::openai_chat {
namespace {

using chat::Request;
using json::Writer;

void RenderStop(const chat::Sampling& sampling, Writer& out) {
  if (sampling.stop.size() == 1 && !sampling.stop_listed) {
    out.Key("stop").String(sampling.stop.front());
  } else {
    RenderTextList("stop", sampling.stop, out);
  }
}

void RenderSampling(const chat::Sampling& sampling, Writer& out) {
  RenderNumber("temperature", sampling.temperature, out);
  RenderNumber("top_p", sampling.top_p, out);
  RenderNumber("top_k", sampling.top_k, out);
  RenderNumber("min_p", sampling.min_p, out);
  RenderNumber("frequency_penalty", sampling.frequency_penalty, out);
  RenderNumber("presence_penalty", sampling.presence_penalty, out);
  RenderNumber("repetition_penalty", sampling.repetition_penalty, out);
  RenderInt("seed", sampling.seed, out);
  const bool old = sampling.max_tokens_field == chat::MaxTokensField::kMaxTokens;
  RenderInt(old ? "max_tokens" : "max_completion_tokens", sampling.max_output_tokens, out);
  RenderStop(sampling, out);
  RenderInt("n", sampling.n, out);
  RenderBool("logprobs", sampling.logprobs, out);
  RenderInt("top_logprobs", sampling.top_logprobs, out);
  RenderRaw("logit_bias", sampling.logit_bias, out);
}

void RenderReasoning(const chat::ReasoningOptions& reasoning, bool own, Writer& out) {
  if (!own || !reasoning.nested) {
    RenderText("reasoning_effort", reasoning.effort, out);
    return;
  }
  out.Key("reasoning").BeginObject();
  RenderText("effort", reasoning.effort, out);
  RenderInt("max_tokens", reasoning.budget, out);
  RenderBool("enabled", reasoning.enabled, out);
  RenderBool("exclude", reasoning.hidden, out);
  RenderText("summary", reasoning.summary, out);
  RenderExtra(reasoning.extra, own, out);
  out.EndObject();
}

void RenderStream(const Request& request, bool own, Writer& out) {
  RenderBool("stream", request.stream, out);
  const chat::StreamOptions& options = request.stream_options;
  if (!options.stated) {
    return;
  }
  out.Key("stream_options").BeginObject();
  RenderBool("include_usage", options.include_usage, out);
  RenderBool("include_obfuscation", options.include_obfuscation, out);
  RenderExtra(options.extra, own, out);
  out.EndObject();
}

void RenderRest(const Request& request, Writer& out) {
  RenderTextList("modalities", request.output.modalities, out);
  RenderRaw("audio", request.output.audio, out);
  RenderRaw("prediction", request.output.prediction, out);
  RenderText("verbosity", request.output.verbosity, out);
  if (request.metadata_stated || !request.metadata.empty()) {
    out.Key("metadata").BeginObject();
    RenderExtra(request.metadata, true, out);
    out.EndObject();
  }
  RenderText("user", request.user, out);
  RenderText("safety_identifier", request.safety_identifier, out);
  RenderText("prompt_cache_key", request.prompt_cache_key, out);
  RenderText("service_tier", request.service_tier, out);
  RenderBool("store", request.store, out);
}

}  // namespace

core::Result<RenderedRequest> RenderRequest(const Request& request) {
  const bool own = request.dialect == kDialect;
  RenderedRequest rendered;
  SB_CHECK_OK(CheckExpressible(request, rendered.dropped));
  Writer out(rendered.body);
  out.BeginObject();
  RenderText("model", request.model, out);
  out.Key("messages").BeginArray();
  for (const chat::Message& message : request.messages) {
    RenderMessages(message, own, out);
  }
  out.EndArray();
  RenderTools(request.tools, own, out);
  RenderToolChoice(request.tool_choice, own, out);
  RenderBool("parallel_tool_calls", request.parallel_tool_calls, out);
  RenderResponseFormat(request.response_format, own, out);
  RenderSampling(request.sampling, out);
  RenderReasoning(request.reasoning, own, out);
  RenderStream(request, own, out);
  RenderRest(request, out);
  RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::openai_chat
