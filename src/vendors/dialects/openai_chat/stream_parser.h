// A stream in OpenAI Chat's form into canonical events, frame by frame.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for data that is no JSON object; an error that the vendor states is a
//          chat::StreamError event.
// Cancel:  nothing to undo.
#pragma once

#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/event.h"
#include "vendors/dialects/openai_chat/parse_delta.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::openai_chat {

class StreamParser final : public wire::SseParser {
 public:
  // Appends what one server-sent event means to `out`; `type` is its event field.
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;

 private:
  struct Choice {
    std::int64_t index = 0;
    DeltaState state;
  };

  void ParseFrame(const json::Value& frame, chat::EventBatch& out);
  void ParseHead(const json::Value& frame, chat::EventBatch& out);
  void ParseChoice(const json::Value& choice, std::int64_t position, chat::EventBatch& out);
  Choice& ChoiceAt(std::int64_t index);

  json::Document document_;
  chat::StreamStart head_;
  bool started_ = false;
  std::vector<Choice> choices_;
};

}  // namespace signalbox::openai_chat
