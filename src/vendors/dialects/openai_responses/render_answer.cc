#include <span>

#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/names.h"
#include "vendors/dialects/openai_responses/render_item.h"
#include "vendors/dialects/openai_responses/usage.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using json::Writer;

// What clients read of a request that was not one of this API.
void RenderEcho(Writer& out) {
  out.Key("instructions").Null().Key("metadata").BeginObject().EndObject();
  out.Key("parallel_tool_calls").Bool(true).Key("temperature").Null().Key("top_p").Null();
  out.Key("tool_choice").String("auto").Key("tools").BeginArray().EndArray();
  out.Key("max_output_tokens").Null().Key("previous_response_id").Null();
  out.Key("reasoning").BeginObject().Key("effort").Null().Key("summary").Null().EndObject();
  out.Key("store").Bool(false).Key("text").Raw(R"({"format":{"type":"text"}})");
  out.Key("truncation").String("disabled").Key("user").Null();
}

void RenderError(std::string_view status, Writer& out) {
  out.Key("error");
  if (status != "failed") {
    out.Null();
    return;
  }
  out.BeginObject().Key("code").String("server_error");
  out.Key("message").String("the model broke off").EndObject();
}

// Another dialect's log probabilities are the choice's; here they are the text's.
std::vector<chat::Part> WithLogprobs(const chat::Choice& choice) {
  std::vector<chat::Part> parts = choice.parts;
  for (chat::Part& part : parts) {
    if (std::holds_alternative<chat::Text>(part.content)) {
      part.extra.push_back({"logprobs", ListedLogprobs(choice.logprobs)});
      break;
    }
  }
  return parts;
}

std::string RenderOutput(const chat::Response& response, bool own) {
  std::string text;
  Writer out(text);
  out.BeginArray();
  if (!response.choices.empty()) {
    const chat::Choice& choice = response.choices.front();
    std::vector<chat::Part> with_logprobs;
    std::span<const chat::Part> parts = choice.parts;
    if (!own && !choice.logprobs.empty()) {
      with_logprobs = WithLogprobs(choice);
      parts = with_logprobs;
    }
    std::int64_t index = 0;
    while (!parts.empty()) {
      const std::size_t length = ItemLength(parts);
      const std::string id = MakeId(parts.front(), response.id, index);
      index += RenderOutputItem(parts.first(length), id, own, out) ? 1 : 0;
      parts = parts.subspan(length);
    }
  }
  out.EndArray();
  return text;
}

}  // namespace

void RenderResponse(const chat::Response& head, const Closing& closing, bool own, Writer& out) {
  out.BeginObject().Key("id").String(head.id).Key("object").String("response");
  const bool says_when = wire::FindMember(head.extra, "created_at") != nullptr;
  if (!own || !says_when) {
    out.Key("created_at").Int(head.created.value_or(0));
  }
  out.Key("status").String(closing.status);
  if (!closing.reason.empty()) {
    out.Key("incomplete_details").BeginObject().Key("reason").String(closing.reason).EndObject();
  } else if (!own || wire::FindMember(head.extra, "incomplete_details") == nullptr) {
    out.Key("incomplete_details").Null();
  }
  if (!own) {
    RenderError(closing.status, out);
    RenderEcho(out);
  }
  out.Key("model").String(head.model).Key("output").Raw(closing.output).Key("usage");
  head.usage ? RenderUsage(*head.usage, own, out) : void(out.Null());
  wire::RenderText("service_tier", head.service_tier, out);
  wire::RenderText("system_fingerprint", own ? head.system_fingerprint : "", out);
  wire::RenderExtra(head.extra, own, out);
  out.EndObject();
}

std::string RenderAnswer(const chat::Response& response) {
  const bool own = response.dialect == kDialect;
  Ending ending{"completed", {}};
  if (!response.choices.empty()) {
    const chat::Choice& choice = response.choices.front();
    ending = EndingOf(choice.finish, choice.finish_text, own);
  }
  const std::string output = RenderOutput(response, own);
  std::string text;
  Writer out(text);
  RenderResponse(response, {ending.status, ending.reason, output}, own, out);
  return text;
}

}  // namespace signalbox::openai_responses
