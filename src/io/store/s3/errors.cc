#include "io/store/s3/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "io/store/s3/answers.h"
#include "io/store/s3/retry.h"

namespace signalbox::s3 {
namespace {

using core::ErrorCode;

// A field's value as far as it is a word of the kind expected there.
std::string Word(std::string_view value) {
  const bool good = value.size() <= 128 && std::ranges::all_of(value, [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '/' || c == '=';
                    });
  return good ? std::string(value) : "";
}

ErrorCode CodeFor(int status, std::string_view code) {
  if (MayPass(status, code) || (status == 404 && code == "NoSuchBucket")) {
    return ErrorCode::kUnavailable;
  }
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::kForbidden;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
    case 412:
      return ErrorCode::kConflict;
    case 416:
      return ErrorCode::kInvalidRequest;
    default:
      return ErrorCode::kUpstreamProtocol;
  }
}

// What to do about it, where that is known.
std::string Advice(const Answer& answer, std::string_view code) {
  const std::string region = Word(answer.Get("x-amz-bucket-region"));
  if (!region.empty() && (answer.status == 301 || answer.status == 307 || answer.status == 400)) {
    return "; the bucket is in region " + region + ": set s3.region";
  }
  if (code == "RequestTimeTooSkewed") {
    return "; the clock of this machine is wrong";
  }
  if (code == "SignatureDoesNotMatch") {
    return "; is s3.secret_access_key the one of s3.access_key_id?";
  }
  if (code == "NoSuchBucket") {
    return "; make the bucket, or correct s3.bucket";
  }
  return "";
}

}  // namespace

bool IsGood(const Answer& answer) {
  return answer.status >= 200 && answer.status < 300 && CodeOf(answer).empty();
}

std::string CodeOf(const Answer& answer) {
  return answer.body.empty() ? "" : ParseErrorCode(answer.body);
}

core::Error ErrorOf(const Answer& answer) {
  const std::string code = CodeOf(answer);
  const int status = answer.status == 200 ? 500 : answer.status;  // an error that came too late
  const std::string id = Word(answer.Get("x-amz-request-id"));
  core::Error error{.code = CodeFor(status, code),
                    .message = fmt::format("S3 answers {}", answer.status)};
  error.message += code.empty() ? "" : " " + code;
  error.message += id.empty() ? "" : " (request " + id + ")";
  error.message += Advice(answer, code);
  error.retry_after = RetryAfter(answer);
  return error;
}

std::chrono::seconds RetryAfter(const Answer& answer) {
  const std::string_view text = answer.Get("retry-after");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), seconds);
  return std::chrono::seconds(
      error == std::errc() && end == text.end() ? std::clamp(seconds, 0, 3600) : 0);
}

}  // namespace signalbox::s3
