#include "vendors/dialects/openai_chat/errors.h"

#include <optional>

#include "base/json/writer.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/openai_error.h"

namespace signalbox::openai_chat {
namespace {

using json::Value;

std::optional<Value> Meaningful(const Value& object, std::string_view key) {
  auto member = object.Find(key);
  return member && !member->IsNull() ? member : std::nullopt;
}

}  // namespace

chat::VendorError ParseErrorValue(const Value& error) {
  return wire::ParseOpenAiError(error);
}

chat::VendorError ParseErrorBody(std::string_view body) {
  json::Document document;
  if (!document.Parse(body)) {
    chat::VendorError error;
    error.message = wire::Readable(body);
    return error;
  }
  Value root = document.Root();
  if (root.IsArray() && root.FirstChild()) {
    root = *root.FirstChild();  // Google's OpenAI form wraps the object in a list
  }
  const auto error = Meaningful(root, "error");
  return ParseErrorValue(error ? *error : root);
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
