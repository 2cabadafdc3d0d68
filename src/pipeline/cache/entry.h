// A stored answer: read by many, changed by nobody once it is published.
//
// Owner:   whoever has an Entry holds the answer; with the last one its blocks are free again.
// Threads: any; an Entry itself belongs to one.
// Errors:  none. Cancel: nothing to undo.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/time.h"
#include "pipeline/cache/blocks.h"
#include "pipeline/cache/digest.h"
#include "pipeline/request/attribution.h"

namespace signalbox::cache {

// What decides how long an answer is good.
enum class AnswerKind : std::uint8_t { kCompletion, kClassification, kEmbedding, kOther };

// What is known of an answer beside its body.
struct EntryFacts {
  Digest key;
  request::TenantId tenant;
  core::MonoTime stored{};
  core::MonoTime expires{};
  std::chrono::nanoseconds took{0};  // from the request's arrival to the end of the answer
  std::int64_t cost_nano_usd = -1;   // -1: not known
  std::int64_t input_tokens = -1;
  std::int64_t output_tokens = -1;
  AnswerKind kind = AnswerKind::kOther;
  bool streamed = false;
};

// Texts that stand before the body.
struct EntryTexts {
  std::string_view provider;
  std::string_view model;  // as sent upstream
  std::string_view content_type;
  std::string_view tags;
};

// The start of an entry's first block; its texts and its body follow.
struct EntryHead {
  EntryFacts facts;
  std::uint64_t body_bytes = 0;
  std::array<std::uint16_t, 4> texts{};  // lengths, in EntryTexts' order
};

class Entry {
 public:
  Entry() = default;
  // Takes over one holder of `first`.
  Entry(Blocks& blocks, std::uint32_t first) : blocks_(&blocks), first_(first) {}
  Entry(Entry&& other) noexcept : blocks_(other.blocks_), first_(std::exchange(other.first_, 0)) {}
  Entry& operator=(Entry&& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(first_, other.first_);
    return *this;
  }
  ~Entry() {
    if (first_ != 0) {
      blocks_->LetGo(first_);
    }
  }

  explicit operator bool() const { return first_ != 0; }
  // Another holder of the same answer.
  Entry Share() const {
    blocks_->Hold(first_);
    return {*blocks_, first_};
  }

  const EntryFacts& facts() const { return head().facts; }
  std::uint64_t body_bytes() const { return head().body_bytes; }
  std::uint32_t blocks() const { return blocks_->length(first_); }
  // Views that are valid as long as this.
  EntryTexts texts() const;
  // Appends the body, piece by piece.
  void AppendBody(std::vector<std::string_view>& out) const;

 private:
  const EntryHead& head() const { return *reinterpret_cast<const EntryHead*>(blocks_->At(first_)); }

  Blocks* blocks_ = nullptr;
  std::uint32_t first_ = 0;
};

}  // namespace signalbox::cache
