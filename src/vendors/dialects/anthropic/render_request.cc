#include "vendors/dialects/anthropic/render_request.h"

#include <fmt/format.h>

#include "vendors/chat/size.h"
#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/features.h"
#include "vendors/dialects/anthropic/plan.h"
#include "vendors/dialects/anthropic/render_block.h"
#include "vendors/dialects/anthropic/render_own.h"
#include "vendors/dialects/anthropic/render_tools.h"
#include "vendors/dialects/anthropic/schema.h"
#include "vendors/dialects/anthropic/turns.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using catalog::Ability;
using catalog::Capabilities;
using chat::FormatKind;
using chat::Request;
using json::Writer;

// Whether the answer is bound by the vendor to the schema that is asked for.
bool IsBound(const Request& request, const Capabilities& known) {
  return request.response_format.kind == FormatKind::kJsonSchema &&
         known.Can(Ability::kJsonSchema) && !request.response_format.schema.empty();
}

// What stands in for a form that the model cannot be bound to.
std::string FormFor(const Request& request, const Capabilities& known) {
  return IsBound(request, known) ? std::string() : wire::FormInWords(request.response_format);
}

// One text, or blocks where one of them is marked for the cache.
void RenderSystem(const Turns& turns, const std::string& form, Writer& out) {
  if (turns.system_text().empty() && form.empty()) {
    return;
  }
  out.Key("system");
  if (!turns.system_has_marker() && form.empty()) {
    out.String(turns.system_text());
    return;
  }
  if (!turns.system_has_marker()) {
    const std::string_view gap = turns.system_text().empty() ? "" : "\n\n";
    out.String(fmt::format("{}{}{}", turns.system_text(), gap, form));
    return;
  }
  out.BeginArray();
  for (const chat::Part* part : turns.system()) {
    RenderBlock(*part, {}, out);
  }
  if (!form.empty()) {
    out.BeginObject().Key("type").String("text").Key("text").String(form).EndObject();
  }
  out.EndArray();
}

void RenderTurns(const Turns& turns, Writer& out) {
  out.Key("messages").BeginArray();
  for (const Turn& turn : turns.all()) {
    out.BeginObject().Key("role").String(turn.user ? "user" : "assistant");
    out.Key("content").BeginArray();
    for (const auto* parts : {&turn.results, &turn.parts}) {
      for (const chat::Part* part : *parts) {
        RenderBlock(*part, {}, out);
      }
    }
    out.EndArray().EndObject();
  }
  out.EndArray();
}

void RenderThinking(const Plan& plan, Writer& out) {
  if (plan.thinking.empty()) {
    return;
  }
  out.Key("thinking").BeginObject().Key("type").String(plan.thinking);
  wire::RenderInt("budget_tokens", plan.budget, out);
  wire::RenderText("display", plan.display, out);
  out.EndObject();
}

void RenderOutputConfig(const Request& request, const Plan& plan, bool bound, Writer& out) {
  if (plan.effort.empty() && !bound) {
    return;
  }
  out.Key("output_config").BeginObject();
  wire::RenderText("effort", plan.effort, out);
  if (bound) {
    out.Key("format").BeginObject().Key("type").String("json_schema").Key("schema");
    out.Raw(CompilableSchema(request.response_format.schema)).EndObject();
  }
  out.EndObject();
}

void RenderAnswerTerms(const Request& request, const Plan& plan, Writer& out) {
  out.Key("max_tokens").Int(plan.max_tokens);
  wire::RenderBool("stream", request.stream, out);
  wire::RenderNumber("temperature", plan.temperature, out);
  wire::RenderNumber("top_p", plan.top_p, out);
  wire::RenderNumber("top_k", plan.top_k, out);
  if (!plan.stop.empty()) {
    out.Key("stop_sequences").BeginArray();
    for (const std::string_view sequence : plan.stop) {
      out.String(sequence);
    }
    out.EndArray();
  }
  wire::RenderText("service_tier", plan.service_tier, out);
  if (!plan.user.empty()) {
    out.Key("metadata").BeginObject().Key("user_id").String(plan.user).EndObject();
  }
}

// A model that must call something, or that is in the middle of a loop which it did not think
// about, may not be asked to think by a budget.
bool CanThink(const Request& request, const Turns& turns, const Capabilities& known) {
  using Mode = chat::ToolChoiceMode;
  const chat::ToolChoice& choice = request.tool_choice;
  const bool forced = choice.mode == Mode::kRequired || choice.mode == Mode::kNamed ||
                      (choice.mode == Mode::kAllowed && choice.required);
  return (!forced || request.tools.empty()) &&
         (known.Can(Ability::kEffort) || !turns.InLoopWithoutThought());
}

// `counting`: nothing about the answer.
core::Result<wire::RenderedRequest> RenderForeign(const Request& request,
                                                  const wire::RequestTerms& terms, bool counting) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), kTitle, rendered.dropped));
  SB_TRY(const Turns turns, Turns::Of(request, rendered.dropped));
  const Capabilities known = Known(terms.Of(request.model));
  const Plan plan =
      PlanOf(request, known, CanThink(request, turns, known), terms, rendered.dropped);
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject().Key("model").String(request.model);
  if (!counting) {
    RenderAnswerTerms(request, plan, out);
  }
  RenderSystem(turns, FormFor(request, known), out);
  RenderTurns(turns, out);
  RenderTools(request, false, known.Can(Ability::kJsonSchema), rendered.dropped, out);
  RenderThinking(plan, out);
  RenderOutputConfig(request, plan, IsBound(request, known), out);
  out.EndObject();
  return rendered;
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  return request.dialect == kDialect ? RenderOwn(request, terms.default_max_tokens)
                                     : RenderForeign(request, terms, false);
}

core::Result<wire::RenderedRequest> RenderCountRequest(const Request& request) {
  return request.dialect == kDialect ? RenderOwn(request, std::nullopt)
                                     : RenderForeign(request, {}, true);
}

}  // namespace signalbox::anthropic
