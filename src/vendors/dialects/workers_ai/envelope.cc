#include "vendors/dialects/workers_ai/envelope.h"

#include "base/json/writer.h"
#include "vendors/dialects/workers_ai/errors.h"

namespace signalbox::workers_ai {

core::Result<json::Value> ResultIn(const json::Value& body) {
  if (const auto error = ErrorIn(body)) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, error->message);
  }
  const auto result = body.Find("result");
  return result && result->IsObject() ? *result : body;
}

std::string Enveloped(std::string_view result) {
  std::string text;
  json::Writer out(text);
  out.BeginObject().Key("result").Raw(result).Key("success").Bool(true);
  out.Key("errors").BeginArray().EndArray().Key("messages").BeginArray().EndArray().EndObject();
  return text;
}

}  // namespace signalbox::workers_ai
