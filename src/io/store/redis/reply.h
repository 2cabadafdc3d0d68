// What Redis answers, read by hiredis's reader (RESP 2) from whatever bytes have come.
//
// Owner:   a ReplyReader belongs to one connection. Threads: one.
// Errors:  kUpstreamProtocol: these bytes are no answers, or one is too large; the reader is of no
//          use any more.
// Cancel:  nothing waits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/core/error.h"

struct redisReader;

namespace signalbox::store {

struct Reply {
  enum class Kind : std::uint8_t { kNil, kInteger, kText, kStatus, kError, kArray };

  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // of kText, kStatus, kError
  std::vector<Reply> items;

  bool IsError() const { return kind == Kind::kError; }
};

class ReplyReader {
 public:
  static constexpr std::size_t kMostBytes = 16 << 20;  // not yet read
  static constexpr std::size_t kMostItems = 1 << 17;   // in one reply

  ReplyReader();

  core::Status Feed(std::span<const char> bytes);
  // The next whole reply; nullopt: more bytes are needed.
  core::Result<std::optional<Reply>> Next();

 private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, Free> reader_;
  std::size_t items_ = 0;  // of the reply that is being read
};

}  // namespace signalbox::store
