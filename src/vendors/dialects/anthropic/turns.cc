#include "vendors/dialects/anthropic/turns.h"

#include <fmt/format.h>

#include <utility>

#include "vendors/dialects/anthropic/render_block.h"
#include "vendors/dialects/anthropic/render_source.h"

namespace signalbox::anthropic {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;

// What a conversation begins with that does not begin with its user.
constexpr std::string_view kOpening = ".";

bool IsSystem(const Message& message) {
  return message.role == Role::kSystem || message.role == Role::kDeveloper;
}

Status CheckPart(const Part& part, const std::string& path) {
  if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    return CheckMedia(*media, path);
  }
  if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
    for (std::size_t i = 0; i < result->parts.size(); ++i) {
      SB_CHECK_OK(CheckPart(result->parts[i], fmt::format("{}.content[{}]", path, i)));
    }
  }
  return {};
}

std::string MadeId(std::size_t number) {
  return fmt::format("call_{}", number);
}

}  // namespace

bool Turn::HasCall() const {
  for (const Part* part : parts) {
    if (std::holds_alternative<chat::ToolCall>(part->content)) {
      return true;
    }
  }
  return false;
}

core::Result<Turns> Turns::Of(const chat::Request& request, std::vector<std::string>& dropped) {
  Turns turns;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    if (IsSystem(request.messages[i])) {
      turns.TakeSystem(request.messages[i]);
    } else {
      SB_CHECK_OK(turns.TakeMessage(request.messages[i], i, dropped));
    }
  }
  turns.Finish();
  return turns;
}

void Turns::TakeSystem(const Message& message) {
  bool apart = !system_text_.empty();
  for (const Part& part : message.parts) {
    const auto* piece = std::get_if<chat::Text>(&part.content);
    if (piece != nullptr && !piece->text.empty()) {
      system_text_.append(apart ? "\n\n" : "").append(piece->text);
      system_.push_back(&part);
      apart = false;
    }
  }
}

Status Turns::TakeMessage(const Message& message, std::size_t index,
                          std::vector<std::string>& dropped) {
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const Part& part = message.parts[i];
    const auto path = [&] { return fmt::format("messages[{}].content[{}]", index, i); };
    if (MakesBlock(part, {})) {
      if (std::holds_alternative<chat::Media>(part.content) ||
          std::holds_alternative<chat::ToolResult>(part.content)) {
        SB_CHECK_OK(CheckPart(part, path()));
      }
      Place(part, message);
    } else if (std::holds_alternative<chat::Reasoning>(part.content)) {
      dropped.push_back(path());
    }
  }
  return {};
}

void Turns::Place(const Part& part, const Message& message) {
  const bool result = std::holds_alternative<chat::ToolResult>(part.content);
  Turn& turn = TurnOf(result || message.role != Role::kAssistant);
  const Part* placed = WithId(part);
  if (message.cache && &part == &message.parts.back() && !part.cache) {
    made_.push_back(*placed);
    made_.back().cache = message.cache;
    placed = &made_.back();
  }
  (result ? turn.results : turn.parts).push_back(placed);
}

Turn& Turns::TurnOf(bool user) {
  if (turns_.empty() || turns_.back().user != user) {
    turns_.push_back({.user = user, .results = {}, .parts = {}});
  }
  return turns_.back();
}

// Calls without an id get one, and the results of that name the same.
const Part* Turns::WithId(const Part& part) {
  if (const auto* call = std::get_if<chat::ToolCall>(&part.content); call && call->id.empty()) {
    made_.push_back(part);
    std::get<chat::ToolCall>(made_.back().content).id = MadeId(unnamed_.size());
    unnamed_.push_back(call->name);
    answered_.push_back(false);
    return &made_.back();
  }
  const auto* result = std::get_if<chat::ToolResult>(&part.content);
  if (result == nullptr || !result->call_id.empty()) {
    return &part;
  }
  for (std::size_t i = 0; i < unnamed_.size(); ++i) {
    if (!answered_[i] && unnamed_[i] == result->name) {
      answered_[i] = true;
      made_.push_back(part);
      std::get<chat::ToolResult>(made_.back().content).call_id = MadeId(i);
      return &made_.back();
    }
  }
  return &part;
}

// The user speaks first; what the assistant is to go on with does not end in white space.
void Turns::Finish() {
  if (turns_.empty() || !turns_.front().user) {
    made_.push_back({.content = chat::Text{std::string(kOpening), {}}});
    turns_.insert(turns_.begin(), {.user = true, .results = {}, .parts = {&made_.back()}});
  }
  Turn& last = turns_.back();
  const auto* text = last.user ? nullptr : std::get_if<chat::Text>(&last.parts.back()->content);
  if (text == nullptr) {
    return;
  }
  const std::size_t end = text->text.find_last_not_of(" \t\r\n");
  if (end + 1 == text->text.size()) {
    return;
  }
  made_.push_back(*last.parts.back());
  auto& kept = std::get<chat::Text>(made_.back().content).text;
  kept.resize(end == std::string::npos ? 0 : end + 1);
  last.parts.back() = &made_.back();
  if (kept.empty()) {
    last.parts.pop_back();
  }
  if (last.parts.empty()) {
    turns_.pop_back();
  }
}

bool Turns::system_has_marker() const {
  for (const Part* part : system_) {
    if (part->cache) {
      return true;
    }
  }
  return false;
}

bool Turns::InLoopWithoutThought() const {
  if (turns_.size() < 2 || turns_.back().results.empty()) {
    return false;
  }
  const Turn& before = turns_[turns_.size() - 2];
  return before.HasCall() && !std::holds_alternative<chat::Reasoning>(before.parts[0]->content);
}

}  // namespace signalbox::anthropic
