#include "vendors/dialects/huggingface/answer.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/huggingface/errors.h"
#include "vendors/dialects/huggingface/prompt.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::huggingface {
namespace {

using chat::Choice;
using chat::FinishReason;
using chat::Response;
using core::Status;
using json::Value;

using V = const Value&;

constexpr std::string_view kAlone = "huggingface.alone";  // not in a list

Status ReadCount(V value, std::int64_t& out) {
  out = std::max<std::int64_t>(value.AsInt().value_or(-1), -1);
  return {};
}

constexpr wire::Field<Details> kDetailFields[] = {
    {"finish_reason", [](V v, Details& out) { return wire::ReadText(v, out.finish_reason); },
     wire::OnFailure::kDrop},
    {"generated_tokens", [](V v, Details& out) { return ReadCount(v, out.usage.tokens.output); }},
    {"input_length", [](V v, Details& out) { return ReadCount(v, out.usage.tokens.input); }},
};

struct Generation {
  std::string text;
  bool generated = false;
  std::optional<Details> details;
};

Status ReadText(V value, Generation& out) {
  out.generated = true;
  return wire::ReadText(value, out.text);
}

Status ReadDetails(V value, Generation& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.details = ParseDetails(value);
  return {};
}

constexpr wire::Field<Generation> kFields[] = {
    {"generated_text", ReadText, wire::OnFailure::kDrop},
    {"details", ReadDetails},
};

void TakeDetails(Details&& details, std::string_view& text, Choice& choice, Response& out) {
  if (details.finish_reason == "stop_sequence" && text.ends_with(kTurn)) {
    text.remove_suffix(kTurn.size());
  }
  choice.finish = FinishNamed(details.finish_reason);
  choice.finish_text = std::move(details.finish_reason);
  if (details.usage.tokens.known()) {
    out.usage = std::move(details.usage);
  }
  for (chat::Member& member : details.extra) {
    choice.extra.push_back(std::move(member));
  }
}

}  // namespace

Details ParseDetails(V value) {
  Details details;
  chat::Extra unknown;
  // Lenient reading of an object cannot fail.
  (void)wire::ReadObject(value, kDetailFields, details, unknown, wire::Strictness::kLenient);
  for (chat::Member& member : unknown) {
    details.extra.push_back({std::string(kDetailPrefix) + member.key, std::move(member.value)});
  }
  if (const auto prefill = value.Find("prefill");
      details.usage.tokens.input < 0 && prefill && prefill->IsArray() && prefill->FirstChild()) {
    details.usage.tokens.input = static_cast<std::int64_t>(prefill->CountChildren());
  }
  return details;
}

void RenderDetails(std::string_view finish_reason, const chat::UsageReport* usage,
                   const chat::Extra& extra, bool own, json::Writer& out) {
  out.BeginObject().Key("finish_reason").String(finish_reason);
  bool prefilled = false;  // the prompt's tokens are there to be counted
  for (const chat::Member& member : extra) {
    if (own && member.key.starts_with(kDetailPrefix)) {
      const std::string_view key = std::string_view(member.key).substr(kDetailPrefix.size());
      prefilled |= key == "prefill" && member.value != "[]";
      out.Key(key).Raw(member.value);
    }
  }
  if (usage != nullptr && usage->tokens.output >= 0) {
    out.Key("generated_tokens").Int(usage->tokens.output);
  }
  if (usage != nullptr && usage->tokens.input >= 0 && !prefilled) {
    out.Key("input_length").Int(usage->tokens.input);
  }
  out.EndObject();
}

FinishReason FinishNamed(std::string_view word) {
  if (word == "length") {
    return FinishReason::kLength;
  }
  return word == "eos_token" || word == "stop_sequence" || word.empty() ? FinishReason::kStop
                                                                        : FinishReason::kOther;
}

std::string_view FinishName(FinishReason reason) {
  return reason == FinishReason::kLength ? "length" : "eos_token";
}

core::Result<Response> ParseAnswer(V body) {
  const auto first = body.IsArray() ? body.FirstChild() : std::optional(body);
  const auto error = first ? first->Find("error") : std::nullopt;
  if (error && !error->IsNull()) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, ParseErrorValue(*first).message);
  }
  Response response;
  response.dialect = kDialect;
  Choice& choice = response.choices.emplace_back();
  Generation generation;
  if (!first ||
      !wire::ReadObject(*first, kFields, generation, choice.extra, wire::Strictness::kLenient) ||
      !generation.generated) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "generated_text: a text was expected");
  }
  std::string_view text = generation.text;
  choice.finish = FinishReason::kStop;
  if (generation.details) {
    TakeDetails(*std::move(generation.details), text, choice, response);
  }
  choice.parts.push_back({.content = chat::Text{std::string(text), {}}});
  if (!body.IsArray()) {
    response.extra.push_back({std::string(kAlone), "true"});
  }
  return response;
}

std::string RenderAnswer(const Response& response) {
  const bool own = response.dialect == kDialect;
  const bool alone = own && !response.extra.empty() && response.extra[0].key == kAlone;
  const Choice none;
  const Choice& choice = response.choices.empty() ? none : response.choices.front();
  std::string said;
  for (const chat::Part& part : choice.parts) {
    const auto* spoken = std::get_if<chat::Text>(&part.content);
    const auto* refusal = std::get_if<chat::Refusal>(&part.content);
    said += spoken != nullptr ? spoken->text : refusal != nullptr ? refusal->text : "";
  }
  std::string text = alone ? "" : "[";
  json::Writer out(text);
  out.BeginObject().Key("generated_text").String(said);
  if (!own || !choice.finish_text.empty()) {
    out.Key("details");
    RenderDetails(own ? choice.finish_text : FinishName(choice.finish),
                  response.usage ? &*response.usage : nullptr, choice.extra, own, out);
  }
  for (const chat::Member& member : choice.extra) {
    if (own && !member.key.starts_with(kDetailPrefix)) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
  text += alone ? "" : "]";
  return text;
}

}  // namespace signalbox::huggingface
