#include "vendors/dialects/openai_responses/render_request.h"

#include "vendors/chat/size.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/features.h"
#include "vendors/dialects/openai_responses/names.h"
#include "vendors/dialects/openai_responses/render_input.h"
#include "vendors/dialects/openai_responses/render_tools.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/openai_tool_choice.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using catalog::Capabilities;
using chat::Request;
using json::Writer;

void RenderOwnReasoning(const chat::ReasoningOptions& reasoning, Writer& out) {
  out.Key("reasoning").BeginObject();
  wire::RenderText("effort", reasoning.effort, out);
  wire::RenderText("summary", reasoning.summary, out);
  wire::RenderExtra(reasoning.extra, true, out);
  out.EndObject();
}

std::string_view EffortFor(const chat::ReasoningOptions& reasoning) {
  if (!reasoning.effort.empty()) {
    return EffortNamed(reasoning.effort);
  }
  if (reasoning.enabled == false) {
    return "none";
  }
  if (reasoning.budget) {
    return EffortOf(*reasoning.budget);
  }
  return reasoning.enabled == true ? "medium" : "";  // which OpenAI takes where none is stated
}

void RenderReasoning(const Request& request, bool own, const Capabilities& of, Writer& out,
                     std::vector<std::string>& dropped) {
  const chat::ReasoningOptions& reasoning = request.reasoning;
  if (own) {
    if (reasoning.nested) {
      RenderOwnReasoning(reasoning, out);
    }
    return;
  }
  const std::string_view effort = of.NearestEffort(EffortFor(reasoning));
  if (effort.empty() && reasoning.summary.empty()) {
    return;
  }
  if (of.LacksThinking()) {
    dropped.push_back("reasoning");
    return;
  }
  out.Key("reasoning").BeginObject();
  wire::RenderText("effort", effort, out);
  wire::RenderText("summary", reasoning.hidden == true ? "" : reasoning.summary, out);
  out.EndObject();
}

// Models that refuse to be told have 1 of both.
void RenderChance(std::string_view key, const std::optional<chat::Number>& value, bool may,
                  Writer& out, std::vector<std::string>& dropped) {
  if (may) {
    wire::RenderNumber(key, value, out);
  } else if (value && value->value() != 1) {
    dropped.emplace_back(key);
  }
}

void RenderSampling(const Request& request, bool own, const Capabilities& of, Writer& out,
                    std::vector<std::string>& dropped) {
  const chat::Sampling& sampling = request.sampling;
  const bool may = own || wire::MaySample(request, of);
  RenderChance("temperature", sampling.temperature, may, out, dropped);
  RenderChance("top_p", sampling.top_p, may, out, dropped);
  wire::RenderInt("max_output_tokens", sampling.max_output_tokens, out);
  wire::RenderInt("top_logprobs", sampling.top_logprobs, out);
  if (!own && (sampling.logprobs == true || sampling.top_logprobs)) {
    out.Key("include").BeginArray().String("message.output_text.logprobs").EndArray();
  }
}

void RenderStream(const Request& request, bool own, Writer& out) {
  wire::RenderBool("stream", request.stream, out);
  const chat::StreamOptions& options = request.stream_options;
  if (!options.stated || (!own && !options.include_obfuscation)) {
    return;
  }
  out.Key("stream_options").BeginObject();
  wire::RenderBool("include_obfuscation", options.include_obfuscation, out);
  wire::RenderExtra(options.extra, own, out);
  out.EndObject();
}

std::string_view TierFor(std::string_view tier, bool own) {
  return !own && (tier == "standard_only" || tier == "standard" || tier == "on_demand") ? "default"
                                                                                        : tier;
}

void RenderRest(const Request& request, bool own, Writer& out) {
  if (request.metadata_stated || !request.metadata.empty()) {
    out.Key("metadata").BeginObject();
    wire::RenderExtra(request.metadata, true, out);
    out.EndObject();
  }
  wire::RenderText("user", request.user, out);
  wire::RenderText("safety_identifier", request.safety_identifier, out);
  wire::RenderText("prompt_cache_key", request.prompt_cache_key, out);
  wire::RenderText("service_tier", TierFor(request.service_tier, own), out);
  wire::RenderBool("store", own ? request.store : request.store.value_or(false), out);
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  const Capabilities& of = terms.Of(request.model);
  wire::RenderedRequest rendered;
  SB_CHECK_OK(
      wire::CheckExpressible(request, kDialect, Features(), "OpenAI Responses", rendered.dropped));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  RenderInput(request, own, out, rendered.dropped);
  RenderTools(request.tools, own, out);
  wire::RenderOpenAiToolChoice(request.tool_choice, wire::OpenAiNesting::kFlat, own, out);
  wire::RenderBool("parallel_tool_calls", request.parallel_tool_calls, out);
  RenderTextOptions(request, own, out);
  RenderSampling(request, own, of, out, rendered.dropped);
  RenderReasoning(request, own, of, out, rendered.dropped);
  RenderStream(request, own, out);
  RenderRest(request, own, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::openai_responses
