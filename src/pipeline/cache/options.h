// What an operator can set about the cache.
//
// Owner:   the configuration snapshot. Threads: read only once made.
// Errors:  those of the tables. Cancel: nothing waits.
#pragma once

#include <chrono>

#include "base/config/table.h"

namespace signalbox::cache {

enum class Use : std::uint8_t {
  kOff,    // whatever a request says
  kAsked,  // for requests that ask for it
  kOn,     // for all that may be cached
};
// Who may get an answer that somebody else's request brought.
enum class Scope : std::uint8_t { kTenant, kUser, kKey };
enum class Temperature : std::uint8_t { kAny, kZero };
// What those who waited for another's call do when it failed.
enum class OnError : std::uint8_t { kShare, kRetry };

struct Lifetimes {
  std::chrono::nanoseconds completion = std::chrono::minutes(30);
  std::chrono::nanoseconds classification = std::chrono::hours(2);
  std::chrono::nanoseconds embedding = std::chrono::hours(24);
  std::chrono::nanoseconds other = std::chrono::hours(1);
};

// The `cache.exact` section.
struct ExactOptions {
  Use enabled = Use::kAsked;
  config::ByteSize max_bytes = config::MiB(256);
  std::uint64_t max_entries = 0;  // 0: as many as the bytes allow
  config::ByteSize max_entry_bytes = config::MiB(1);
  Lifetimes ttl;
  Scope scope = Scope::kTenant;
  Temperature temperature = Temperature::kAny;
  OnError on_error = OnError::kShare;
  std::uint32_t max_followers = 10000;
};

// The `cache` section.
struct CacheOptions {
  ExactOptions exact;
};
const config::Table<CacheOptions>& CacheTable();

}  // namespace signalbox::cache
