#include "vendors/dialects/openai_responses/errors.h"

#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/openai_error.h"

namespace signalbox::openai_responses {
namespace {

using chat::VendorError;
using json::Value;
using json::Writer;

void TextOrNull(std::string_view key, std::string_view text, Writer& out) {
  out.Key(key);
  text.empty() ? out.Null() : out.String(text);
}

void RenderErrorObject(const VendorError& error, Writer& out) {
  out.BeginObject().Key("message").String(error.message);
  out.Key("type").String(error.type.empty() ? "server_error" : error.type);
  TextOrNull("param", error.param, out);
  TextOrNull("code", error.code, out);
  out.EndObject();
}

// A whole error of OpenAI's own form, as the vendor wrote it.
bool IsOpenAiForm(const VendorError& error) {
  return error.json.starts_with('{') && !error.type.empty() &&
         error.json.find(R"("message")") != std::string::npos &&
         error.json.find(R"("code")") != std::string::npos;
}

// `text` as JSON can hold it: bytes that are no UTF-8 are shown as "?".
std::string Printable(std::string_view text) {
  std::string quoted;
  json::AppendQuoted(quoted, text);
  json::Document document;
  std::string out(text);
  if (!document.Parse(quoted)) {
    for (char& c : out) {
      c = static_cast<unsigned char>(c) < 0x80 ? c : '?';
    }
  }
  return out;
}

}  // namespace

VendorError ParseErrorValue(const Value& error) {
  return wire::ParseOpenAiError(error);
}

VendorError ParseErrorBody(std::string_view body) {
  json::Document document;
  if (!document.Parse(body, {.unique_keys = false})) {
    VendorError error;
    error.message = wire::Readable(Printable(body));
    return error;
  }
  const auto error = document.Root().Find("error");
  return ParseErrorValue(error && !error->IsNull() ? *error : document.Root());
}

VendorError ParseErrorEvent(const Value& event) {
  const auto inner = event.Find("error");
  if (inner && !inner->IsNull()) {
    return ParseErrorValue(*inner);
  }
  VendorError error = ParseErrorValue(event);
  error.type.clear();  // is the event's
  error.json.clear();
  return error;
}

VendorError InOurWords(const wire::ErrorAnswer& error) {
  if (!error.vendor.message.empty() || !error.vendor.json.empty()) {
    VendorError out = error.vendor;
    const wire::OpenAiWords form = wire::OpenAiWordsOf(error.error);
    out.message = out.message.empty() ? error.error.message : out.message;
    if (!IsOpenAiForm(out)) {
      out.json.clear();
      out.type = form.type;
      out.code = out.code.empty() ? std::string(form.code) : out.code;
    }
    return out;
  }
  const wire::OpenAiWords form = wire::OpenAiWordsOf(error.error);
  VendorError out;
  out.message = error.error.message;
  out.type = form.type;
  out.code = form.code;
  out.param = error.error.param;
  return out;
}

std::string RenderErrorBody(const wire::ErrorAnswer& error) {
  const VendorError said = InOurWords(error);
  std::string body;
  Writer out(body);
  out.BeginObject().Key("error");
  IsOpenAiForm(said) ? void(out.Raw(said.json)) : RenderErrorObject(said, out);
  out.EndObject();
  return body;
}

void RenderErrorMembers(const VendorError& error, Writer& out) {
  TextOrNull("code", error.code, out);
  out.Key("message").String(error.message);
  TextOrNull("param", error.param, out);
  out.Key("error");
  IsOpenAiForm(error) ? void(out.Raw(error.json)) : RenderErrorObject(error, out);
}

}  // namespace signalbox::openai_responses
