#include "surface/cli/call_failure.h"

#include "base/json/document.h"

namespace signalbox::cli {
namespace {

// A certificate that is not believed: somebody is there.
bool IsTls(const core::Error& error) {
  return error.message.find("tls: ") != std::string::npos;
}

}  // namespace

ExitStatus StatusAfter(const core::Error& error) {
  return error.code == core::ErrorCode::kConnectFailed ? kNotReached : kFailed;
}

std::string Advised(const core::Error& error) {
  if (error.code != core::ErrorCode::kConnectFailed || IsTls(error)) {
    return error.message;
  }
  return error.message +
         "; is it running? Start it with signalbox serve, or name another one with --url";
}

std::string_view AdviceOn(int status) {
  switch (status) {
    case 401:
      return "give its access key with --key or SIGNALBOX_KEY";
    case 404:
      return "signalbox models list shows what can be asked for";
    case 429:
      return "wait, or raise the limit at the provider";
    case 502:
    case 503:
    case 504:
      return "signalbox targets shows their state, signalbox doctor what to do";
    default:
      return "";
  }
}

std::string ErrorMessageOf(std::string_view body) {
  json::Document document;
  if (document.Parse(body)) {
    if (const auto error = document.Root().Find("error")) {
      if (const auto message = error->Find("message")) {
        return message->AsString().value_or("");
      }
    }
  }
  return "";
}

}  // namespace signalbox::cli
