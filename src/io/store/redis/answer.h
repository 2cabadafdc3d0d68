// What an answer of Redis means.
//
// Owner: values. Threads: any; pure.
// Errors: kUpstreamProtocol: it is no answer to what was asked. Others as Shared's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/redis/reply.h"
#include "io/store/shared.h"

namespace signalbox::store {

// What to do after an error.
enum class Remedy : std::uint8_t {
  kNone,        // tell the caller
  kMoved,       // ask another node, now and later
  kAsk,         // ask another node this time
  kLoadScript,  // send the script's text
  kReconnect,   // this one does not take writes any more: look the name up again
};

struct Redirect {
  int slot = 0;
  std::string host;  // empty: the one that said so
  std::uint16_t port = 0;
};

Remedy RemedyFor(std::string_view error);
// Of "MOVED 3999 127.0.0.1:6381" and "ASK …".
std::optional<Redirect> ParseRedirect(std::string_view error);

// The error as a caller sees it.
core::Error ToError(std::string_view redis_error);

core::Result<Slice> ToSlice(const Reply& reply);
core::Result<Standing> ToStanding(const Reply& reply);
core::Result<std::optional<std::string>> ToValue(Reply reply);
core::Result<std::int64_t> ToInteger(const Reply& reply);
core::Status ToDone(const Reply& reply);  // "OK"
core::Result<std::optional<Lease>> ToLease(const Reply& reply);

}  // namespace signalbox::store
