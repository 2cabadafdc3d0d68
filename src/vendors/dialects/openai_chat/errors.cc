#include "vendors/dialects/openai_chat/errors.h"

#include <optional>

#include "base/json/writer.h"

namespace signalbox::openai_chat {
namespace {

using core::ErrorCode;
using json::Value;

constexpr std::size_t kLongestMessage = 2000;

std::string Cut(std::string_view text) {
  if (text.size() <= kLongestMessage) {
    return std::string(text);
  }
  std::size_t end = kLongestMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;  // not in the middle of a character
  }
  return std::string(text.substr(0, end)) + "…";
}

// A text, or a number or list as written; empty when absent or null.
std::string Loose(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  if (!member || member->IsNull()) {
    return {};
  }
  return member->IsString() ? *member->AsString() : std::string(member->Raw());
}

std::optional<Value> Meaningful(const Value& object, std::string_view key) {
  auto member = object.Find(key);
  return member && !member->IsNull() ? member : std::nullopt;
}

ErrorCode CodeOf(int status, const chat::VendorError& error) {
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

}  // namespace

chat::VendorError ParseErrorValue(const Value& error) {
  chat::VendorError out;
  out.json = std::string(error.Raw());
  if (!error.IsObject()) {
    out.message = Cut(error.IsString() ? *error.AsString() : std::string(error.Raw()));
    return out;
  }
  out.message = Cut(Loose(error, "message"));
  if (out.message.empty()) {
    out.message = Cut(Loose(error, "detail"));
  }
  out.type = Loose(error, "type");
  if (out.type.empty()) {
    out.type = Loose(error, "status");  // Google
  }
  out.code = Loose(error, "code");
  out.param = Loose(error, "param");
  return out;
}

chat::VendorError ParseErrorBody(std::string_view body) {
  json::Document document;
  if (!document.Parse(body)) {
    chat::VendorError error;
    error.message = Cut(body);
    return error;
  }
  Value root = document.Root();
  if (root.IsArray() && root.FirstChild()) {
    root = *root.FirstChild();  // Google's OpenAI form wraps the object in a list
  }
  const auto error = Meaningful(root, "error");
  return ParseErrorValue(error ? *error : root);
}

core::Error ToError(int http_status, const chat::VendorError& error) {
  return {CodeOf(http_status, error), error.message, error.param, {}};
}

std::string RenderVendorError(const chat::VendorError& error) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("error");
  if (!error.json.empty() && error.json.front() == '{') {
    out.Raw(error.json).EndObject();
    return body;
  }
  out.BeginObject().Key("message").String(error.message);
  out.Key("type").String(error.type.empty() ? "server_error" : error.type);
  const auto text_or_null = [&](std::string_view key, std::string_view text) {
    out.Key(key);
    text.empty() ? out.Null() : out.String(text);
  };
  text_or_null("param", error.param);
  text_or_null("code", error.code);
  out.EndObject().EndObject();
  return body;
}

}  // namespace signalbox::openai_chat
