#include "vendors/dialects/wire/error_words.h"

#include <algorithm>

namespace signalbox::wire {

using core::ErrorCode;
using json::Value;

namespace {

constexpr std::size_t kLongestMessage = 2000;

// The bytes of the character at the start of `text`; 0: it is no UTF-8.
std::size_t CharacterSize(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80                     ? 1
                           : first >= 0xc2 && first < 0xe0  ? 2
                           : first >= 0xe0 && first < 0xf0  ? 3
                           : first >= 0xf0 && first <= 0xf4 ? 4
                                                            : 0;
  if (size == 0 || size > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) {
      return 0;
    }
  }
  const auto second = size > 1 ? static_cast<unsigned char>(text[1]) : 0;
  const bool too_long = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool no_character = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return too_long || no_character ? 0 : size;
}

}  // namespace

std::string Readable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = CharacterSize(text);
    if (out.size() + size > kLongestMessage) {
      return out + "…";
    }
    out += size == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

// A text, or a number or list as written; empty when absent or null.
std::string LooseText(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  if (!member || member->IsNull()) {
    return {};
  }
  return member->IsString() ? *member->AsString() : std::string(member->Raw());
}

ErrorCode CodeOf(int status, const chat::VendorError& error) {
  if (error.code == "API_KEY_INVALID") {
    return ErrorCode::kUnauthenticated;  // Google says it with 400
  }
  if (error.code == "insufficient_quota" || error.type == "insufficient_quota") {
    return ErrorCode::kBudgetExceeded;
  }
  switch (status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 402:
      return ErrorCode::kBudgetExceeded;
    case 403:
      return ErrorCode::kForbidden;
    case 404:
      return ErrorCode::kNotFound;
    case 405:
      return ErrorCode::kMethodNotAllowed;
    case 408:
    case 504:
      return ErrorCode::kDeadlineExceeded;
    case 409:
      return ErrorCode::kConflict;
    case 413:
      return ErrorCode::kPayloadTooLarge;
    case 429:
      return ErrorCode::kRateLimited;
    case 503:
    case 529:
      return ErrorCode::kUnavailable;
    default:
      return status >= 400 && status < 500 ? ErrorCode::kInvalidRequest
                                           : ErrorCode::kUpstreamFailed;
  }
}

core::Error ToError(int status, const chat::VendorError& error) {
  return {CodeOf(status, error), error.message, error.param, {}};
}

}  // namespace signalbox::wire
