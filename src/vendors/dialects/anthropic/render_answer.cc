#include <algorithm>

#include "vendors/chat/size.h"
#include "vendors/dialects/anthropic/answer.h"
#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/render_block.h"
#include "vendors/dialects/anthropic/usage.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using json::Writer;

bool IsCall(const chat::Part& part) {
  return std::holds_alternative<chat::ToolCall>(part.content);
}

// Calls of vendors that name none get an id by their place.
void RenderParts(const chat::Choice& choice, bool own, Writer& out) {
  const BlockTerms terms{.own = own, .to_client = true};
  out.Key("content").BeginArray();
  int calls = 0;
  for (const chat::Part& part : choice.parts) {
    calls += IsCall(part) ? 1 : 0;
    if (IsCall(part) && std::get<chat::ToolCall>(part.content).id.empty()) {
      chat::Part named = part;
      std::get<chat::ToolCall>(named.content).id = "toolu_" + std::to_string(calls);
      RenderBlock(named, terms, out);
    } else if (MakesBlock(part, terms)) {
      RenderBlock(part, terms, out);
    }
  }
  out.EndArray();
}

void RenderStop(const chat::Choice& choice, bool own, Writer& out) {
  const bool called = std::ranges::any_of(choice.parts, IsCall);
  out.Key("stop_reason");
  if (own && choice.finish == chat::FinishReason::kUnset) {
    out.Null();
  } else {
    out.String(
        FinishName(choice.finish, choice.finish_text, !choice.stop_sequence.empty(), called, own));
  }
  out.Key("stop_sequence");
  choice.stop_sequence.empty() ? out.Null() : out.String(choice.stop_sequence);
}

}  // namespace

std::string_view MessageId(std::string_view id) {
  return id.empty() ? "msg_unnamed" : id;
}

std::string RenderAnswer(const chat::Response& response) {
  static const chat::Choice kNothing;
  static const chat::UsageReport kUnused;
  const bool own = response.dialect == kDialect;
  const chat::Choice& choice = response.choices.empty() ? kNothing : response.choices[0];
  std::string body;
  body.reserve(chat::RenderedSize(response));
  Writer out(body);
  out.BeginObject().Key("id").String(own ? std::string_view(response.id) : MessageId(response.id));
  out.Key("type").String("message").Key("role").String("assistant");
  out.Key("model").String(response.model);
  RenderParts(choice, own, out);
  RenderStop(choice, own, out);
  wire::RenderExtra(response.extra, own, out);
  if (response.usage || !own) {
    out.Key("usage");
    RenderUsage(response.usage ? *response.usage : kUnused,
                own ? std::string_view(response.service_tier) : "", own, out);
  }
  out.EndObject();
  return body;
}

}  // namespace signalbox::anthropic
