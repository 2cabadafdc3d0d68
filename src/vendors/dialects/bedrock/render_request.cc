#include "vendors/dialects/bedrock/render_request.h"

#include "vendors/chat/size.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/bedrock/thoughts.h"

namespace signalbox::bedrock {
namespace {

using chat::Message;
using chat::Part;
using chat::Request;
using chat::Role;
using core::Result;
using core::Status;

bool HoldsCalls(const Request& request) {
  for (const Message& message : request.messages) {
    for (const Part& part : message.parts) {
      if (std::holds_alternative<chat::ToolCall>(part.content) ||
          std::holds_alternative<chat::ToolResult>(part.content)) {
        return true;
      }
    }
  }
  return false;
}

// Claude refuses to go on thinking after a call whose thoughts it is not shown.
bool LacksThoughts(const Request& request) {
  for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
    if (message->role != Role::kAssistant) {
      continue;
    }
    bool calls = false;
    for (const Part& part : message->parts) {
      const auto* thought = std::get_if<chat::Reasoning>(&part.content);
      if (thought != nullptr && MayBeSent(*thought, request.model)) {
        return false;
      }
      calls |= std::holds_alternative<chat::ToolCall>(part.content);
    }
    return calls;
  }
  return false;
}

Outgoing Look(const Request& request, const wire::RequestTerms& terms,
              std::vector<std::string>& dropped) {
  Outgoing of{.request = request,
              .own = request.dialect == kDialect,
              .family = FamilyOf(request.model),
              .known = terms.Of(request.model),
              .calls_before = HoldsCalls(request),
              .thinks = false,
              .dropped = dropped};
  const auto mode = request.tool_choice.mode;
  const bool forced = mode == chat::ToolChoiceMode::kRequired ||
                      mode == chat::ToolChoiceMode::kNamed ||
                      (mode == chat::ToolChoiceMode::kAllowed && request.tool_choice.required);
  of.thinks = !of.own && of.family == Family::kClaude && AsksToThink(request) &&
              !of.known.LacksThinking() && HasRoomToThink(request) && !forced &&
              !LacksThoughts(request);
  return of;
}

// What Converse and the counting of its tokens have in common.
Status RenderPrompt(const Outgoing& of, json::Writer& out) {
  SB_CHECK_OK(RenderMessages(of, out));
  RenderToolConfig(of, out);
  RenderAdditional(of, out);
  return {};
}

// The prompt in a model's own form that stands for a whole request, if it does.
const chat::RawPart* InvokeModelOf(const Request& request) {
  if (request.dialect != kDialect || request.messages.size() != 1 ||
      request.messages.front().parts.size() != 1) {
    return nullptr;
  }
  const auto* raw = std::get_if<chat::RawPart>(&request.messages.front().parts.front().content);
  return raw != nullptr && raw->type == kInvokeModel ? raw : nullptr;
}

}  // namespace

Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                            const wire::RequestTerms& terms) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), TheDialect().title(),
                                     rendered.dropped));
  const Outgoing of = Look(request, terms, rendered.dropped);
  rendered.body.reserve(chat::RenderedSize(request));
  json::Writer out(rendered.body);
  out.BeginObject();
  SB_CHECK_OK(RenderPrompt(of, out));
  RenderInference(of, out);
  RenderOptions(of, out);
  out.EndObject();
  return rendered;
}

Result<wire::RenderedRequest> RenderCountRequest(const Request& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), TheDialect().title(),
                                     rendered.dropped));
  const Outgoing of = Look(request, {}, rendered.dropped);
  rendered.body.reserve(chat::RenderedSize(request));
  json::Writer out(rendered.body);
  out.BeginObject().Key("input").BeginObject();
  if (const auto* raw = InvokeModelOf(request)) {
    out.Key(kInvokeModel).Raw(raw->json);
  } else {
    out.Key("converse").BeginObject();
    SB_CHECK_OK(RenderPrompt(of, out));
    out.EndObject();
  }
  out.EndObject().EndObject();
  return rendered;
}

}  // namespace signalbox::bedrock
