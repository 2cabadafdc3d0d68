#include "vendors/dialects/anthropic/errors.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/json/utf8.h"
#include "base/json/writer.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::anthropic {
namespace {

using chat::VendorError;
using json::Value;

constexpr std::string_view kTypes[] = {
    "invalid_request_error", "authentication_error", "billing_error",
    "permission_error",      "not_found_error",      "request_too_large",
    "timeout_error",         "rate_limit_error",     "api_error",
    "overloaded_error"};

bool IsOurs(std::string_view type) {
  return std::ranges::find(kTypes, type) != std::end(kTypes);
}

std::string_view TypeOf(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 408:
    case 504:
      return "timeout_error";
    case 503:
    case 529:
      return "overloaded_error";
    default:
      return status >= 400 && status < 500 ? "invalid_request_error" : "api_error";
  }
}

// Of an error without a status: other vendors state that as the code, or have words like ours.
std::string_view TypeOf(const VendorError& error) {
  if (IsOurs(error.type)) {
    return error.type;
  }
  int status = 0;
  std::from_chars(error.code.data(), error.code.data() + error.code.size(), status);
  const auto says = [&](std::string_view word) {
    return error.type.find(word) != std::string::npos || error.code.find(word) != std::string::npos;
  };
  if (status >= 400 && status < 600) {
    return TypeOf(status);
  }
  if (says("rate_limit") || says("RESOURCE_EXHAUSTED") || says("insufficient_quota")) {
    return "rate_limit_error";
  }
  if (says("overloaded") || says("UNAVAILABLE") || says("unavailable")) {
    return "overloaded_error";
  }
  return says("invalid_request") || says("INVALID_ARGUMENT") ? "invalid_request_error"
                                                             : "api_error";
}

// Bytes that are no UTF-8 as "?": the message goes into JSON.
std::string AsUtf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t flaw = json::FirstFlawInUtf8(text);
    out += text.substr(0, flaw);
    out += flaw < text.size() ? "?" : "";
    text.remove_prefix(std::min(flaw + 1, text.size()));
  }
  return out;
}

std::string Body(std::string_view type, std::string_view message) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("type").String("error").Key("error").BeginObject();
  out.Key("type").String(type).Key("message").String(message).EndObject();
  out.Key("request_id").Null().EndObject();
  return body;
}

// An error of Anthropic's own with all that it says.
std::string WholeBody(const VendorError& error) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("type").String("error").Key("error").Raw(error.json);
  out.Key("request_id").Null().EndObject();
  return body;
}

bool IsWhole(const VendorError& error) {
  return IsOurs(error.type) && error.json.starts_with('{') &&
         error.json.find("\"message\"") != std::string::npos;
}

}  // namespace

VendorError ParseErrorValue(const Value& error) {
  VendorError out;
  out.json = std::string(error.Raw());
  if (!error.IsObject()) {
    out.message = wire::Readable(error.IsString() ? *error.AsString() : std::string(error.Raw()));
    return out;
  }
  out.message = wire::Readable(wire::LooseText(error, "message"));
  out.type = wire::LooseText(error, "type");
  out.code = wire::LooseText(error, "code");
  return out;
}

VendorError ParseError(std::string_view body) {
  json::Document document;
  if (!document.Parse(body)) {
    VendorError error;
    error.message = wire::Readable(AsUtf8(body));
    return error;
  }
  const Value root = document.Root();
  const auto error = root.Find("error");
  return ParseErrorValue(error && !error->IsNull() ? *error : root);
}

std::string RenderError(const wire::ErrorAnswer& error) {
  if (IsWhole(error.vendor)) {
    return WholeBody(error.vendor);
  }
  const std::string_view type =
      IsOurs(error.vendor.type) ? std::string_view(error.vendor.type) : TypeOf(error.status);
  return Body(type, error.vendor.message.empty() ? error.error.message : error.vendor.message);
}

std::string RenderStreamError(const VendorError& error) {
  return IsWhole(error) ? WholeBody(error) : Body(TypeOf(error), error.message);
}

}  // namespace signalbox::anthropic
