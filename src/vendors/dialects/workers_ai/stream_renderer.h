// Canonical events into a stream of Workers AI: text, calls and usage in its own words; thoughts,
// and why it ends when that is not the end of a turn, in OpenAI Chat's. Events that came in this
// dialect go out in the words that they came in.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vendors/dialects/openai_chat/stream_renderer.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::workers_ai {

class StreamRenderer final : public wire::StreamRenderer {
 public:
  explicit StreamRenderer(bool own) : own_(own), native_(!own), chat_(own, wire::AnswerTerms{}) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  struct OpenCall {
    std::int64_t call = 0;
    chat::Part part;
  };

  void RenderChat(std::span<const chat::Event> events, bool says_so, std::string& out);
  void TakeOne(const chat::Event& event, std::string& out);
  void TakeCall(const chat::ToolCallStart& start);
  void CloseCall(std::int64_t call);
  void CloseCalls();
  void TakeReasoning(const chat::ReasoningDelta& delta, std::string& out);
  void TakeUnknown(const chat::UnknownMember& unknown);
  void Flush(std::string& out);
  void End(std::string& out);

  bool own_;
  bool native_;  // which words are spoken
  bool ended_ = false;
  openai_chat::StreamRenderer chat_;
  // What the frame says.
  std::string text_;
  std::vector<OpenCall> ready_;
  chat::Extra extra_;
  std::optional<chat::UsageReport> usage_;
  std::string frame_;  // scratch
  // What waits.
  std::vector<OpenCall> calls_;
  std::string finish_;  // a word that Workers AI has no words for
};

}  // namespace signalbox::workers_ai
