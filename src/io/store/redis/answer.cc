#include "io/store/redis/answer.h"

#include <array>
#include <charconv>

namespace signalbox::store {
namespace {

using core::ErrorCode;
using Kind = Reply::Kind;

// "-WORD text": what Redis and our scripts say. Where several words mean the same to us, one row
// each; what is not here is our own fault.
struct Meaning {
  std::string_view word;
  ErrorCode code;
  std::string_view message;
};

constexpr std::array kMeanings{
    Meaning{"SBSTALE", ErrorCode::kConflict, "a later call of this holder came first"},
    Meaning{"SBALIEN", ErrorCode::kConflict,
            "the key holds something else; delete it or change the prefix"},
    Meaning{"WRONGTYPE", ErrorCode::kConflict,
            "the key holds something else; delete it or change the prefix"},
    Meaning{"LOADING", ErrorCode::kUnavailable, "it is loading its data"},
    Meaning{"READONLY", ErrorCode::kUnavailable, "it is a replica that takes no writes"},
    Meaning{"MASTERDOWN", ErrorCode::kUnavailable, "it is a replica whose master is away"},
    Meaning{"NOREPLICAS", ErrorCode::kUnavailable, "it has too few replicas to take writes"},
    Meaning{"CLUSTERDOWN", ErrorCode::kUnavailable, "the cluster is down"},
    Meaning{"TRYAGAIN", ErrorCode::kUnavailable, "the cluster is moving the key"},
    Meaning{"MOVED", ErrorCode::kUnavailable, "the cluster redirects too often"},
    Meaning{"ASK", ErrorCode::kUnavailable, "the cluster redirects too often"},
    Meaning{"BUSY", ErrorCode::kUnavailable, "it is busy with a script"},
    Meaning{"OOM", ErrorCode::kUnavailable, "it has no memory left (maxmemory)"},
    Meaning{"MISCONF", ErrorCode::kUnavailable, "it cannot write to its disk"},
    Meaning{"NOAUTH", ErrorCode::kUnavailable, "it wants a password; none is configured"},
    Meaning{"WRONGPASS", ErrorCode::kUnavailable, "it refuses the user or password"},
    Meaning{"NOPERM", ErrorCode::kUnavailable, "its ACL does not let this user do that"},
    Meaning{"UNKILLABLE", ErrorCode::kUnavailable, "it is busy with a script"},
};

std::string_view FirstWord(std::string_view text) {
  return text.substr(0, text.find_first_of(" \r\n"));
}

std::unexpected<core::Error> NotAsked() {
  return core::Fail(ErrorCode::kUpstreamProtocol, "the answer is none to what was asked");
}

// The integers of an array of `count`; an error when it is anything else.
template <std::size_t count>
core::Result<std::array<std::int64_t, count>> Integers(const Reply& reply) {
  if (reply.IsError()) {
    return std::unexpected(ToError(reply.text));
  }
  if (reply.kind != Kind::kArray || reply.items.size() != count) {
    return NotAsked();
  }
  std::array<std::int64_t, count> numbers{};
  for (std::size_t i = 0; i < count; ++i) {
    if (reply.items[i].kind != Kind::kInteger) {
      return NotAsked();
    }
    numbers[i] = reply.items[i].integer;
  }
  return numbers;
}

}  // namespace

Remedy RemedyFor(std::string_view error) {
  const std::string_view word = FirstWord(error);
  if (word == "MOVED") {
    return Remedy::kMoved;
  }
  if (word == "ASK") {
    return Remedy::kAsk;
  }
  if (word == "NOSCRIPT") {
    return Remedy::kLoadScript;
  }
  return word == "READONLY" ? Remedy::kReconnect : Remedy::kNone;
}

std::optional<Redirect> ParseRedirect(std::string_view error) {
  const std::size_t slot_at = error.find(' ');
  const std::size_t where_at = slot_at == error.npos ? error.npos : error.find(' ', slot_at + 1);
  const std::size_t colon = error.rfind(':');
  if (where_at == error.npos || colon == error.npos || colon < where_at) {
    return std::nullopt;
  }
  Redirect redirect;
  const char* end = error.data() + error.size();
  const auto slot = std::from_chars(error.data() + slot_at + 1, end, redirect.slot);
  const auto port = std::from_chars(error.data() + colon + 1, end, redirect.port);
  if (slot.ptr != error.data() + where_at || port.ptr != end || redirect.port == 0 ||
      slot.ec != std::errc() || port.ec != std::errc() || redirect.slot < 0 ||
      redirect.slot >= 16384) {
    return std::nullopt;
  }
  redirect.host = error.substr(where_at + 1, colon - where_at - 1);
  return redirect.host.size() <= 255 ? std::optional(std::move(redirect)) : std::nullopt;
}

core::Error ToError(std::string_view redis_error) {
  const std::string_view word = FirstWord(redis_error);
  for (const Meaning& meaning : kMeanings) {
    if (meaning.word == word) {
      return {meaning.code, std::string(meaning.message), {}, {}};
    }
  }
  // Redis' own text may quote arguments; its first word does not.
  return {ErrorCode::kInternal, "it refuses a command of ours", {}, {}};
}

core::Result<Slice> ToSlice(const Reply& reply) {
  const auto numbers = Integers<9>(reply);
  if (!numbers) {
    return std::unexpected(numbers.error());
  }
  const auto& [held, settled, others, uncertain, silent, booked, lease, life, at] = *numbers;
  return Slice{held, settled, others, uncertain, silent, booked, std::chrono::milliseconds(lease),
               life, at};
}

core::Result<Standing> ToStanding(const Reply& reply) {
  const auto numbers = Integers<5>(reply);
  if (!numbers) {
    return std::unexpected(numbers.error());
  }
  const auto& [settled, held, uncertain, silent, holders] = *numbers;
  return Standing{settled, held, uncertain, silent, holders};
}

core::Result<std::optional<std::string>> ToValue(Reply reply) {
  if (reply.IsError()) {
    return std::unexpected(ToError(reply.text));
  }
  if (reply.kind == Kind::kNil) {
    return std::nullopt;
  }
  if (reply.kind != Kind::kText) {
    return NotAsked();
  }
  return std::move(reply.text);
}

core::Result<std::int64_t> ToInteger(const Reply& reply) {
  if (reply.IsError()) {
    return std::unexpected(ToError(reply.text));
  }
  return reply.kind == Kind::kInteger ? core::Result<std::int64_t>(reply.integer) : NotAsked();
}

core::Status ToDone(const Reply& reply) {
  if (reply.IsError()) {
    return std::unexpected(ToError(reply.text));
  }
  return reply.kind == Kind::kStatus ? core::Status{} : NotAsked();
}

core::Result<std::optional<Lease>> ToLease(const Reply& reply) {
  if (reply.kind == Kind::kNil) {
    return std::nullopt;
  }
  const auto numbers = Integers<2>(reply);
  if (!numbers) {
    return std::unexpected(numbers.error());
  }
  return Lease{(*numbers)[0], std::chrono::milliseconds((*numbers)[1])};
}

}  // namespace signalbox::store
