#include "vendors/dialects/mistral/render_request.h"

#include <algorithm>

#include "vendors/chat/size.h"
#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/features.h"
#include "vendors/dialects/mistral/own_members.h"
#include "vendors/dialects/mistral/render_message.h"
#include "vendors/dialects/mistral/render_tools.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::mistral {
namespace {

using chat::Request;
using json::Writer;

constexpr double kHottest = 1.5;

// What Mistral alone would say of these, and others mean the like of.
void RenderOwnSampling(const chat::Sampling& sampling, Writer& out) {
  wire::RenderNumber("top_k", sampling.top_k, out);
  wire::RenderNumber("repetition_penalty", sampling.repetition_penalty, out);
  wire::RenderBool("logprobs", sampling.logprobs, out);
  wire::RenderInt("top_logprobs", sampling.top_logprobs, out);
}

void RenderSampling(const Request& request, bool own, Writer& out) {
  const chat::Sampling& sampling = request.sampling;
  const bool too_hot = !own && sampling.temperature && sampling.temperature->value() > kHottest;
  wire::RenderNumber("temperature",
                     too_hot ? std::optional(chat::Number::Of(kHottest)) : sampling.temperature,
                     out);
  wire::RenderNumber("top_p", sampling.top_p, out);
  wire::RenderInt("max_tokens", sampling.max_output_tokens, out);
  if (sampling.stop.size() == 1 && !sampling.stop_listed) {
    out.Key("stop").String(sampling.stop.front());
  } else {
    wire::RenderTextList("stop", sampling.stop, out);
  }
  if (wire::FindMember(request.extra, "random_seed") == nullptr) {
    wire::RenderInt("random_seed", sampling.seed, out);
  }
  wire::RenderNumber("presence_penalty", sampling.presence_penalty, out);
  wire::RenderNumber("frequency_penalty", sampling.frequency_penalty, out);
  wire::RenderInt("n", sampling.n, out);
  if (own) {
    RenderOwnSampling(sampling, out);
  }
}

// Mistral's models think at length or not at all.
void RenderReasoning(const chat::ReasoningOptions& reasoning, bool own, Writer& out) {
  if (own) {
    wire::RenderText("reasoning_effort", reasoning.effort, out);
    if (reasoning.enabled.value_or(false)) {
      out.Key("prompt_mode").String("reasoning");
    }
    return;
  }
  const bool little = reasoning.effort == "none" || reasoning.effort == "minimal";
  const bool off = reasoning.enabled == false || little || reasoning.budget == 0;
  const bool asked =
      !reasoning.effort.empty() || reasoning.enabled.has_value() || reasoning.budget.has_value();
  if (asked) {
    out.Key("reasoning_effort").String(off ? "none" : "high");
  }
}

// {"type":"content","content":"…"}; OpenAI's content may be a list of texts.
void RenderPrediction(const chat::RawJson& prediction, Writer& out) {
  json::Document document;
  if (prediction.empty() || !document.Parse(prediction)) {
    return;
  }
  const auto content = document.Root().Find("content");
  std::string text = content ? content->AsString().value_or("") : "";
  if (content && content->IsArray()) {
    json::ForEachElement(*content, [&](const json::Value& part) {
      const auto words = part.Find("text");
      text += words ? words->AsString().value_or("") : "";
    });
  }
  out.Key("prediction").BeginObject().Key("type").String("content");
  out.Key("content").String(text).EndObject();
}

void RenderMetadata(const Request& request, Writer& out) {
  const auto is_ours = [](const chat::Member& m) { return m.key.starts_with("x-signalbox-"); };
  if (!request.metadata_stated && request.metadata.empty()) {
    return;
  }
  if (!request.metadata.empty() && std::ranges::all_of(request.metadata, is_ours)) {
    return;
  }
  out.Key("metadata").BeginObject();
  for (const chat::Member& member : request.metadata) {
    if (!is_ours(member)) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  const Source source = SourceOf(request.dialect);
  const bool own = source == Source::kOwn;
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), kTitle, rendered.dropped));
  if (source == Source::kOpenAi) {
    KeepKnown(rendered.dropped);
  }
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("messages");
  SB_CHECK_OK(RenderMessages(request, source, out, rendered.dropped));
  RenderTools(request, own, out);
  wire::RenderBool("parallel_tool_calls", request.parallel_tool_calls, out);
  RenderResponseFormat(request.response_format, own, out);
  RenderSampling(request, own, out);
  RenderReasoning(wire::ReasoningFor(request, own, terms.Of(request.model), rendered.dropped), own,
                  out);
  own ? wire::RenderRaw("prediction", request.output.prediction, out)
      : RenderPrediction(request.output.prediction, out);
  wire::RenderBool("stream", request.stream, out);
  RenderMetadata(request, out);
  wire::RenderText("prompt_cache_key", request.prompt_cache_key, out);
  RenderKnown(Place::kRequest, request.extra, source, out);
  out.EndObject();
  return rendered;
}

core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(
    const chat::EmbeddingsRequest& request) {
  const Source source = request.dialect.empty() ? Source::kOpenAi : SourceOf(request.dialect);
  const bool tokens =
      std::ranges::any_of(request.inputs, [](const auto& input) { return !input.tokens.empty(); });
  if (tokens || request.inputs.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "input: Mistral takes texts alone",
                      "input");
  }
  wire::RenderedRequest rendered;
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("input");
  if (request.inputs.size() == 1 && !request.listed) {
    out.String(request.inputs.front().text);
  } else {
    out.BeginArray();
    for (const chat::EmbeddingInput& input : request.inputs) {
      out.String(input.text);
    }
    out.EndArray();
  }
  wire::RenderInt("output_dimension", request.dimensions, out);
  wire::RenderText("encoding_format", request.encoding_format, out);
  RenderKnown(Place::kEmbeddings, request.extra, source, out);
  out.EndObject();
  for (const auto& [name, value] :
       {std::pair{"user", &request.user}, std::pair{"purpose", &request.purpose}}) {
    if (!value->empty()) {
      rendered.dropped.emplace_back(name);
    }
  }
  for (const chat::Member& member : request.extra) {
    const bool known = source == Source::kOpenAi && Knows(Place::kEmbeddings, member.key);
    if (source != Source::kOwn && !known) {
      rendered.dropped.push_back(member.key);
    }
  }
  return rendered;
}

}  // namespace signalbox::mistral
