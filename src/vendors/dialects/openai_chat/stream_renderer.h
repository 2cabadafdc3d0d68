// Canonical events into a stream in OpenAI Chat's form: a batch in, a frame out.
//
// Owner:   one renderer per stream.
// Threads: none of its own.
// Errors:  none.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vendors/chat/event.h"
#include "vendors/dialects/openai_chat/chunk.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_chat {

class StreamRenderer final : public wire::StreamRenderer {
 public:
  // `own`: the events came in this dialect, so that their extras go out too, and usage where it
  // came. From elsewhere it comes in a last chunk without choices, as OpenAI sends it.
  StreamRenderer(bool own, const wire::AnswerTerms& terms)
      : own_(own), with_usage_(terms.include_usage) {}

  // At most one chunk, then the usage, an error, [DONE]. Events that this dialect has no word for
  // (the end of a call) make none.
  void Render(std::span<const chat::Event> events, std::string& out) override;
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override;

 private:
  void RenderChunk(const Chunk& chunk, std::string& out);
  void TakeUsage(Chunk& chunk);
  void BeginChoices(Chunk& chunk);

  bool own_;
  bool with_usage_;
  chat::StreamStart head_;
  std::string opening_;              // what every chunk begins with; empty: to be made
  std::vector<std::int64_t> begun_;  // choices that have begun to speak
  std::vector<ChoiceMemory> memory_;
  std::optional<chat::UsageReport> usage_;  // held back until the end
};

}  // namespace signalbox::openai_chat
