// Canonical events into a stream of Anthropic Messages, whoever they came from.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// message_start goes out with the first thing that is said, so that a head which comes in two
// pieces is one. message_delta waits for the usage that belongs to it: the report in the batch of
// the finish, a later one, or the end of the stream. Blocks are numbered in the order in which they
// begin; a call stays open until its end comes, so that the arguments of several may interleave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/dialects/anthropic/seal.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::anthropic {

class AnthropicStreamRenderer final : public wire::StreamRenderer {
 public:
  explicit AnthropicStreamRenderer(bool own) : own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  enum class Speaking : std::uint8_t { kNothing, kText, kThought };
  struct Call {
    std::int64_t call = 0;
    std::int64_t index = 0;
    bool open = true;
    bool custom = false;  // its arguments are a text, which goes out as {"input":…}
  };

  void One(const chat::Event& event, std::string& out);
  void Take(const chat::StreamStart& start);
  void Take(const chat::UsageReport& usage);
  void Keep(const chat::UnknownMember& unknown, std::string& out);
  void Speak(const chat::ChoiceStart&, std::string&) {}
  void Speak(const chat::TextDelta& delta, std::string& out);
  void Speak(const chat::ReasoningDelta& delta, std::string& out);
  void Speak(const chat::RefusalDelta& delta, std::string& out);
  void Speak(const chat::AudioDelta& delta, std::string& out);
  void Speak(const chat::CitationDelta& delta, std::string& out);
  void Speak(const chat::ToolCallStart& start, std::string& out);
  void Speak(const chat::ToolCallArguments& arguments, std::string& out);
  void Speak(const chat::ToolCallEnd& end, std::string& out);
  void Speak(const chat::WholePart& whole, std::string& out);
  void Speak(const chat::PartEnd&, std::string& out) {
    ClosePart(out);
    beside_.clear();
  }
  void Speak(const chat::LogprobsDelta&, std::string&) {}
  void Speak(const chat::Finish& finish, std::string& out);
  void SpeakText(std::string_view text, std::string& out);
  void SpeakBlock(const std::string& json, std::string& out);
  void End(std::string& out);
  void Fail(const chat::VendorError& error, std::string& out);

  void Open(Speaking what, std::string& out);
  void AppendBeside(std::string& block);  // to a block whose brace is open
  void ClosePart(std::string& out);
  void CloseAll(std::string& out);
  Call* CallAt(std::int64_t call);
  void CloseCall(Call& call, std::string& out);
  void SendInput(std::int64_t index, std::string_view json, std::string& out);

  void StartMessage(std::string& out);
  void BlockStart(std::int64_t index, std::string_view block, std::string& out);
  void BlockStop(std::int64_t index, std::string& out);
  void Delta(std::int64_t index, std::string_view type, std::string_view key, std::string_view text,
             std::string& out);
  void Redacted(const std::string& data, std::string& out);
  void MessageDelta(std::string& out);

  bool own_;
  bool started_ = false;
  bool ended_ = false;
  chat::StreamStart head_;
  chat::UsageReport usage_;
  bool usage_since_finish_ = false;
  std::optional<chat::Finish> finish_;
  bool finish_sent_ = false;
  bool stale_ = false;  // the usage that was sent is not the last one
  Speaking speaking_ = Speaking::kNothing;
  std::int64_t index_ = 0;  // of what is being said
  std::int64_t next_ = 0;   // of the next block
  std::vector<Call> calls_;
  std::optional<Seal> seal_;  // what another vendor wants back, of the thought being said
  chat::Extra kept_;          // for message_start, or for message_delta
  chat::Extra kept_late_;     // for message_stop: message_delta was sent
  chat::Extra beside_;        // of the text or the thought that is to begin
  std::string frame_;         // scratch
};

}  // namespace signalbox::anthropic
