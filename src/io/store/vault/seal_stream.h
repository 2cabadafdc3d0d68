// Sealing and opening what is too big to hold: 64 KiB at a time.
//
// Owner:   the caller, one per thing. Threads: one.
// Errors:  as sealed.h says; after one nothing more comes out. What came out before it was right as
//          far as it goes, but only End says that it is all.
// Cancel:  dropped half-way, what was written does not open.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/vault/sealed.h"

namespace signalbox::vault {

inline constexpr std::size_t kChunkBytes = 64U << 10;
inline constexpr std::size_t kChunkOverhead = 17;

// How long something of `plain` bytes is once sealed as a stream; and back: nothing when no stream
// is of that length.
std::uint64_t StreamSize(std::uint64_t plain);
std::optional<std::uint64_t> PlainSize(std::uint64_t sealed);

struct StreamState;  // libsodium's

class StreamSealer {
 public:
  StreamSealer(DataKeyPointer key, std::string_view associated);
  ~StreamSealer();
  StreamSealer(StreamSealer&&) noexcept;
  StreamSealer& operator=(StreamSealer&&) noexcept;

  // Appends to `out` what can be sealed already.
  void Next(std::string_view plaintext, std::string& out);
  // Appends the rest; once.
  void End(std::string& out);

 private:
  void Push(std::string_view chunk, bool last, std::string& out);

  std::unique_ptr<StreamState> state_;
  std::string head_;   // until the first chunk
  std::string bound_;  // the same
  std::string held_;   // less than or just a chunk
};

class StreamOpener {
 public:
  // `head` is what the stream begins with, kHeadBytes, which Next does not see again.
  StreamOpener(DataKeyPointer key, std::string_view head, std::string_view associated);
  ~StreamOpener();
  StreamOpener(StreamOpener&&) noexcept;
  StreamOpener& operator=(StreamOpener&&) noexcept;

  // Appends to `out` what can be opened already.
  core::Status Next(std::string_view sealed, std::string& out);
  // Says that nothing more comes: fails unless the stream is whole.
  core::Status End(std::string& out);

 private:
  core::Status Pull(std::string_view chunk, std::string& out);

  DataKeyPointer key_;
  std::unique_ptr<StreamState> state_;
  std::string bound_;
  std::string held_;
  bool good_ = false;
  bool ended_ = false;
};

}  // namespace signalbox::vault
