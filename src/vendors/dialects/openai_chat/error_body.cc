#include <initializer_list>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/wire/openai_error.h"

namespace signalbox::openai_chat {
namespace {

std::string Render(std::string_view message, std::string_view type, std::string_view param,
                   std::string_view code) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("error").BeginObject();
  out.Key("message").String(message).Key("type").String(type).Key("param");
  param.empty() ? out.Null() : out.String(param);
  out.Key("code");
  code.empty() ? out.Null() : out.String(code);
  out.EndObject().EndObject();
  return body;
}

// Whether a vendor's error value is in OpenAI's form, or near enough: whoever reads that may want
// all of it.
bool IsOurForm(std::string_view json) {
  json::Document document;
  if (!document.Parse(json)) {
    return false;
  }
  const json::Value error = document.Root();
  const auto message = error.Find("message");
  return message && message->IsString() && !error.Find("status") &&
         (error.Find("code") || error.Find("param"));
}

std::string_view FirstOf(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    if (!text.empty()) {
      return text;
    }
  }
  return {};
}

}  // namespace

std::string ErrorBody(const core::Error& error) {
  const wire::OpenAiWords form = wire::OpenAiWordsOf(error);
  return Render(error.message, form.type, error.param, form.code);
}

std::string RenderError(const wire::ErrorAnswer& answer) {
  const chat::VendorError& vendor = answer.vendor;
  if (IsOurForm(vendor.json)) {
    return RenderVendorError(vendor);
  }
  const wire::OpenAiWords form = wire::OpenAiWordsOf(answer.error);
  return Render(FirstOf({vendor.message, answer.error.message}), form.type,
                FirstOf({vendor.param, answer.error.param}),
                FirstOf({vendor.code, form.code, vendor.type}));
}

}  // namespace signalbox::openai_chat
