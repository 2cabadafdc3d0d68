// Canonical events into a stream of generateContent, whoever they came from.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// A batch makes one frame. Calls go out whole: they wait for their end, or for the finish. A finish
// that is not Google's waits for the usage that belongs to it: the report in its batch, a later
// one, or the end of the stream.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gemini {

class StreamRenderer final : public wire::StreamRenderer {
 public:
  StreamRenderer(bool own, wire::Framing framing)
      : own_(own), as_array_(framing == wire::Framing::kJsonArray) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  struct Call {
    std::int64_t number = 0;
    chat::ToolCall call;
    chat::Extra extra;
    bool told = false;
  };
  struct Choice {
    std::int64_t index = 0;
    std::vector<Call> calls = {};
    std::string finish = {};  // Google's word, not told yet
    std::string said = {};    // foreign text, which the places of citations count in
    std::vector<chat::Citation> citations = {};
    // Of the frame in the making.
    std::string parts = {};    // JSON, commas between
    std::string members = {};  // ",\"key\":value"
    std::string content = {};  // the same, inside "content"
    bool told = false;
  };

  void Take(const chat::Event& event);
  void Speak(Choice& choice, const chat::TextDelta& delta);
  void Speak(Choice& choice, const chat::ReasoningDelta& delta);
  void Speak(Choice& choice, const chat::AudioDelta& delta);
  void Speak(Choice& choice, const chat::WholePart& whole);
  void Speak(Choice& choice, const chat::LogprobsDelta& delta);
  void Begin(Choice& choice, const chat::ToolCallStart& start);
  void End(Choice& choice, Call& call);
  void End(Choice& choice, const chat::PartEnd& end);
  void Finish(Choice& choice, const chat::Finish& finish);
  void Keep(Choice& choice, const chat::UnknownMember& unknown);
  void AddPart(Choice& choice, const chat::Part& part);

  bool Due() const;
  void Flush(std::string& out);
  bool WriteCandidate(Choice& choice, std::string& out);
  void WriteFrame(std::string_view json, std::string& out);
  void WriteEnd(std::string& out);
  Choice& ChoiceAt(std::int64_t index);

  const bool own_;
  const bool as_array_;
  std::vector<Choice> choices_;
  std::string id_;
  std::string model_;
  std::optional<chat::UsageReport> usage_;  // not told yet
  std::string members_;                     // of the frame in the making
  std::string frame_;
  std::optional<chat::VendorError> error_;
  bool usage_now_ = false;  // usage_ came in this batch
  bool ending_ = false;     // StreamEnd came in this batch
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace signalbox::gemini
