// Canonical events into a stream in Cohere's form.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// Starts and ends of contents and calls are worked out from what is said, so that events of any
// dialect make a whole stream. The reason of the end and the usage wait for the last event. Of
// several choices the first is told; spoken audio and pictures have no words here.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/json/writer.h"
#include "vendors/chat/event.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cohere {

class StreamRenderer : public wire::StreamRenderer {
 public:
  // `own`: the events came in this dialect, so that their extras go out too.
  explicit StreamRenderer(bool own) : own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  friend struct EventRenderer;

  enum class Content : std::uint8_t { kNone, kText, kThinking };

  void Start(std::string& out);
  void Say(Content kind, std::string_view text, std::string& out);
  void Plan(std::string_view text, std::string& out);
  void StartCall(const chat::ToolCallStart& start, std::string& out);
  void Arguments(std::int64_t call, std::string_view text, std::string& out);
  void EndCall(std::string& out);
  void CloseContent(std::string& out);
  void Cite(const chat::Citation& citation, std::string& out);
  void End(std::string_view error, std::string& out);
  void Unknown(json::Writer& out);

  bool own_;
  bool started_ = false;
  bool ended_ = false;
  std::string id_;
  std::span<const chat::Event> batch_;             // while it is rendered
  const chat::LogprobsDelta* logprobs_ = nullptr;  // of the batch
  Content content_ = Content::kNone;               // what is open
  std::int64_t contents_ = 0;                      // begun so far
  std::int64_t citations_ = 0;
  std::optional<std::int64_t> call_;  // what is open
  bool argued_ = false;               // it has arguments
  bool custom_ = false;               // they are free text
  std::optional<chat::Finish> finish_;
  std::optional<chat::UsageReport> usage_;
};

}  // namespace signalbox::cohere
