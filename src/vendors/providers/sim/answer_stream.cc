#include "vendors/providers/sim/answer_stream.h"

#include <string>
#include <string_view>

#include "vendors/providers/sim/answerer.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

chat::Event TokenEvent(const chat::Choice& choice, const chat::Part& part, std::int64_t call,
                       std::string token) {
  if (std::holds_alternative<chat::ToolCall>(part.content)) {
    return {choice.index, chat::ToolCallArguments{call, std::move(token)}};
  }
  if (std::holds_alternative<chat::Refusal>(part.content)) {
    return {choice.index, chat::RefusalDelta{std::move(token)}};
  }
  if (std::holds_alternative<chat::Reasoning>(part.content)) {
    chat::ReasoningDelta delta;
    delta.text = std::move(token);
    return {choice.index, std::move(delta)};
  }
  return {choice.index, chat::TextDelta{std::move(token)}};
}

}  // namespace

AnswerStream::AnswerStream(chat::Response answer, bool with_usage)
    : answer_(std::move(answer)),
      cursors_(answer_.choices.size()),
      open_(answer_.choices.size()),
      with_usage_(with_usage) {}

bool AnswerStream::Next(chat::EventBatch& out) {
  out.clear();
  if (!begun_) {
    begun_ = true;
    out.push_back({0, chat::StreamStart{.id = answer_.id,
                                        .model = answer_.model,
                                        .created = answer_.created,
                                        .service_tier = {},
                                        .system_fingerprint = answer_.system_fingerprint}});
  }
  if (open_ == 0) {
    return Close(out);
  }
  while (cursors_[turn_].done) {
    turn_ = (turn_ + 1) % cursors_.size();
  }
  Step(answer_.choices[turn_], cursors_[turn_], out);
  turn_ = (turn_ + 1) % cursors_.size();
  return true;
}

void AnswerStream::Step(const chat::Choice& choice, Cursor& cursor, chat::EventBatch& out) {
  if (!cursor.begun) {
    cursor.begun = true;
    out.push_back({choice.index, chat::ChoiceStart{}});
    if (!choice.parts.empty() && std::holds_alternative<chat::Text>(choice.parts[0].content)) {
      out.push_back({choice.index, chat::TextDelta{}});
    }
    return;
  }
  StepPart(choice, cursor, out);
}

void AnswerStream::StepPart(const chat::Choice& choice, Cursor& cursor, chat::EventBatch& out) {
  for (; cursor.part < choice.parts.size(); ++cursor.part, cursor.offset = 0) {
    const chat::Part& part = choice.parts[cursor.part];
    const auto* call = std::get_if<chat::ToolCall>(&part.content);
    if (call != nullptr && !cursor.call_begun) {
      cursor.call_begun = true;
      out.push_back({choice.index, chat::ToolCallStart{.call = cursor.call,
                                                       .id = call->id,
                                                       .name = call->name,
                                                       .kind = call->kind,
                                                       .signature = {}}});
      out.push_back({choice.index, chat::ToolCallArguments{cursor.call, {}}});
      return;
    }
    const std::string_view rest = StreamedText(part).substr(cursor.offset);
    if (!rest.empty()) {
      const std::size_t size = FirstTokenSize(rest);
      out.push_back(TokenEvent(choice, part, cursor.call, std::string(rest.substr(0, size))));
      cursor.offset += size;
      position_ = cursor.tokens++;
      ++tokens_;
      return;
    }
    if (call != nullptr) {
      out.push_back({choice.index, chat::ToolCallEnd{cursor.call++}});
      cursor.call_begun = false;
    }
  }
  out.push_back({choice.index, chat::Finish{choice.finish, {}, {}}});
  cursor.done = true;
  --open_;
}

bool AnswerStream::Close(chat::EventBatch& out) {
  if (with_usage_ && answer_.usage) {
    with_usage_ = false;
    out.push_back({0, *answer_.usage});
    return true;
  }
  if (ended_) {
    return false;
  }
  ended_ = true;
  out.push_back({0, chat::StreamEnd{}});
  return true;
}

}  // namespace signalbox::sim
