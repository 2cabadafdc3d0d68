// The one kind of error that travels through Signalbox.
//
// Owner:   whoever holds the value.
// Threads: plain data.
// Errors:  this is the error.
// Cancel:  kCancelled says that the caller went away; nobody else is to blame.
//
// A message says what was wrong, where, and what to do; it never holds prompt text or a secret.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace signalbox::core {

enum class ErrorCode : std::uint8_t {
  kInvalidRequest,    // the caller's request cannot be understood or served as it stands
  kUnauthenticated,   // no credential, or one that is not known
  kForbidden,         // known, but not allowed
  kNotFound,          // no such route, model or row
  kMethodNotAllowed,  // the route exists, not with this method
  kConflict,          // the state changed meanwhile
  kPayloadTooLarge,   // a body over its limit
  kClientTimeout,     // the caller took too long to send its request
  kMisdirected,       // a Host that this server does not answer for
  kRateLimited,       // too many requests; see retry_after
  kBudgetExceeded,    // the money is spent
  kCancelled,         // the caller went away
  kDeadlineExceeded,  // a time limit ran out
  kUnavailable,       // we cannot serve now: draining, overloaded, no target; see retry_after
  kConnectFailed,     // a peer could not be reached (name, connect, TLS)
  kUpstreamFailed,    // a peer was reached and broke off
  kUpstreamProtocol,  // a peer sent what its protocol forbids
  kLoopDetected,      // a request that came through here before
  kInternal,          // our own fault
};

// The snake_case name used in error bodies, logs and metrics, e.g. "invalid_request".
std::string_view Name(ErrorCode code);

// The HTTP status that answers `code`.
int HttpStatus(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string param;                    // the field or key at fault, empty when there is none
  std::chrono::seconds retry_after{0};  // 0: not stated

  // Puts `where` before the message: "connect" + "connection refused".
  Error At(std::string_view where) &&;
};

template <typename T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

inline std::unexpected<Error> Fail(ErrorCode code, std::string message, std::string param = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(param), {}});
}

// The message of an errno value, e.g. "connection refused".
std::string ErrnoMessage(int error_number);

}  // namespace signalbox::core

// SB_TRY(auto value, Expression): binds the value of a Result, or returns its error.
// SB_CO_TRY does the same in a coroutine. SB_CHECK_OK / SB_CO_CHECK_OK are for Status.
#define SB_CONCAT_(a, b) a##b
#define SB_CONCAT(a, b) SB_CONCAT_(a, b)
#define SB_TRY_(result, declaration, expression, leave) \
  auto result = (expression);                           \
  if (!result) {                                        \
    leave std::unexpected(std::move(result).error());   \
  }                                                     \
  declaration = *std::move(result)
#define SB_TRY(declaration, expression) \
  SB_TRY_(SB_CONCAT(sb_result_, __LINE__), declaration, expression, return)
#define SB_CO_TRY(declaration, expression) \
  SB_TRY_(SB_CONCAT(sb_result_, __LINE__), declaration, expression, co_return)
#define SB_CHECK_OK(expression)                           \
  if (auto sb_status = (expression); !sb_status) {        \
    return std::unexpected(std::move(sb_status).error()); \
  }
#define SB_CO_CHECK_OK(expression)                           \
  if (auto sb_status = (expression); !sb_status) {           \
    co_return std::unexpected(std::move(sb_status).error()); \
  }
