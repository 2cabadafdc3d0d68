#include "surface/api/error_form.h"

#include "base/json/writer.h"
#include "vendors/dialects/wire/openai_error.h"

namespace signalbox::api {

std::string ManagementError(const core::Error& error, std::string_view request_id) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("error").BeginObject();
  out.Key("type").String(wire::OpenAiWordsOf(error).type);
  out.Key("code").String(core::Name(error.code)).Key("message").String(error.message);
  out.Key("param");
  error.param.empty() ? out.Null() : out.String(error.param);
  out.Key("request_id").String(request_id).EndObject().EndObject();
  return body;
}

}  // namespace signalbox::api
