// A stream of Anthropic Messages put together as its SDKs do it, from the frames alone: what is
// compared before and after a translation, without our own parser.
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/anthropic/meaning_testing.h"
#include "vendors/dialects/testkit/exchanges.h"

namespace signalbox::anthropic {

class MessageOfFrames {
 public:
  // The message that the frames tell. Empty texts are left out: nobody may send them back.
  static Meaning Of(const std::vector<std::string>& frames) {
    MessageOfFrames all;
    for (const std::string& frame : frames) {
      all.Take(MeaningOf(std::string_view(frame)));
    }
    Meaning content{json::Kind::kArray, {}, {}, {}};
    for (Block& block : all.blocks_) {
      if (!block.input.empty()) {
        block.value.members["input"] = MeaningOf(std::string_view(block.input));
      }
      if (block.value.At("type").scalar != "text" || !block.value.At("text").scalar.empty()) {
        content.items.push_back(block.value);
      }
    }
    all.message_.members["content"] = content;
    return all.message_;
  }

 private:
  struct Block {
    Meaning value;
    std::string input;
  };

  void Take(const Meaning& frame) {
    const std::string& type = frame.At("type").scalar;
    if (type == "message_start") {
      message_ = frame.At("message");
    } else if (type == "content_block_start") {
      index_.push_back(frame.At("index").scalar);
      blocks_.push_back({frame.At("content_block"), {}});
    } else if (type == "content_block_delta") {
      Grow(At(frame.At("index").scalar), frame.At("delta"));
    } else if (type == "message_delta") {
      for (const auto& [key, value] : frame.At("delta").members) {
        message_.members[key] = value;
      }
      for (const auto& [key, value] : frame.At("usage").members) {
        message_.members["usage"].members[key] = value;
      }
      if (frame.Has("context_management")) {
        message_.members["context_management"] = frame.At("context_management");
      }
    }
  }

  Block& At(const std::string& index) {
    for (std::size_t i = index_.size(); i-- > 0;) {
      if (index_[i] == index) {
        return blocks_[i];
      }
    }
    return blocks_.front();
  }

  static void Grow(Block& block, const Meaning& delta) {
    for (const auto& [key, value] : delta.members) {
      if (key == "partial_json") {
        block.input += value.scalar;
      } else if (key == "citation") {
        Meaning& citations = block.value.members["citations"];
        citations.kind = json::Kind::kArray;
        citations.items.push_back(value);
      } else if (key != "type") {
        Meaning& text = block.value.members[key];
        text.kind = value.kind;
        text.scalar += value.scalar;
      }
    }
  }

  Meaning message_;
  std::vector<std::string> index_;
  std::vector<Block> blocks_;
};

}  // namespace signalbox::anthropic
