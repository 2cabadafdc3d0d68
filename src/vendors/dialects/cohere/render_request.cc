#include "vendors/dialects/cohere/render_request.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/features.h"
#include "vendors/dialects/cohere/parse_request.h"
#include "vendors/dialects/cohere/render_message.h"
#include "vendors/dialects/cohere/render_tools.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Number;
using chat::Request;
using json::Writer;

// The nearest value that Cohere takes.
std::optional<Number> Within(const std::optional<Number>& number, double least, double most,
                             bool own) {
  if (!number || own) {
    return number;
  }
  const double value = number->value();
  return value < least || value > most ? Number::Of(std::clamp(value, least, most)) : number;
}

void RenderSampling(const chat::Sampling& sampling, bool own, Writer& out) {
  wire::RenderInt("max_tokens", sampling.max_output_tokens, out);
  wire::RenderTextList("stop_sequences", sampling.stop, out);
  wire::RenderNumber("temperature", sampling.temperature, out);
  wire::RenderInt("seed", sampling.seed, out);
  wire::RenderNumber("frequency_penalty", Within(sampling.frequency_penalty, 0, 1, own), out);
  wire::RenderNumber("presence_penalty", Within(sampling.presence_penalty, 0, 1, own), out);
  wire::RenderNumber("k", Within(sampling.top_k, 0, 500, own), out);
  wire::RenderNumber("p", Within(sampling.top_p, 0.01, 0.99, own), out);
  const bool asked = sampling.top_logprobs.has_value() && !sampling.logprobs;
  wire::RenderBool("logprobs", asked ? std::optional(true) : sampling.logprobs, out);
}

// How long to think for an effort; "high" and more: as long as it takes.
constexpr std::pair<std::string_view, std::int64_t> kBudgets[] = {
    {"minimal", 512}, {"low", 2048}, {"medium", 8192}};

void RenderThinking(const chat::ReasoningOptions& reasoning, bool own, Writer& out) {
  const bool off = reasoning.enabled == false || reasoning.effort == "none";
  if (!reasoning.enabled && !reasoning.budget && reasoning.effort.empty() &&
      reasoning.extra.empty()) {
    return;
  }
  std::optional<std::int64_t> budget = reasoning.budget;
  for (const auto& [effort, tokens] : kBudgets) {
    if (!budget && reasoning.effort == effort) {
      budget = tokens;
    }
  }
  out.Key("thinking").BeginObject();
  if (!own || reasoning.enabled) {
    out.Key("type").String(off ? "disabled" : "enabled");
  }
  wire::RenderInt("token_budget", off && !own ? std::nullopt : budget, out);
  wire::RenderExtra(reasoning.extra, own, out);
  out.EndObject();
}

// They stand at the part that spells them out for others.
void RenderDocuments(const Request& request, Writer& out) {
  for (const chat::Message& message : request.messages) {
    for (const chat::Part& part : message.parts) {
      const chat::Member* documents = wire::FindMember(part.extra, kDocuments);
      if (documents != nullptr && std::holds_alternative<chat::Text>(part.content)) {
        out.Key(kDocuments).Raw(documents->value);
        return;
      }
    }
  }
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), kTitle, rendered.dropped));
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("messages");
  RenderMessages(request, own, out, rendered.dropped);
  RenderTools(request, own, out, rendered.dropped);
  if (own) {
    RenderDocuments(request, out);
  }
  RenderResponseFormat(request.response_format, own, out);
  RenderThinking(wire::ReasoningFor(request, own, terms.Of(request.model), rendered.dropped), own,
                 out);
  RenderSampling(request.sampling, own, out);
  wire::RenderBool("stream", request.stream, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::cohere
