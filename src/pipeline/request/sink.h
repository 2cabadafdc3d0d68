// Where an answer goes: an HTTP response, an agent, a test.
//
// Owner:   whoever calls Gateway::Run. Threads: the worker's.
// Errors:  a write that fails says that whoever asked is gone.
// Cancel:  as the write's.
//
// Either Whole once, or Begin, Piece as often as it takes, End. Every piece goes out at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/async/task.h"
#include "base/core/error.h"
#include "base/core/time.h"

namespace signalbox::request {

// A field of the upstream's answer that the caller may want, e.g. x-ratelimit-remaining-tokens.
struct AnswerField {
  std::string name;
  std::string value;
};

// What goes before the body. Views are valid until the call that takes them returns.
struct AnswerHead {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string_view request_id;
  std::string_view provider;             // empty when no target was chosen
  std::string_view model;                // as sent upstream
  std::string_view dropped;              // what the upstream was not told, by path; empty: nothing
  std::string_view retry_after;          // as an upstream said, or in seconds; empty: none
  std::span<const AnswerField> passed;   // more fields, from the upstream
  std::chrono::nanoseconds overhead{0};  // spent in Signalbox so far
  core::MonoTime until = core::kNever;   // a caller that has not taken the answer by then loses it
  std::int64_t cost_nano_usd = -1;       // of a whole answer; -1: not known, or not yet
  std::uint16_t fallbacks = 0;           // attempts before the one that answers
  std::string_view cache;                // "hit", "miss", "bypass"; empty: it is not in use
  std::chrono::seconds age{-1};          // of an answer from the cache
  std::int64_t saved_nano_usd = -1;      // what an answer from the cache cost once; -1: not known
  bool comments = false;  // what is streamed are events, with room for comments between them
};

// A call's body up to this size stays where it is until its answer has ended; a larger one may be
// gone once a streamed answer has begun.
inline constexpr std::size_t kKeptBody = 16 * 1024;

class Sink {
 public:
  virtual async::Task<core::Status> Whole(const AnswerHead& head,
                                          std::span<const std::string_view> body) = 0;
  // `flush`: the head goes out now, because the first piece is not there yet.
  virtual async::Task<core::Status> Begin(const AnswerHead& head, bool flush) = 0;
  // `whole_events`: what has been sent ends with the end of an event.
  virtual async::Task<core::Status> Piece(std::span<const std::string_view> bytes,
                                          bool whole_events) = 0;
  // The last events, and the end of the answer. Without it the answer breaks off.
  virtual async::Task<core::Status> End(std::span<const std::string_view> bytes) = 0;

 protected:
  ~Sink() = default;
};

}  // namespace signalbox::request
