// A stream of Anthropic Messages into canonical events, event by event.
//
// Owner:   one parser per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for data that is no JSON object; an error that the vendor states is a
//          chat::StreamError event.
// Cancel:  nothing to undo.
//
// A block of a kind that the canonical form does not know is held until it is whole. Usage comes
// twice: as far as it is known at the start, and whole at the end. Unknown members: kDelta are of
// the text or thought that begins, kChoice whole frames of an unknown type, kFrame the message's.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/document.h"
#include "vendors/dialects/wire/stream.h"

namespace signalbox::anthropic {

inline void Push(chat::EventBatch& out, auto&& what) {
  out.push_back({0, std::forward<decltype(what)>(what)});
}

class AnthropicStreamParser final : public wire::SseParser {
 protected:
  core::Status Parse(std::string_view type, std::string_view data, chat::EventBatch& out) override;

 private:
  enum class Kind : std::uint8_t { kText, kThought, kCall, kRaw };

  // A block between its start and its stop.
  struct Block {
    std::int64_t index = 0;
    Kind kind = Kind::kText;
    std::int64_t call = 0;  // kCall: which
    bool said = false;      // something of it came: text, or arguments of a call
    std::string type;       // kRaw
    chat::RawJson start;    // kRaw: as it began
    std::string input;      // kRaw: what came of its input
    chat::Extra grown;      // kRaw: other texts that came bit by bit
  };

  void StartMessage(const json::Value& frame, chat::EventBatch& out);
  void StartBlock(const json::Value& frame, chat::EventBatch& out);
  void KeepBeside(const json::Value& content, Block& block, chat::EventBatch& out);
  void StartCall(const json::Value& content, Block& block, chat::EventBatch& out);
  void Delta(const json::Value& frame, chat::EventBatch& out);
  void RawDelta(const json::Value& delta, Block& block);
  void StopBlock(const json::Value& frame, chat::EventBatch& out);
  void EndBlock(const Block& block, chat::EventBatch& out);
  void MessageDelta(const json::Value& frame, chat::EventBatch& out);
  void StopMessage(const json::Value& frame, chat::EventBatch& out);
  void FinishOf(const json::Value& delta, chat::EventBatch& out);
  Block* BlockAt(const json::Value& frame);

  json::Document document_;
  std::vector<Block> blocks_;  // open ones, rarely more than one
  std::int64_t calls_ = 0;
  bool started_ = false;
  chat::UsageReport usage_;
  chat::StreamStart head_;
};

}  // namespace signalbox::anthropic
