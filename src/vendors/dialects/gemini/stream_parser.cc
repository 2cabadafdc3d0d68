#include "vendors/dialects/gemini/stream_parser.h"

#include <utility>

#include "vendors/dialects/gemini/errors.h"
#include "vendors/dialects/gemini/grounding.h"
#include "vendors/dialects/gemini/logprobs.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/parse_answer.h"
#include "vendors/dialects/gemini/usage_form.h"

namespace signalbox::gemini {
namespace {

using chat::EventBatch;
using chat::Level;
using core::Status;
using json::Value;

void Keep(Level level, std::int64_t choice, std::string_view name, const Value& value,
          EventBatch& out) {
  out.push_back(
      {choice, chat::UnknownMember{level, 0, {std::string(name), std::string(value.Raw())}}});
}

// Sets `out` when `value` is another text; true when it changed.
bool Update(const Value& value, std::string& scratch, std::string& out) {
  const auto text = value.AsText(scratch);
  if (!text || *text == out) {
    return false;
  }
  out = std::string(*text);
  return true;
}

}  // namespace

Status StreamParser::Parse(std::string_view, std::string_view data, EventBatch& out) {
  if (data.starts_with("[DONE]")) {  // not Google's, but of some that speak its form
    return {};
  }
  if (!document_.Parse(data)) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  Value frame = document_.Root();
  if (frame.IsArray() && frame.FirstChild()) {
    frame = *frame.FirstChild();  // an error may come in a list
  }
  if (!frame.IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  ParseFrame(frame, out);
  return {};
}

void StreamParser::ParseFrame(const Value& frame, EventBatch& out) {
  ParseHead(frame, out);
  std::optional<Value> usage;
  std::optional<Value> error;
  json::ForEachMember(frame, [&](const Value& key, const Value& value) {
    const std::string_view name = *key.AsText(scratch_);
    if (name == "usageMetadata" && value.IsObject()) {
      usage = value;
    } else if (name == "error" && !value.IsNull()) {
      error = value;
    } else {
      ParseMember(name, value, out);
    }
  });
  if (IsBlocked(frame)) {
    Choice& choice = ChoiceAt(0, out);
    ended_ = choice.finished = true;
    out.push_back({0, chat::Finish{chat::FinishReason::kContentFilter, {}, {}}});
  }
  if (usage) {
    out.push_back({0, ParseUsage(*usage)});
  }
  if (error) {
    ended_ = true;
    out.push_back({0, ParseErrorValue(*error)});
  }
}

void StreamParser::ParseMember(std::string_view name, const Value& value, EventBatch& out) {
  if (name == "candidates" && value.IsArray()) {
    std::int64_t position = 0;
    json::ForEachElement(
        value, [&](const Value& candidate) { ParseCandidate(candidate, position++, out); });
  } else if (!value.IsNull() && name != "candidates" && name != "usageMetadata" &&
             name != "modelVersion" && name != "responseId") {
    Keep(Level::kFrame, 0, name, value, out);
  }
}

void StreamParser::ParseHead(const Value& frame, EventBatch& out) {
  bool changed = !started_;
  if (const auto model = frame.Find("modelVersion")) {
    changed |= Update(*model, scratch_, head_.model);
  }
  if (const auto id = frame.Find("responseId"); id && Update(*id, scratch_, head_.id)) {
    ids_.NameAnswer(head_.id);
    changed = true;
  }
  if (const auto usage = frame.Find("usageMetadata"); usage && head_.service_tier.empty()) {
    head_.service_tier = TierOf(*usage);
    changed |= !head_.service_tier.empty();
  }
  if (const auto time = frame.Find("createTime"); time && !head_.created && time->IsString()) {
    head_.created = SecondsOf(*time->AsString());
  }
  if (changed && !frame.Find("error")) {
    started_ = true;
    out.push_back({0, head_});
  }
}

StreamParser::Choice& StreamParser::ChoiceAt(std::int64_t index, EventBatch& out) {
  for (Choice& choice : choices_) {
    if (choice.index == index) {
      return choice;
    }
  }
  out.push_back({index, chat::ChoiceStart{}});
  return choices_.emplace_back(Choice{.index = index});
}

void StreamParser::ParseCandidate(const Value& candidate, std::int64_t position, EventBatch& out) {
  if (!candidate.IsObject()) {
    return;
  }
  const auto number = candidate.Find("index");
  const std::int64_t index = number ? number->AsInt().value_or(position) : position;
  Choice& choice = ChoiceAt(index, out);
  if (const auto content = candidate.Find("content"); content && content->IsObject()) {
    ParseContent(*content, choice, out);
  }
  json::ForEachMember(candidate, [&](const Value& key, const Value& value) {
    const std::string_view name = *key.AsText(scratch_);
    if (name == "content" || name == "index" || value.IsNull()) {
      return;
    }
    if (name == "finishReason") {
      ParseFinish(value.AsString().value_or(""), choice, out);
      return;
    }
    Keep(Level::kChoice, index, name, value, out);
    if (name == "logprobsResult") {
      out.push_back({index, chat::LogprobsDelta{LogprobsOf(value)}});
    } else if (name == "groundingMetadata" || name == "citationMetadata") {
      for (chat::Citation& citation : CitationsOf(candidate, {})) {
        out.push_back({index, chat::CitationDelta{std::move(citation)}});
      }
    }
  });
}

void StreamParser::ParseContent(const Value& content, Choice& choice, EventBatch& out) {
  json::ForEachMember(content, [&](const Value& key, const Value& value) {
    const std::string_view name = *key.AsText(scratch_);
    if (name == "parts" && value.IsArray()) {
      ParseParts(value, choice, out);
    } else if (name != "role" && name != "parts" && !value.IsNull()) {
      Keep(Level::kDelta, choice.index, name, value, out);
    }
  });
}

void StreamParser::ParseFinish(std::string_view word, Choice& choice, EventBatch& out) {
  chat::FinishReason reason = FinishNamed(word);
  if (reason == chat::FinishReason::kUnset || choice.finished) {
    return;
  }
  CloseCall(choice, out);
  ended_ = choice.finished = true;
  if (reason == chat::FinishReason::kStop && choice.calls > 0) {
    reason = chat::FinishReason::kToolCalls;
  }
  out.push_back({choice.index, chat::Finish{reason, std::string(word), {}}});
}

Status StreamParser::Close(EventBatch& out) {
  if (ended_) {
    out.push_back({0, chat::StreamEnd{}});
  }
  return {};
}

}  // namespace signalbox::gemini
