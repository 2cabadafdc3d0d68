#include "vendors/dialects/cohere/answer.h"

#include <utility>

#include "vendors/chat/size.h"
#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/errors.h"
#include "vendors/dialects/cohere/logprobs.h"
#include "vendors/dialects/cohere/names.h"
#include "vendors/dialects/cohere/parse_message.h"
#include "vendors/dialects/cohere/render_message.h"
#include "vendors/dialects/cohere/usage.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Response;
using core::Status;
using json::Value;
using V = const Value&;

Status ReadMessage(V value, Response& out) {
  chat::Message message;
  SB_CHECK_OK(ParseMessage(value, wire::Strictness::kLenient, message));
  chat::Choice& choice = out.choices.front();
  choice.parts = std::move(message.parts);
  choice.listed = message.listed;
  choice.message_extra = std::move(message.extra);
  return {};
}

Status ReadUsage(V value, Response& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = ParseUsage(value);
  return {};
}

// Cohere's own form goes back out as it came.
Status ReadLogprobs(V value, Response& out) {
  out.choices.front().logprobs = FromPieces(value);
  out.extra.push_back({"logprobs", std::string(value.Raw())});
  return {};
}

constexpr wire::Field<Response> kFields[] = {
    {"id", [](V v, Response& out) { return wire::ReadText(v, out.id); }, wire::OnFailure::kDrop},
    {"model", [](V v, Response& out) { return wire::ReadText(v, out.model); }},
    {"message", ReadMessage, wire::OnFailure::kDrop},
    {"finish_reason",
     [](V v, Response& out) -> Status {
       chat::Choice& choice = out.choices.front();
       SB_CHECK_OK(wire::ReadText(v, choice.finish_text));
       choice.finish = FinishNamed(choice.finish_text);
       return {};
     },
     wire::OnFailure::kDrop},
    {"usage", ReadUsage},
    {"logprobs", ReadLogprobs},
};

}  // namespace

core::Result<Response> ParseAnswer(V body) {
  const auto message = body.Find("message");
  if (!message || !message->IsObject()) {
    const bool error = message && message->IsString();
    return error
               ? core::Fail(core::ErrorCode::kUpstreamFailed,
                            wire::Readable(ParseError(body.Raw()).message))
               : core::Fail(core::ErrorCode::kUpstreamProtocol, "message: an object was expected");
  }
  Response response;
  response.dialect = kDialect;
  response.choices.emplace_back();
  SB_CHECK_OK(
      wire::ReadObject(body, kFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

std::string RenderAnswer(const Response& response) {
  static const chat::Choice kNone;
  const bool own = response.dialect == kDialect;
  const chat::Choice& choice = response.choices.empty() ? kNone : response.choices.front();
  std::string body;
  body.reserve(chat::RenderedSize(response));
  json::Writer out(body);
  out.BeginObject().Key("id").String(response.id);
  wire::RenderText("model", own ? std::string_view(response.model) : std::string_view(), out);
  out.Key("finish_reason");
  out.String(FinishName(choice.finish, choice.finish_text, !choice.stop_sequence.empty(), own));
  out.Key("message");
  RenderAnswerMessage(choice, own, out);
  if (response.usage) {
    out.Key("usage");
    RenderUsage(*response.usage, own, out);
  }
  if (wire::FindMember(response.extra, "logprobs") == nullptr || !own) {
    wire::RenderRaw("logprobs", choice.logprobs.empty() ? "" : ToPieces(choice.logprobs), out);
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::cohere
