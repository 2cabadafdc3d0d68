#include "vendors/dialects/mistral/answer.h"

#include <algorithm>
#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/stream_renderer.h"
#include "vendors/dialects/mistral/thoughts.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/wire/free_text.h"

namespace signalbox::mistral {
namespace {

using chat::Part;

// What was used, of a vendor that need not say it.
chat::UsageReport Counted(std::optional<chat::UsageReport> stated) {
  chat::UsageReport usage = std::move(stated).value_or(chat::UsageReport{});
  usage.extra.clear();
  usage.input_extra.clear();
  usage.output_extra.clear();
  usage.tokens.input = std::max<std::int64_t>(usage.tokens.input, 0);
  usage.tokens.output = std::max<std::int64_t>(usage.tokens.output, 0);
  return usage;
}

// A part of another vendor's as Mistral's clients know it; `number` counts calls.
void AdaptPart(Part& part, std::int64_t& number) {
  part.extra.clear();
  if (auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    std::string words = std::move(refusal->text);
    part.content = chat::Text{std::move(words), {}};
  } else if (auto* text = std::get_if<chat::Text>(&part.content)) {
    text->citations.clear();
    text->signature.clear();
  } else if (auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    if (call->id.empty()) {
      call->id = openai_chat::MadeCallId(number, call->name);
    }
    if (call->kind == chat::CallKind::kCustom) {
      call->arguments = wire::ArgumentsOf(call->arguments);
    } else if (call->arguments.empty()) {
      call->arguments = "{}";
    }
    call->kind = chat::CallKind::kFunction;
    call->signature.clear();
    call->inner_extra.clear();
    part.extra.push_back({"index", std::to_string(number++)});
  }
}

// One that Mistral's clients know a form for.
bool HasForm(const Part& part) {
  const auto* media = std::get_if<chat::Media>(&part.content);
  const auto* thought = std::get_if<chat::Reasoning>(&part.content);
  return !std::holds_alternative<chat::RawPart>(part.content) &&
         (media == nullptr || media->kind == chat::MediaKind::kImage) &&
         (thought == nullptr || !thought->text.empty());
}

void AdaptChoice(chat::Choice& choice) {
  choice.extra.clear();
  choice.message_extra.clear();
  choice.finish_text = FinishName(choice.finish);
  choice.logprobs.clear();
  std::erase_if(choice.parts, [](const Part& part) { return !HasForm(part); });
  std::int64_t number = 0;
  for (Part& part : choice.parts) {
    AdaptPart(part, number);
    choice.listed |= std::holds_alternative<chat::Media>(part.content);
  }
  const auto says = [](const Part& part) {
    return !std::holds_alternative<chat::ToolCall>(part.content);
  };
  if (std::ranges::none_of(choice.parts, says)) {
    choice.parts.insert(choice.parts.begin(), Part{.content = chat::Text{}});
  }
}

void Adapt(chat::Response& response) {
  response.extra.clear();
  response.service_tier.clear();
  response.system_fingerprint.clear();
  response.usage = Counted(std::move(response.usage));
  if (response.id.empty()) {
    response.id = openai_chat::MadeId("chatcmpl-", response.model);
  }
  if (!response.created) {
    response.created = 0;
  }
  std::ranges::for_each(response.choices, AdaptChoice);
}

}  // namespace

core::Result<chat::Response> ParseAnswer(const json::Value& body) {
  auto answer = openai_chat::TheDialect().ParseAnswer(body);
  if (answer) {
    answer->dialect = kDialect;
    Unlist(*answer);
  }
  return answer;
}

std::string RenderAnswer(const chat::Response& response) {
  chat::Response copy = response;
  if (response.dialect != kDialect) {
    Adapt(copy);
  }
  copy.dialect = openai_chat::kDialect;
  List(copy);
  return openai_chat::TheDialect().RenderAnswer(copy);
}

core::Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body) {
  auto answer = openai_chat::TheDialect().ParseEmbeddingsAnswer(body);
  if (answer) {
    answer->dialect = kDialect;
  }
  return answer;
}

std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) {
  chat::EmbeddingsResponse copy = response;
  if (response.dialect != kDialect) {
    for (chat::Embedding& embedding : copy.data) {
      embedding.extra.clear();
    }
    copy.usage = Counted(std::move(copy.usage));
    std::string id;
    json::AppendQuoted(id, openai_chat::MadeId("embd-", copy.model));
    copy.extra = {{"id", std::move(id)}};
  }
  copy.dialect = openai_chat::kDialect;
  return openai_chat::TheDialect().RenderEmbeddingsAnswer(copy);
}

}  // namespace signalbox::mistral
