// Other vendors' events into a stream as Mistral's clients read it: every frame a chunk with a
// choice, a call whole in one of them, why a choice ended and what was used in the last.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/event.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::mistral {

// Mistral's word for it.
std::string_view FinishName(chat::FinishReason reason);

class StreamRenderer final : public wire::StreamRenderer {
 public:
  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  // A call whose arguments are still coming: its name and they go out together.
  struct Call {
    std::int64_t choice = 0;
    std::int64_t call = 0;
    std::string id;
    std::string name;
    std::string arguments;
    chat::CallKind kind = chat::CallKind::kFunction;
  };
  struct Visitor;

  void Begin(std::int64_t choice, std::string& out);
  void Say(std::int64_t choice, std::string_view text, std::string& out);
  void Think(std::int64_t choice, std::string_view text, std::string& out);
  void Show(std::int64_t choice, const chat::Part& part, std::string& out);
  void SendCall(const Call& call, std::string& out);
  void SendCalls(std::optional<std::int64_t> choice, std::string& out);
  void End(std::string& out);

  json::Writer OpenFrame(std::string& out);
  json::Writer OpenDelta(std::int64_t choice, std::string& out);
  static void CloseDelta(json::Writer& writer, std::string& out);

  chat::StreamStart head_;
  std::string opening_;                                 // of every frame; empty: to be made
  std::map<std::int64_t, chat::FinishReason> choices_;  // that have begun
  std::vector<Call> calls_;
  std::optional<chat::UsageReport> usage_;
  bool failed_ = false;
};

}  // namespace signalbox::mistral
