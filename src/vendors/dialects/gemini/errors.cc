#include "vendors/dialects/gemini/errors.h"

#include <algorithm>

#include "base/json/writer.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::gemini {
namespace {

using json::Value;
using json::Writer;

struct StatusRow {
  int http;
  std::string_view name;
};

// google.rpc.Code and its HTTP mapping; the first row of a number is the one that we write.
constexpr StatusRow kStatuses[] = {
    {400, "INVALID_ARGUMENT"},
    {400, "FAILED_PRECONDITION"},
    {400, "OUT_OF_RANGE"},
    {401, "UNAUTHENTICATED"},
    {403, "PERMISSION_DENIED"},
    {404, "NOT_FOUND"},
    {409, "ABORTED"},
    {409, "ALREADY_EXISTS"},
    {429, "RESOURCE_EXHAUSTED"},
    {499, "CANCELLED"},
    {500, "INTERNAL"},
    {500, "UNKNOWN"},
    {500, "DATA_LOSS"},
    {501, "UNIMPLEMENTED"},
    {503, "UNAVAILABLE"},
    {504, "DEADLINE_EXCEEDED"},
};

// Facts of the details: each names its own kind.
void ReadDetail(const Value& detail, chat::VendorError& out) {
  const std::string type = wire::LooseText(detail, "@type");
  if (type.ends_with("google.rpc.ErrorInfo")) {
    out.code = wire::LooseText(detail, "reason");
  }
  const auto violations = detail.Find("fieldViolations");
  if (violations && violations->IsArray() && violations->FirstChild() && out.param.empty()) {
    out.param = wire::LooseText(*violations->FirstChild(), "field");
  }
}

// What others call their errors, where no HTTP status tells.
int HttpOf(const chat::VendorError& error) {
  const std::string name = Upper(error.type);
  const auto found = std::ranges::find(kStatuses, name, &StatusRow::name);
  if (found != std::end(kStatuses)) {
    return found->http;
  }
  if (name.find("RATE") != std::string::npos || name.find("QUOTA") != std::string::npos) {
    return 429;
  }
  if (name.find("OVERLOADED") != std::string::npos) {
    return 503;
  }
  if (name.find("INVALID") != std::string::npos) {
    return 400;
  }
  return name.find("AUTHENTICATION") != std::string::npos ? 401 : 500;
}

void RenderWords(int http, std::string_view status, std::string_view message, Writer& out) {
  out.Key("code").Int(http).Key("message").String(message).Key("status").String(status);
}

// What is no UTF-8 (a proxy's page) could not stand in an error of ours.
std::string InUtf8(std::string text) {
  std::string quoted;
  json::AppendQuoted(quoted, text);
  if (json::Document document; !document.Parse(quoted)) {
    std::ranges::replace_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }, '?');
  }
  return text;
}

bool IsOwn(const chat::VendorError& error) {
  return std::ranges::find(kStatuses, error.type, &StatusRow::name) != std::end(kStatuses) &&
         error.json.starts_with('{');
}

}  // namespace

chat::VendorError ParseErrorValue(const Value& error) {
  chat::VendorError out;
  out.json = std::string(error.Raw());
  if (!error.IsObject()) {
    out.message = wire::Readable(error.IsString() ? *error.AsString() : std::string(error.Raw()));
    return out;
  }
  out.message = wire::Readable(wire::LooseText(error, "message"));
  out.type = wire::LooseText(error, "status");
  out.code = wire::LooseText(error, "code");
  if (const auto details = error.Find("details"); details && details->IsArray()) {
    json::ForEachElement(*details, [&](const Value& detail) { ReadDetail(detail, out); });
  }
  return out;
}

chat::VendorError ParseError(std::string_view body) {
  json::Document document;
  if (!document.Parse(body)) {
    chat::VendorError error;
    error.message = InUtf8(wire::Readable(body));
    return error;
  }
  Value root = document.Root();
  if (root.IsArray() && root.FirstChild()) {
    root = *root.FirstChild();
  }
  const auto error = root.Find("error");
  return ParseErrorValue(error && !error->IsNull() ? *error : root);
}

std::string_view StatusName(int http) {
  const auto found = std::ranges::find(kStatuses, http, &StatusRow::http);
  if (found != std::end(kStatuses)) {
    return found->name;
  }
  return http == 408   ? "DEADLINE_EXCEEDED"
         : http == 402 ? "RESOURCE_EXHAUSTED"
         : http >= 500 ? "UNAVAILABLE"
                       : "INVALID_ARGUMENT";
}

std::string RenderError(const wire::ErrorAnswer& answer) {
  std::string body;
  Writer out(body);
  out.BeginObject().Key("error");
  if (IsOwn(answer.vendor)) {
    out.Raw(answer.vendor.json).EndObject();
    return body;
  }
  const std::string& vendors = answer.vendor.message;
  out.BeginObject();
  RenderWords(answer.status, StatusName(answer.status),
              answer.error.message.empty() ? vendors : answer.error.message, out);
  const bool waits = answer.error.retry_after.count() > 0;
  if (waits || !answer.error.param.empty()) {
    out.Key("details").BeginArray();
  }
  if (waits) {
    out.BeginObject().Key("@type").String("type.googleapis.com/google.rpc.RetryInfo");
    out.Key("retryDelay").String(std::to_string(answer.error.retry_after.count()) + "s");
    out.EndObject();
  }
  if (!answer.error.param.empty()) {
    out.BeginObject().Key("@type").String("type.googleapis.com/google.rpc.BadRequest");
    out.Key("fieldViolations").BeginArray().BeginObject();
    out.Key("field").String(answer.error.param).EndObject().EndArray().EndObject();
  }
  if (waits || !answer.error.param.empty()) {
    out.EndArray();
  }
  out.EndObject().EndObject();
  return body;
}

std::string RenderStreamError(const chat::VendorError& error, bool own) {
  std::string body;
  Writer out(body);
  out.BeginObject().Key("error");
  if (own && error.json.starts_with('{')) {
    out.Raw(error.json).EndObject();
    return body;
  }
  const int http = HttpOf(error);
  out.BeginObject();
  RenderWords(http, StatusName(http), error.message, out);
  out.EndObject().EndObject();
  return body;
}

}  // namespace signalbox::gemini
