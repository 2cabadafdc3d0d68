#include "vendors/dialects/wire/openai_error.h"

#include "vendors/dialects/wire/error_words.h"

namespace signalbox::wire {

using core::ErrorCode;

OpenAiWords OpenAiWordsOf(const core::Error& error) {
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

chat::VendorError ParseOpenAiError(const json::Value& error) {
  chat::VendorError out;
  out.json = std::string(error.Raw());
  if (!error.IsObject()) {
    out.message = Readable(error.IsString() ? *error.AsString() : std::string(error.Raw()));
    return out;
  }
  out.message = Readable(LooseText(error, "message"));
  if (out.message.empty()) {
    out.message = Readable(LooseText(error, "detail"));
  }
  out.type = LooseText(error, "type");
  if (out.type.empty()) {
    out.type = LooseText(error, "status");  // Google
  }
  out.code = LooseText(error, "code");
  out.param = LooseText(error, "param");
  return out;
}

}  // namespace signalbox::wire
