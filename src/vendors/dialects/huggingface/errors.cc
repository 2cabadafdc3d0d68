#include "vendors/dialects/huggingface/errors.h"

#include "base/json/writer.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::huggingface {
namespace {

using json::Value;

bool IsOurs(std::string_view text) {
  json::Document document;
  if (text.empty() || !document.Parse(text)) {
    return false;
  }
  const auto error = document.Root().Find("error");
  return error && !error->IsObject();
}

std::string_view TypeOf(int status) {
  if (status == 429 || status == 503) {
    return "overloaded";
  }
  return status < 500 ? "validation" : "generation";
}

std::string MessageIn(const Value& object) {
  const auto error = object.Find("error");
  if (!error) {
    return wire::LooseText(object, "message");
  }
  if (error->IsObject()) {
    return wire::LooseText(*error, "message");
  }
  const auto first = error->IsArray() ? error->FirstChild() : std::nullopt;
  return first && first->IsString() ? *first->AsString() : wire::LooseText(object, "error");
}

}  // namespace

chat::VendorError ParseErrorValue(const Value& object) {
  chat::VendorError out;
  out.json = std::string(object.Raw());
  out.message = wire::Readable(MessageIn(object));
  out.type = wire::LooseText(object, "error_type");
  if (out.message.empty()) {
    out.message = wire::Readable(object.Raw());
  }
  return out;
}

chat::VendorError ParseErrorBody(std::string_view body) {
  json::Document document;
  if (document.Parse(body) && document.Root().IsObject()) {
    return ParseErrorValue(document.Root());
  }
  chat::VendorError error;
  error.message = wire::Readable(body);
  return error;
}

std::string RenderError(const wire::ErrorAnswer& error) {
  if (IsOurs(error.vendor.json)) {
    return error.vendor.json;
  }
  std::string text;
  json::Writer out(text);
  out.BeginObject().Key("error");
  out.String(error.vendor.message.empty() ? error.error.message : error.vendor.message);
  out.Key("error_type").String(TypeOf(error.status)).EndObject();
  return text;
}

}  // namespace signalbox::huggingface
