// A stream of streamGenerateContent?alt=sse: each event is an answer in small.
//
// Owner:   one per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for a frame that is no JSON object.
// Cancel:  nothing to undo.
//
// There is no end marker: the stream has ended well when a finishReason (or a refused prompt) was
// seen before it closed. Usage comes with each frame and replaces the one before.
#pragma once

#include <string>
#include <vector>

#include "vendors/dialects/gemini/call_ids.h"
#include "vendors/dialects/gemini/parse_part.h"
#include "vendors/dialects/gemini/partial_args.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::gemini {

class StreamParser : public wire::SseParser {
 protected:
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;
  core::Status Close(chat::EventBatch& out) override;

 private:
  struct Choice {
    std::int64_t index = 0;
    std::int64_t calls = 0;
    bool has_open_call = false;
    PartialArgs open_args = {};
    bool finished = false;
  };

  void ParseFrame(const json::Value& frame, chat::EventBatch& out);
  void ParseHead(const json::Value& frame, chat::EventBatch& out);
  void ParseMember(std::string_view name, const json::Value& value, chat::EventBatch& out);
  void ParseCandidate(const json::Value& candidate, std::int64_t position, chat::EventBatch& out);
  void ParseContent(const json::Value& content, Choice& choice, chat::EventBatch& out);
  void ParseParts(const json::Value& parts, Choice& choice, chat::EventBatch& out);
  bool ParseTextPart(const json::Value& part, Choice& choice, chat::EventBatch& out);
  void ParseOtherPart(const json::Value& part, Choice& choice, chat::EventBatch& out);
  void ParseCall(const json::Value& part, const json::Value& call, Choice& choice,
                 chat::EventBatch& out);
  void CloseCall(Choice& choice, chat::EventBatch& out);
  void ParseFinish(std::string_view word, Choice& choice, chat::EventBatch& out);
  Choice& ChoiceAt(std::int64_t index, chat::EventBatch& out);

  json::Document document_;
  CallIds ids_;
  chat::StreamStart head_;
  std::vector<Choice> choices_;
  std::string scratch_;
  bool started_ = false;
  bool ended_ = false;  // by a finish or an error
};

}  // namespace signalbox::gemini
