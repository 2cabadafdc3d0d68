#include <utility>

#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/openai_chat/usage_form.h"

namespace signalbox::openai_chat {
namespace {

using chat::Choice;
using chat::Response;
using core::Status;
using json::Value;

// A text, a list of texts, a list of tokens, or a list of lists of tokens.
Status ReadPrompt(const Value& value, CompletionRequest& out) {
  if (value.IsString()) {
    return wire::ReadText(value, out.prompts.emplace_back().text);
  }
  const auto first = value.FirstChild();
  if (!value.IsArray() || !first) {
    return wire::Expected("a text or a list that is not empty");
  }
  if (first->IsNumber()) {
    return wire::ReadTokenIds(value, out.prompts.emplace_back().tokens);
  }
  return wire::ReadList(value, [&](const Value& element) {
    Prompt& prompt = out.prompts.emplace_back();
    return element.IsArray() ? wire::ReadTokenIds(element, prompt.tokens)
                             : wire::ReadText(element, prompt.text);
  });
}

using R = CompletionRequest;
using V = const Value&;
constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.request.model); }},
    {"prompt", ReadPrompt},
    {"stream", [](V v, R& r) { return wire::ReadBool(v, r.request.stream); }},
    {"stream_options", [](V v, R& r) { return ReadStreamOptions(v, r.request); }},
    {"max_tokens",
     [](V v, R& r) { return wire::ReadInt(v, r.request.sampling.max_output_tokens); }},
    {"temperature", [](V v, R& r) { return wire::ReadNumber(v, r.request.sampling.temperature); }},
    {"top_p", [](V v, R& r) { return wire::ReadNumber(v, r.request.sampling.top_p); }},
    {"stop", [](V v, R& r) { return ReadStop(v, r.request); }},
    {"n", [](V v, R& r) { return wire::ReadInt(v, r.request.sampling.n); }},
    {"seed", [](V v, R& r) { return wire::ReadInt(v, r.request.sampling.seed); }},
    {"user", [](V v, R& r) { return wire::ReadText(v, r.request.user); }},
};

Status ReadChoiceText(const Value& value, Choice& out) {
  chat::Text text;
  SB_CHECK_OK(wire::ReadText(value, text.text));
  out.parts.push_back({.content = std::move(text)});
  return {};
}

constexpr wire::Field<Choice> kChoiceFields[] = {
    {"index",
     [](V v, Choice& out) -> Status {
       out.index = v.AsInt().value_or(out.index);
       return {};
     }},
    {"text", ReadChoiceText},
    {"logprobs", [](V v, Choice& out) { return wire::ReadRaw(v, out.logprobs); }},
    {"finish_reason",
     [](V v, Choice& out) -> Status {
       SB_CHECK_OK(wire::ReadText(v, out.finish_text));
       out.finish = FinishNamed(out.finish_text);
       return {};
     }},
};

Status ReadChoices(const Value& value, Response& out) {
  return wire::ReadList(value, [&](const Value& element) {
    Choice& choice = out.choices.emplace_back();
    choice.index = static_cast<std::int64_t>(out.choices.size()) - 1;
    return wire::ReadObject(element, kChoiceFields, choice, choice.extra,
                            wire::Strictness::kLenient);
  });
}

constexpr wire::Field<Response> kAnswerFields[] = {
    {"object", [](V, Response&) { return Status{}; }},
    {"id", [](V v, Response& out) { return wire::ReadText(v, out.id); }},
    {"model", [](V v, Response& out) { return wire::ReadText(v, out.model); }},
    {"created", [](V v, Response& out) { return wire::ReadInt(v, out.created); }},
    {"choices", ReadChoices},
    {"usage",
     [](V v, Response& out) -> Status {
       if (v.IsObject()) {
         out.usage = ParseUsage(v);
       }
       return {};
     }},
    {"system_fingerprint",
     [](V v, Response& out) { return wire::ReadText(v, out.system_fingerprint); }},
};

}  // namespace

core::Result<CompletionRequest> ParseCompletionRequest(const Value& body) {
  CompletionRequest out;
  out.request.dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, out, out.request.extra);
  if (status && out.prompts.empty()) {
    status =
        std::unexpected(wire::UnderMember("prompt", wire::Expected("a text or a list").error()));
  }
  if (!status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  return out;
}

core::Result<Response> ParseCompletionAnswer(const Value& body) {
  const auto choices = body.Find("choices");
  if (!choices || !choices->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "choices: a list was expected");
  }
  Response response;
  response.dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kAnswerFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

}  // namespace signalbox::openai_chat
