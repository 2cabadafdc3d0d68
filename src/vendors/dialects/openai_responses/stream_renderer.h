// Canonical events into a stream in the form of OpenAI Responses.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
//
// Every item is begun, spoken and ended by events of its own, and stands whole in its last one and
// in the response that ends the stream. Of several choices the first is told. In the same dialect
// items keep their ids, order and members, and what has no place in the canonical form goes out as
// it came (stream_parser.h).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/response.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_responses {

class StreamRenderer : public wire::StreamRenderer {
 public:
  explicit StreamRenderer(bool own) : own_(own) {}

  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  // A message or a reasoning item that is being spoken; its last part is.
  struct Spoken {
    std::int64_t index = 0;
    std::string id;
    bool thought = false;
    bool part_open = false;
    bool ending = false;  // another vendor's part has ended; what belongs to it may still come
    std::vector<chat::Part> parts = {};
  };
  struct Call {
    std::int64_t number = 0;
    std::int64_t index = 0;
    std::string id;
    chat::Part part;
    bool done = false;
  };
  // An item that its own vendor has announced.
  struct Announced {
    std::int64_t index = 0;
    std::string type;
    std::string id;
  };
  friend struct EventTaker;

  void Take(const chat::Event& event);
  void TakeUnknown(const chat::UnknownMember& unknown);
  void TakeItem(const chat::UnknownMember& unknown);
  void TakeWhole(const chat::Part& part);
  void TakeRaw(const chat::RawPart& raw);
  void TakePicture(const chat::Part& part);
  void Speak(const chat::Part& part);

  void SayText(std::string_view text);
  void SayRefusal(std::string_view text);
  void Think(const chat::ReasoningDelta& delta);
  void Cite(const chat::Citation& citation);
  void BeginCall(const chat::ToolCallStart& start);
  void Argue(const chat::ToolCallArguments& arguments);
  void EndCall(const chat::ToolCallEnd& end);
  void EndPart(const chat::PartEnd& end);
  void Fail(const chat::VendorError& error);
  void EndStream();

  void EnsureStarted();
  Spoken& OpenItem(bool thought, const chat::Part& first);
  // The part that is being spoken: the last one when it is a T, else a new one.
  template <typename T>
  chat::Part& OpenPart(bool thought, bool summary);
  void ClosePart();
  void CloseItem(std::string item);
  void FinishCall(Call& call, std::string item);
  Call* FindCall(std::int64_t number);
  std::optional<Announced> TakeAnnounced(std::string_view type, std::string_view id);

  void WriteAdded(std::int64_t index, std::string_view item);
  void WriteDone(std::int64_t index, std::string item);
  void WritePart(std::string_view event, const chat::Part& part);
  void WriteText(std::string_view event, std::string_view key, std::string_view text);
  void WriteResponse(std::string_view event, std::string_view status, std::string_view reason,
                     std::string_view output);
  // Begins a frame in frame_; Send ends it.
  json::Writer Frame(std::string_view event);
  void Send(std::string_view event, json::Writer& frame);
  void Place(std::int64_t index, std::string_view id, json::Writer& frame) const;
  std::int64_t PartIndex() const;

  bool own_;
  chat::Response head_;
  chat::Finish finish_{chat::FinishReason::kUnset, {}};
  std::int64_t sequence_ = 0;
  std::int64_t next_index_ = 0;
  bool started_ = false;
  bool ended_ = false;
  std::optional<Spoken> spoken_;
  std::vector<Call> calls_;
  std::vector<Announced> announced_;
  std::vector<std::string> items_;    // whole ones, by output index
  const std::string* logprobs_ = {};  // of the text in the batch at hand
  std::string frame_;
  std::string* out_ = nullptr;
};

}  // namespace signalbox::openai_responses
