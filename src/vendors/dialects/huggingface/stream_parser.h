// A stream of HuggingFace's servers into canonical events, a token a frame.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for data that is no JSON object; an error that the vendor states is a
//          chat::StreamError event.
// Cancel:  nothing to undo.
//
// The frame with generated_text or details is the last. Special tokens (</s>) are no text. What may
// be the beginning of the user's turn is held until it is not.
#pragma once

#include <string>

#include "base/json/document.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::huggingface {

class StreamParser final : public wire::SseParser {
 private:
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;
  void EmitToken(const json::Value& token, chat::EventBatch& out);
  void EmitEnd(const json::Value& frame, chat::EventBatch& out);

  json::Document document_;
  bool started_ = false;
  bool ended_ = false;
  std::string held_;
};

}  // namespace signalbox::huggingface
