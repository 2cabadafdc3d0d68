// Where a Redis is and how it is spoken to.
//
// Owner: whoever made them. Threads: plain data.
// Errors: ParseRedisUrl's kInvalidRequest says what is wrong and quotes nothing: there may be a
// password in it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::store {

struct RedisOptions {
  bool tls = false;
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string user;      // empty: Redis' default one
  std::string password;  // empty: none is sent
  int database = 0;
  std::string prefix = "signalbox:";  // of all keys and channels
  std::string ca_file;                // empty: the system's authorities

  std::chrono::nanoseconds connect{std::chrono::seconds(2)};
  std::chrono::nanoseconds silence{std::chrono::seconds(2)};  // then the connection counts as dead
  std::chrono::nanoseconds first_pause{std::chrono::milliseconds(50)};  // doubled with each failure
  std::chrono::nanoseconds longest_pause{std::chrono::seconds(5)};

  // For people: "Redis db.example:6379/2".
  std::string Name() const;
};

// "redis://user:password@host:port/database?prefix=…&ca_file=…", rediss:// for TLS; everything but
// the host may be missing, names and passwords are percent-encoded.
core::Result<RedisOptions> ParseRedisUrl(std::string_view url);

}  // namespace signalbox::store
