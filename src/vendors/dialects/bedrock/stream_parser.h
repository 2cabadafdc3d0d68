// A stream of Converse: binary frames in, events out.
//
// Owner:   one per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol for a frame that is none; what follows can be read.
// Cancel:  nothing to undo.
//
// There is no end marker: usage comes after messageStop, and the stream ends with the connection.
// Frames and deltas of kinds that are not known are UnknownMembers of the level kDelta whose key is
// the frame's type; what messageStop and metadata say beside what is canonical are ones of kChoice
// and kFrame. The padding `p` is left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json/document.h"
#include "io/net/event_stream.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::bedrock {

class StreamParser final : public wire::StreamParser {
 public:
  void Feed(std::string_view bytes) override { reader_.Feed(bytes); }
  core::Result<bool> Next(chat::EventBatch& out) override;
  core::Status End(chat::EventBatch& out) override;

  // What an event of `type` with the JSON `payload` means.
  core::Status ParseEvent(std::string_view type, std::string_view payload, chat::EventBatch& out);

 private:
  // What is being spoken in a content block.
  enum class Kind : std::uint8_t { kNone, kText, kThought, kCall, kWhole };
  struct Block {
    std::int64_t index = 0;
    Kind kind = Kind::kNone;
    std::int64_t call = 0;                  // kCall: counted from 0
    bool has_input = false;                 // kCall
    std::string start = {};                 // kWhole: the value of `start`
    std::string kind_name = {};             // kWhole: its member
    std::string input = {};                 // kWhole: fragments of a call's input
    std::vector<std::string> content = {};  // kWhole: elements of a result, or a picture's delta
  };

  Block& Open(std::int64_t index, Kind kind, chat::EventBatch& out);
  Block* Find(std::int64_t index);
  void ParseStart(const json::Value& event, chat::EventBatch& out);
  void ParseDelta(const json::Value& event, chat::EventBatch& out);
  void ParseDeltaValue(std::int64_t index, const json::Value& key, const json::Value& value,
                       chat::EventBatch& out);
  void ParseThought(std::int64_t index, const json::Value& value, chat::EventBatch& out);
  void ParseInput(std::int64_t index, const json::Value& value, chat::EventBatch& out);
  void ParseStop(const json::Value& event, chat::EventBatch& out);
  void ParseMessageStop(const json::Value& event, chat::EventBatch& out);
  void ParseMetadata(const json::Value& event, chat::EventBatch& out);
  void Close(Block& block, chat::EventBatch& out);

  net::EventStreamReader reader_;
  json::Document document_;
  std::vector<Block> open_;
  std::int64_t calls_ = 0;
  bool stopped_ = false;
};

}  // namespace signalbox::bedrock
