// Events in, binary frames of Converse out.
//
// Owner:   one per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// Converse sends usage after messageStop, once: it is held until the stream ends, and so are the
// members of metadata. Blocks are numbered as they begin. Several calls may be open at once; a text
// or a thought ends when anything else begins. Only the first choice is told of.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::bedrock {

class StreamRenderer final : public wire::StreamRenderer {
 public:
  explicit StreamRenderer(bool own) : own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  enum class Kind : std::uint8_t { kNone, kText, kThought };
  struct Call {
    std::int64_t call = 0;  // as the events count
    std::int64_t block = 0;
    bool has_input = false;
    bool custom = false;  // its arguments are a text, which goes out as {"input":…}
  };

  // One for each kind of event.
  void Take(const chat::StreamStart& start);
  void Take(const chat::ChoiceStart&) { Begin(); }
  void Take(const chat::TextDelta& delta);
  void Take(const chat::ReasoningDelta& delta);
  void Take(const chat::RefusalDelta& delta) { Take(chat::TextDelta{delta.text}); }
  void Take(const chat::ToolCallStart& start);
  void Take(const chat::ToolCallArguments& arguments);
  void Take(const chat::ToolCallEnd& end);
  void Take(const chat::CitationDelta& delta);
  void Take(const chat::AudioDelta&) {}  // Converse speaks no sound
  void Take(const chat::WholePart& whole);
  void Take(const chat::PartEnd&) { CloseBlock(); }
  void Take(const chat::LogprobsDelta&) {}
  void Take(const chat::Finish& finish);
  void Take(const chat::UsageReport& usage);
  void Take(const chat::StreamError& error);
  void Take(const chat::StreamEnd&);
  void Take(const chat::UnknownMember& unknown);

  void Begin();
  std::int64_t Open(Kind kind);
  void CloseBlock();
  void Hold(const chat::ReasoningDelta& delta);
  void SendThought(std::string_view key, std::string_view text);
  void CloseCall(const Call& call);
  void CloseCalls();
  void SendInput(std::int64_t block, std::string_view json);
  void Stop(std::int64_t block);
  void SendMessageStop();
  void SendMetadata();
  void SendSplit(const chat::Part& part);
  // write(writer) writes the value of `member` in a frame of the block.
  template <typename Write>
  void Send(std::string_view type, std::string_view member, std::int64_t block, Write write);
  template <typename Write>
  void SendDelta(std::int64_t block, Write write);
  void SendFrame(std::string_view type);

  bool own_;
  std::string* out_ = nullptr;  // while rendering
  std::string json_;            // of the frame that is being made
  bool begun_ = false;
  bool ended_ = false;
  bool finished_ = false;     // a Finish has come
  bool stop_is_due_ = false;  // and messageStop has not gone out
  chat::Finish finish_;
  chat::Extra stop_members_;
  chat::Extra metadata_;
  std::optional<chat::UsageReport> usage_;
  std::string tier_;
  Kind open_ = Kind::kNone;
  std::int64_t block_ = 0;  // of what is open
  std::int64_t blocks_ = 0;
  std::vector<Call> calls_;
  std::optional<chat::Reasoning> held_;  // what another vendor wants back of the thought
};

}  // namespace signalbox::bedrock
