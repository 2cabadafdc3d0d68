#include <algorithm>

#include "vendors/chat/size.h"
#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/huggingface/features.h"
#include "vendors/dialects/huggingface/prompt.h"
#include "vendors/dialects/huggingface/requests.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::huggingface {
namespace {

using chat::Request;
using json::Writer;

// Without a bound a server stops after 20 or 100 tokens; one above what the model's context leaves
// is an error of its own.
constexpr std::int64_t kMostByDefault = 1024;

void RenderGrammar(const chat::ResponseFormat& format, Writer& out) {
  if (format.kind != chat::FormatKind::kJsonSchema &&
      format.kind != chat::FormatKind::kJsonObject) {
    return;
  }
  out.Key("grammar").BeginObject().Key("type").String("json").Key("value");
  out.Raw(format.schema.empty() ? R"({"type":"object"})" : std::string_view(format.schema));
  out.EndObject();
}

void RenderStop(const chat::Sampling& sampling, bool turns, Writer& out) {
  std::vector<std::string> stop = sampling.stop;
  if (turns) {
    stop.emplace_back(kTurn);
  }
  wire::RenderTextList("stop", stop, out);
}

// A temperature must be above 0, and top_p below 1.
void RenderForeignSampling(const chat::Sampling& s, const wire::RequestTerms& terms, Writer& out) {
  out.Key("max_new_tokens")
      .Int(s.max_output_tokens.value_or(std::min(terms.default_max_tokens, kMostByDefault)));
  if (s.temperature && s.temperature->value() <= 0) {
    out.Key("do_sample").Bool(false);
  } else {
    wire::RenderNumber("temperature", s.temperature, out);
  }
  if (s.top_p && s.top_p->value() > 0 && s.top_p->value() < 1) {
    wire::RenderNumber("top_p", s.top_p, out);
  }
  out.Key("return_full_text").Bool(false).Key("details").Bool(true);
}

void RenderOwnSampling(const Request& request, Writer& out) {
  wire::RenderInt("max_new_tokens", request.sampling.max_output_tokens, out);
  wire::RenderNumber("temperature", request.sampling.temperature, out);
  wire::RenderNumber("top_p", request.sampling.top_p, out);
  for (const chat::Member& member : request.extra) {
    if (member.key.starts_with(kParameterPrefix)) {
      out.Key(std::string_view(member.key).substr(kParameterPrefix.size())).Raw(member.value);
    }
  }
}

// Tools that must not be called anyway.
bool HasIdleTools(const Request& request) {
  return request.dialect != kDialect && !request.tools.empty() &&
         request.tool_choice.mode == chat::ToolChoiceMode::kNone;
}

std::string Parameters(const Request& request, bool turns, const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  std::string text;
  Writer out(text);
  out.BeginObject();
  own ? RenderOwnSampling(request, out) : RenderForeignSampling(request.sampling, terms, out);
  wire::RenderNumber("top_k", request.sampling.top_k, out);
  wire::RenderNumber("repetition_penalty", request.sampling.repetition_penalty, out);
  wire::RenderNumber("frequency_penalty", request.sampling.frequency_penalty, out);
  wire::RenderInt("seed", request.sampling.seed, out);
  RenderStop(request.sampling, turns, out);
  RenderGrammar(request.response_format, out);
  out.EndObject();
  return text;
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  if (HasIdleTools(request)) {
    Request without = request;
    without.tools.clear();
    auto rendered = RenderRequest(without, terms);
    if (rendered) {
      rendered->dropped.emplace_back("tools");
    }
    return rendered;
  }
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), kTitle, rendered.dropped));
  SB_TRY(const Prompt prompt, MakePrompt(request));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  if (own) {
    wire::RenderText("model", request.model, out);
  }
  out.Key("inputs").String(prompt.text);
  if (const std::string parameters = Parameters(request, prompt.turns, terms); parameters != "{}") {
    out.Key("parameters").Raw(parameters);
  }
  wire::RenderBool("stream", request.stream, out);
  for (const chat::Member& member : request.extra) {
    if (own && !member.key.starts_with(kParameterPrefix)) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::huggingface
