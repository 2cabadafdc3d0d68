#include "vendors/dialects/ollama/errors.h"

#include "base/json/writer.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::ollama {
namespace {

// {"error":"…"} with whatever else stands beside it.
bool IsOurs(std::string_view text) {
  json::Document document;
  if (text.empty() || !document.Parse(text)) {
    return false;
  }
  const auto error = document.Root().Find("error");
  return error && error->IsString();
}

}  // namespace

chat::VendorError ParseErrorValue(const json::Value& object) {
  chat::VendorError out;
  out.json = std::string(object.Raw());
  const auto error = object.Find("error");
  if (error && error->IsObject()) {  // the proxies of others before it
    out.message = wire::Readable(wire::LooseText(*error, "message"));
    out.type = wire::LooseText(*error, "type");
    out.code = wire::LooseText(*error, "code");
  } else {
    out.message = wire::Readable(wire::LooseText(object, "error"));
  }
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

std::string RenderVendorError(const chat::VendorError& error, std::string_view ours) {
  if (IsOurs(error.json)) {
    return error.json;
  }
  std::string text;
  json::Writer out(text);
  const std::string_view message = error.message.empty() ? ours : std::string_view(error.message);
  out.BeginObject().Key("error").String(message).EndObject();
  return text;
}

}  // namespace signalbox::ollama
