#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::openai_chat {
namespace {

using core::ErrorCode;

struct Form {
  std::string_view type;
  std::string_view code;  // empty: null
};

Form FormOf(const core::Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidRequest:
      return {"invalid_request_error", {}};
    case ErrorCode::kUnauthenticated:
      return {"authentication_error", "invalid_api_key"};
    case ErrorCode::kForbidden:
      return {"permission_error", "permission_denied"};
    case ErrorCode::kNotFound:
      return {"invalid_request_error", error.param == "model" ? "model_not_found" : "not_found"};
    case ErrorCode::kRateLimited:
      return {"rate_limit_error", "rate_limit_exceeded"};
    case ErrorCode::kBudgetExceeded:
      return {"insufficient_quota", "insufficient_quota"};
    case ErrorCode::kMethodNotAllowed:
    case ErrorCode::kConflict:
    case ErrorCode::kPayloadTooLarge:
    case ErrorCode::kMisdirected:
    case ErrorCode::kLoopDetected:
      return {"invalid_request_error", core::Name(error.code)};
    default:
      break;
  }
  return {"server_error", core::Name(error.code)};
}

}  // namespace

std::string ErrorBody(const core::Error& error) {
  const Form form = FormOf(error);
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("error").BeginObject();
  out.Key("message").String(error.message).Key("type").String(form.type);
  out.Key("param");
  error.param.empty() ? out.Null() : out.String(error.param);
  out.Key("code");
  form.code.empty() ? out.Null() : out.String(form.code);
  out.EndObject().EndObject();
  return body;
}

}  // namespace signalbox::openai_chat
