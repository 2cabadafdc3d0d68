#include "vendors/dialects/huggingface/stream_parser.h"

#include <utility>

#include "vendors/dialects/huggingface/answer.h"
#include "vendors/dialects/huggingface/errors.h"
#include "vendors/dialects/huggingface/prompt.h"

namespace signalbox::huggingface {
namespace {

using chat::EventBatch;
using chat::Level;
using json::Value;

std::optional<Value> Stated(const Value& object, std::string_view key) {
  auto member = object.Find(key);
  return member && !member->IsNull() ? member : std::nullopt;
}

bool IsKnown(std::string_view name) {
  return name == "details" || name == "generated_text";
}

}  // namespace

core::Status StreamParser::Parse(std::string_view, std::string_view data, EventBatch& out) {
  if (ended_ || data.starts_with("[DONE]")) {
    return {};
  }
  if (!document_.Parse(data) || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  const Value frame = document_.Root();
  if (Stated(frame, "error")) {
    out.push_back({0, ParseErrorValue(frame)});
    return {};
  }
  if (!std::exchange(started_, true)) {
    out.push_back({0, chat::StreamStart{}});
    out.push_back({0, chat::ChoiceStart{}});
  }
  if (const auto token = Stated(frame, "token")) {
    EmitToken(*token, out);
  }
  json::ForEachMember(frame, [&](const Value& key, const Value& value) {
    std::string name = *key.AsString();
    if (!IsKnown(name) && !value.IsNull()) {
      out.push_back(
          {0, chat::UnknownMember{Level::kFrame, 0, {std::move(name), std::string(value.Raw())}}});
    }
  });
  if (Stated(frame, "details") || Stated(frame, "generated_text")) {
    EmitEnd(frame, out);
  }
  return {};
}

void StreamParser::EmitToken(const Value& token, EventBatch& out) {
  const auto text = token.Find("text");
  const auto special = token.Find("special");
  if (!text || !text->IsString() || (special && special->AsBool() == true)) {
    return;
  }
  held_ += *text->AsString();
  const std::size_t ready = held_.size() - TurnAtEnd(held_);
  if (ready > 0) {
    out.push_back({0, chat::TextDelta{held_.substr(0, ready)}});
    held_.erase(0, ready);
  }
}

void StreamParser::EmitEnd(const Value& frame, EventBatch& out) {
  ended_ = true;
  Details details;
  if (const auto value = Stated(frame, "details"); value && value->IsObject()) {
    details = ParseDetails(*value);
  }
  const bool turn = details.finish_reason == "stop_sequence" && held_ == kTurn;
  if (!held_.empty() && !turn) {
    out.push_back({0, chat::TextDelta{std::move(held_)}});
  }
  if (const auto text = Stated(frame, "generated_text")) {
    out.push_back(
        {0, chat::UnknownMember{Level::kFrame, 0, {"generated_text", std::string(text->Raw())}}});
  }
  for (chat::Member& member : details.extra) {
    out.push_back({0, chat::UnknownMember{Level::kChoice, 0, std::move(member)}});
  }
  const chat::FinishReason reason = FinishNamed(details.finish_reason);
  out.push_back({0, chat::Finish{reason, std::move(details.finish_reason)}});
  if (details.usage.tokens.known()) {
    out.push_back({0, std::move(details.usage)});
  }
  out.push_back({0, chat::StreamEnd{}});
}

}  // namespace signalbox::huggingface
