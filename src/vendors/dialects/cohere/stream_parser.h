// A stream in Cohere's form into canonical events, frame by frame.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for data that is no JSON object; an error that Cohere states in the
//          last event is a chat::StreamError.
// Cancel:  nothing to undo.
//
// message-end is the end; the [DONE] after it says nothing more. A part of the content is over when
// the next one begins, because its citations may come after its end. What has no place of its own
// goes as chat::UnknownMember: of an event at Level::kDelta, an event as a whole (debug) at kFrame
// under its type.
#pragma once

#include <vector>

#include "vendors/chat/event.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::cohere {

class StreamParser : public wire::SseParser {
 protected:
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;

 private:
  // What of the message is being spoken.
  enum class Open : std::uint8_t { kNothing, kContent, kPlan };
  struct Call {
    std::int64_t index = 0;
    std::string held;    // the start of arguments that may still be "null"
    bool spoke = false;  // some have gone out
  };

  void ParseEvent(std::string_view type, const json::Value& event, chat::EventBatch& out);
  void ParseStart(const json::Value& event, const json::Value& message, chat::EventBatch& out);
  void ParseContent(const json::Value& content, chat::EventBatch& out);
  void ParsePlan(const json::Value& message, chat::EventBatch& out);
  void ParseCallStart(std::int64_t index, const json::Value& call, chat::EventBatch& out);
  void ParseArguments(std::int64_t index, const json::Value& call, chat::EventBatch& out);
  void EndCall(std::int64_t index, chat::EventBatch& out);
  void ParseEnd(const json::Value& delta, chat::EventBatch& out);
  void Begin(Open open, chat::EventBatch& out);

  json::Document document_;
  Open open_ = Open::kNothing;
  std::vector<Call> calls_;
};

}  // namespace signalbox::cohere
