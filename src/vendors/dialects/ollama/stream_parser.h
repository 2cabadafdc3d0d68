// A stream of Ollama's lines into canonical events; either form.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for a line that is no JSON object; a line with `error` is a
//          chat::StreamError event.
// Cancel:  nothing to undo.
//
// The line that is done ends the stream; a stream without it has no StreamEnd. Each line's
// created_at is an unknown member of it.
#pragma once

#include "base/json/document.h"
#include "vendors/dialects/ollama/frame.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::ollama {

class StreamParser final : public wire::LineParser {
 private:
  core::Status ParseLine(std::string_view line, chat::EventBatch& out) override;
  void EmitSpeech(Frame& frame, chat::EventBatch& out);
  void EmitCalls(Frame& frame, chat::EventBatch& out);
  void EmitEnd(Frame& frame, chat::EventBatch& out);

  json::Document document_;
  std::string model_;
  bool started_ = false;
  std::int64_t calls_ = 0;
};

}  // namespace signalbox::ollama
