#include "base/core/error.h"

#include <system_error>

namespace signalbox::core {
namespace {

struct CodeRow {
  std::string_view name;
  int http_status;
};

constexpr CodeRow Row(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidRequest:
      return {"invalid_request", 400};
    case ErrorCode::kUnauthenticated:
      return {"unauthenticated", 401};
    case ErrorCode::kForbidden:
      return {"forbidden", 403};
    case ErrorCode::kNotFound:
      return {"not_found", 404};
    case ErrorCode::kMethodNotAllowed:
      return {"method_not_allowed", 405};
    case ErrorCode::kConflict:
      return {"conflict", 409};
    case ErrorCode::kPayloadTooLarge:
      return {"payload_too_large", 413};
    case ErrorCode::kClientTimeout:
      return {"request_timeout", 408};
    case ErrorCode::kMisdirected:
      return {"misdirected_request", 421};
    case ErrorCode::kRateLimited:
      return {"rate_limit_exceeded", 429};
    case ErrorCode::kBudgetExceeded:
      return {"budget_exceeded", 402};
    case ErrorCode::kCancelled:
      return {"cancelled", 499};
    case ErrorCode::kDeadlineExceeded:
      return {"deadline_exceeded", 504};
    case ErrorCode::kUnavailable:
      return {"unavailable", 503};
    case ErrorCode::kConnectFailed:
      return {"connect_failed", 502};
    case ErrorCode::kUpstreamFailed:
      return {"upstream_failed", 502};
    case ErrorCode::kUpstreamProtocol:
      return {"upstream_protocol", 502};
    case ErrorCode::kLoopDetected:
      return {"loop_detected", 508};
    case ErrorCode::kInternal:
      return {"internal_error", 500};
  }
  return {"internal_error", 500};
}

}  // namespace

std::string_view Name(ErrorCode code) {
  return Row(code).name;
}

int HttpStatus(ErrorCode code) {
  return Row(code).http_status;
}

Error Error::At(std::string_view where) && {
  message.insert(0, ": ");
  message.insert(0, where);
  return std::move(*this);
}

std::string ErrnoMessage(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace signalbox::core
