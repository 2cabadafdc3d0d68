#include "vendors/dialects/mistral/errors.h"

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::mistral {

std::string RenderError(const wire::ErrorAnswer& error) {
  const chat::VendorError& vendor = error.vendor;
  const bool vendors = !vendor.message.empty();
  const std::string type = vendors ? vendor.type : std::string(core::Name(error.error.code));
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("object").String("error");
  out.Key("message").String(vendors ? vendor.message : error.error.message);
  out.Key("type").String(type.empty() ? "server_error" : type);
  const std::string& param = vendors ? vendor.param : error.error.param;
  out.Key("param");
  param.empty() ? out.Null() : out.String(param);
  out.Key("code");
  vendor.code.empty() ? out.Null() : out.String(vendor.code);
  out.EndObject();
  return body;
}

void AppendError(const chat::VendorError& error, std::string& out) {
  constexpr int kStatus = 500;
  net::AppendSseEvent(
      out, {},
      RenderError({.status = kStatus, .error = wire::ToError(kStatus, error), .vendor = error}));
}

}  // namespace signalbox::mistral
