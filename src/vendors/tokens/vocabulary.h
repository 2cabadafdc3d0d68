// The ranks of an encoding's tokens, looked up where they lie in the vocabulary file.
//
// Owner:   a Vocabulary is owned by its Counter (or a test); a Ranks refers to it.
// Threads: any; nothing changes after Open.
// Errors:  kNotFound without a file; kInvalidRequest when it is no vocabulary file of this version.
// Cancel:  nothing to undo.
//
// The file is mapped, read-only and shared: what is used of it is in the page cache once for all
// processes, and nothing is read before the first look-up. It must not be shortened while it is
// mapped; whoever replaces it renames the new one into its place.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "vendors/tokens/layout.h"

namespace signalbox::tokens {

class Ranks {
 public:
  Ranks() = default;
  Ranks(const std::byte* file, const Section& section);

  // The rank of the token that has these bytes; kNoRank when there is none.
  Rank Find(std::string_view bytes) const {
    return bytes.size() == 2 ? FindPair(bytes) : FindLong(bytes);
  }
  std::size_t token_count() const { return token_count_; }
  std::size_t longest() const { return longest_; }

 private:
  Rank FindPair(std::string_view bytes) const {
    return pairs_[static_cast<unsigned char>(bytes[0]) * 256 +
                  static_cast<unsigned char>(bytes[1])];
  }
  Rank FindLong(std::string_view bytes) const;

  const Rank* pairs_ = nullptr;
  std::span<const Slot> slots_;
  std::span<const char> records_;
  std::size_t token_count_ = 0;
  std::size_t longest_ = 0;
};

class Vocabulary {
 public:
  static core::Result<Vocabulary> Open(const std::string& path);

  // Over bytes of the caller's that start at a multiple of 8 and outlive it.
  static core::Result<Vocabulary> Over(std::span<const std::byte> file);

  Vocabulary(Vocabulary&& other) noexcept;
  Vocabulary& operator=(Vocabulary&& other) = delete;
  ~Vocabulary();

  const Ranks& Of(Encoding encoding) const { return ranks_[static_cast<std::size_t>(encoding)]; }

 private:
  explicit Vocabulary(std::span<const std::byte> file) : file_(file) {}
  core::Status Check();

  std::span<const std::byte> file_;
  bool mapped_ = false;
  std::array<Ranks, kSections> ranks_;
};

}  // namespace signalbox::tokens
