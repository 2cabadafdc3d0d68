#include "vendors/dialects/bedrock/errors.h"

#include "base/json/document.h"
#include "base/json/writer.h"
#include "io/net/event_stream.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::bedrock {
namespace {

using chat::VendorError;
using json::Value;

// "com.amazon.coral.validate#ValidationException:http://…" is a ValidationException.
std::string BareType(std::string_view type) {
  type = type.substr(type.find('#') + 1);  // npos + 1 is 0
  return std::string(type.substr(0, type.find(':')));
}

std::string FirstText(const Value& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (std::string text = wire::LooseText(object, key); !text.empty()) {
      return text;
    }
  }
  return {};
}

bool IsAwsType(std::string_view type) {
  return type.ends_with("Exception");
}

std::string_view TypeOf(const wire::ErrorAnswer& error) {
  const std::string_view theirs = error.vendor.type;
  return IsAwsType(theirs) && theirs.front() >= 'A' && theirs.front() <= 'Z'
             ? theirs
             : ErrorTypeOf(error.status);
}

std::string Body(std::string_view type, std::string_view message) {
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  if (!type.empty()) {
    out.Key("__type").String(type);
  }
  out.Key("message").String(message).EndObject();
  return body;
}

// What vendors call what Bedrock has a name for.
struct Word {
  std::string_view part;
  int status;
};
constexpr Word kWords[] = {
    {"rate_limit", 429},   {"RESOURCE_EXHAUSTED", 429}, {"too_many", 429},
    {"quota", 429},        {"overloaded", 503},         {"UNAVAILABLE", 503},
    {"unavailable", 503},  {"invalid_request", 400},    {"INVALID_ARGUMENT", 400},
    {"server_error", 500}, {"api_error", 500},          {"INTERNAL", 500},
};

std::string_view StreamTypeOf(const VendorError& error) {
  for (const Word& word : kWords) {
    if (error.type.find(word.part) != std::string::npos ||
        error.code.find(word.part) != std::string::npos) {
      return StreamErrorOf(word.status);
    }
  }
  return "modelStreamErrorException";
}

}  // namespace

VendorError ParseError(std::string_view body) {
  json::Document document;
  VendorError error;
  if (!document.Parse(body, {.unique_keys = false}) || !document.Root().IsObject()) {
    error.message = wire::Readable(body);
    return error;
  }
  const Value root = document.Root();
  error.message = FirstText(root, {"message", "Message", "originalMessage"});
  error.type = BareType(FirstText(root, {"__type", "code", "Code"}));
  error.json = std::string(root.Raw());
  if (error.message.empty()) {
    error.message = wire::Readable(body);
  }
  return error;
}

std::string RenderError(const wire::ErrorAnswer& error) {
  return Body(TypeOf(error), error.error.message);
}

VendorError ParseException(std::string_view type, std::string_view payload) {
  VendorError error = ParseError(payload);
  error.type = type;
  return error;
}

void AppendException(const wire::ErrorAnswer& error, std::string& out) {
  net::AppendEventStreamException(out, StreamErrorOf(error.status), Body({}, error.error.message));
}

void AppendException(const VendorError& error, bool own, std::string& out) {
  if (own && IsAwsType(error.type)) {
    net::AppendEventStreamException(out, error.type,
                                    error.json.empty() ? Body({}, error.message) : error.json);
  } else {
    net::AppendEventStreamException(out, StreamTypeOf(error), Body({}, error.message));
  }
}

}  // namespace signalbox::bedrock
