#include "vendors/dialects/cohere/errors.h"

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using json::Value;

// The id of an error that is in this form, so that it can be asked about.
std::string IdOf(const chat::RawJson& error) {
  json::Document document;
  if (error.empty() || !document.Parse(error)) {
    return {};
  }
  const auto message = document.Root().Find("message");
  return message && message->IsString() ? wire::LooseText(document.Root(), "id") : std::string();
}

}  // namespace

chat::VendorError ParseError(std::string_view body) {
  json::Document document;
  chat::VendorError error;
  if (!document.Parse(body)) {
    error.message = wire::Readable(body);
    return error;
  }
  Value root = document.Root();
  // In front of Cohere stand servers that wrap their errors as OpenAI does.
  if (const auto inner = root.Find("error"); inner && inner->IsObject()) {
    root = *inner;
  }
  error.json = std::string(root.Raw());
  for (const char* key : {"message", "detail", "error"}) {
    if (error.message.empty()) {
      error.message = wire::Readable(wire::LooseText(root, key));
    }
  }
  if (error.message.empty()) {
    error.message = wire::Readable(root.IsString() ? *root.AsString() : std::string(root.Raw()));
  }
  error.type = wire::LooseText(root, "type");
  error.code = wire::LooseText(root, "code");
  return error;
}

std::string RenderError(const wire::ErrorAnswer& error) {
  const bool vendors = !error.vendor.message.empty();
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  wire::RenderText("id", vendors ? IdOf(error.vendor.json) : "", out);
  out.Key("message").String(vendors ? error.vendor.message : error.error.message);
  out.EndObject();
  return body;
}

}  // namespace signalbox::cohere
