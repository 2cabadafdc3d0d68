#include "vendors/dialects/openai_chat/render_answer.h"

#include "vendors/chat/size.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/render_message.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using json::Writer;

void RenderChoice(const chat::Choice& choice, bool own, Writer& out) {
  out.BeginObject().Key("index").Int(choice.index).Key("message");
  RenderAnswerMessage(choice, own, out);
  out.Key("logprobs").Raw(choice.logprobs.empty() || !own ? "null" : choice.logprobs);
  out.Key("finish_reason");
  if (choice.finish == chat::FinishReason::kUnset) {
    out.Null();
  } else {
    out.String(FinishName(choice.finish, choice.finish_text, own));
  }
  wire::RenderExtra(choice.extra, own, out);
  out.EndObject();
}

std::string IdOf(const chat::Response& response, bool own) {
  return response.id.empty() && !own ? MadeId("chatcmpl-", response.model) : response.id;
}

}  // namespace

std::string RenderAnswer(const chat::Response& response) {
  const bool own = response.dialect == kDialect;
  std::string body;
  body.reserve(chat::RenderedSize(response));
  Writer out(body);
  out.BeginObject().Key("id").String(IdOf(response, own)).Key("object").String("chat.completion");
  wire::RenderInt("created", response.created, out);
  out.Key("model").String(response.model).Key("choices").BeginArray();
  for (const chat::Choice& choice : response.choices) {
    RenderChoice(choice, own, out);
  }
  out.EndArray();
  if (response.usage) {
    out.Key("usage");
    RenderUsage(*response.usage, own, out);
  }
  wire::RenderText("service_tier", response.service_tier, out);
  wire::RenderText("system_fingerprint", response.system_fingerprint, out);
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::openai_chat
