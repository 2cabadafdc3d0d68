#include "vendors/dialects/workers_ai/errors.h"

#include <utility>

#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::workers_ai {
namespace {

using json::Value;

// Cloudflare's code for an HTTP status.
constexpr std::pair<int, int> kCodes[] = {
    {400, 5004}, {401, 10000}, {403, 3041}, {404, 3042},
    {408, 3007}, {413, 3006},  {429, 3036}, {504, 3007},
};

int CodeOf(int status) {
  for (const auto& [known, code] : kCodes) {
    if (known == status) {
      return code;
    }
  }
  return status;
}

bool IsOurs(std::string_view text) {
  json::Document document;
  return !text.empty() && document.Parse(text) && document.Root().IsObject() &&
         document.Root().Find("errors");
}

}  // namespace

std::optional<chat::VendorError> ErrorIn(const Value& object) {
  const auto errors = object.Find("errors");
  const auto first = errors && errors->IsArray() ? errors->FirstChild() : std::nullopt;
  const auto success = object.Find("success");
  if (first || (success && success->AsBool() == false)) {
    chat::VendorError out;
    out.json = std::string(object.Raw());
    if (first) {
      out.message = wire::Readable(wire::LooseText(*first, "message"));
      out.code = wire::LooseText(*first, "code");
    }
    if (out.message.empty()) {
      out.message = wire::Readable(object.Raw());
    }
    return out;
  }
  const auto error = object.Find("error");
  return error && !error->IsNull() ? std::optional(openai_chat::ParseErrorValue(*error))
                                   : std::nullopt;
}

chat::VendorError ParseErrorBody(std::string_view body) {
  json::Document document;
  if (document.Parse(body) && document.Root().IsObject()) {
    if (auto error = ErrorIn(document.Root())) {
      return *std::move(error);
    }
  }
  return openai_chat::ParseErrorBody(body);
}

std::string RenderError(const wire::ErrorAnswer& error) {
  if (IsOurs(error.vendor.json)) {
    return error.vendor.json;
  }
  std::string text;
  json::Writer out(text);
  const std::string& message =
      error.vendor.message.empty() ? error.error.message : error.vendor.message;
  out.BeginObject().Key("result").Null().Key("success").Bool(false);
  out.Key("errors").BeginArray().BeginObject().Key("code").Int(CodeOf(error.status));
  out.Key("message").String(message).EndObject().EndArray();
  out.Key("messages").BeginArray().EndArray().EndObject();
  return text;
}

}  // namespace signalbox::workers_ai
