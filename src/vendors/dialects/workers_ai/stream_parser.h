// A stream of Workers AI into canonical events: frames in its own words, in OpenAI Chat's, or both.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for data that is no JSON object; an error that the vendor states is a
//          chat::StreamError event.
// Cancel:  nothing to undo.
//
// Frames of its own say nothing of why they end: [DONE] is the end of the turn, or of its calls. A
// stream that has said why it ends needs no [DONE]. Where the words change, an unknown member
// kStreamForm says to whose, for the renderer of this dialect.
#pragma once

#include <optional>
#include <vector>

#include "base/json/document.h"
#include "vendors/dialects/openai_chat/stream_parser.h"
#include "vendors/dialects/wire/stream.h"
#include "vendors/dialects/workers_ai/native.h"

namespace signalbox::workers_ai {

inline constexpr std::string_view kStreamForm = "workers_ai.form";
inline constexpr std::string_view kNativeForm = R"("native")";
inline constexpr std::string_view kChatForm = R"("chat")";

class StreamParser final : public wire::SseParser {
 private:
  struct Call {
    std::int64_t index = -1;  // as the vendor counts
    bool open = true;
  };

  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;
  core::Status Close(chat::EventBatch& out) override;
  core::Status ParseChat(std::string_view type, std::string_view data, chat::EventBatch& out);
  core::Status ParseNative(const json::Value& frame, chat::EventBatch& out);
  void EmitCalls(Native& native, chat::EventBatch& out);
  void Switch(std::string_view form, chat::EventBatch& out);
  void CloseCalls(chat::EventBatch& out);
  void Finish(chat::EventBatch& out);
  void EmitUsage(chat::EventBatch& out);
  std::size_t PlaceOf(std::int64_t index, const chat::ToolCall& call);

  json::Document document_;
  openai_chat::StreamParser chat_;
  std::string_view form_ = kChatForm;
  bool started_ = false;
  bool finished_ = false;
  bool ended_ = false;
  std::size_t frames_ = 0;
  std::vector<Call> calls_;
  std::optional<chat::UsageReport> usage_;  // comes after Finish
};

}  // namespace signalbox::workers_ai
