// Canonical events into a stream of HuggingFace's servers: a batch in, a token out. What has no
// text (thoughts, calls, pictures) has no place here.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <string>

#include "vendors/chat/event.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::huggingface {

class StreamRenderer final : public wire::StreamRenderer {
 public:
  // `own`: the events came in this dialect, so that its tokens go out as they came.
  explicit StreamRenderer(bool own) : own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  void TakeOne(const chat::Event& event, std::string& out);
  void Say(std::string_view text);
  void Flush(std::string& out);
  void End(std::string& out);
  void WriteFrame(bool last, std::string& out);

  bool own_;
  bool ended_ = false;
  std::int64_t index_ = 0;
  std::string text_;         // that the frame says
  chat::Extra members_;      // of the frame, as they came: index, token, …
  std::string all_;          // that was said
  chat::RawJson generated_;  // the same, as it came
  chat::Extra details_;
  std::string finish_;
  std::optional<chat::UsageReport> usage_;
  std::string frame_;  // scratch
};

}  // namespace signalbox::huggingface
