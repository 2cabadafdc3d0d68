#include <utility>

#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/simple/form.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::simple {
namespace {

using chat::Request;
using chat::Response;
using core::Status;
using json::Value;

struct Body {
  Request request;
  std::string provider;
  std::string model;
  std::optional<std::string> prompt;
};

using V = const Value&;
constexpr wire::Field<Body> kFields[] = {
    {"prompt", [](V v, Body& b) { return wire::ReadText(v, b.prompt.emplace()); }},
    {"provider", [](V v, Body& b) { return wire::ReadText(v, b.provider); }},
    {"model", [](V v, Body& b) { return wire::ReadText(v, b.model); }},
    {"maxTokens",
     [](V v, Body& b) { return wire::ReadInt(v, b.request.sampling.max_output_tokens); }},
    {"temperature",
     [](V v, Body& b) { return wire::ReadNumber(v, b.request.sampling.temperature); }},
    {"stream", [](V v, Body& b) { return wire::ReadBool(v, b.request.stream); }},
};

Status ReadData(const Value& value, Response& out) {
  chat::Choice& choice = out.choices.emplace_back();
  choice.finish = chat::FinishReason::kStop;
  chat::Text text;
  SB_CHECK_OK(wire::ReadText(value, text.text));
  choice.parts.push_back({.content = std::move(text)});
  return {};
}

constexpr wire::Field<Response> kAnswerFields[] = {
    {"success", [](V, Response&) { return Status{}; }},
    {"data", ReadData, wire::OnFailure::kDrop},
    {"model", [](V v, Response& out) { return wire::ReadText(v, out.model); }},
    {"usage",
     [](V v, Response& out) -> Status {
       out.usage = ParseUsage(v);
       return out.usage ? Status{} : wire::Expected("an object");
     }},
};

core::Error Named(core::Error error) {
  if (!error.param.empty()) {
    error.message = error.param + ": " + error.message;
  }
  return error;
}

}  // namespace

std::string ModelOf(std::string_view provider, std::string_view model) {
  if (provider.empty() || model.empty()) {
    return std::string(provider.empty() ? (model.empty() ? "auto" : model) : provider);
  }
  return std::string(provider).append("/").append(model);
}

core::Result<Request> ParseRequest(const Value& body) {
  Body read;
  auto status = wire::ReadObject(body, kFields, read, read.request.extra);
  if (status && (!read.prompt || read.prompt->empty())) {
    status = std::unexpected(wire::UnderMember("prompt", wire::Expected("a text").error()));
  }
  if (!status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  Request& request = read.request;
  request.dialect = kDialect;
  request.model = ModelOf(read.provider, read.model);
  chat::Message& message = request.messages.emplace_back();
  message.parts.push_back({.content = chat::Text{.text = *std::move(read.prompt)}});
  return std::move(request);
}

std::optional<chat::UsageReport> ParseUsage(const Value& usage) {
  if (!usage.IsObject()) {
    return std::nullopt;
  }
  const auto count = [&](std::string_view key) {
    const auto value = usage.Find(key);
    return value ? std::max<std::int64_t>(value->AsInt().value_or(-1), -1) : -1;
  };
  chat::UsageReport report;
  report.tokens.input = count("inputTokens");
  report.tokens.output = count("outputTokens");
  report.total = count("totalTokens");
  return report;
}

core::Result<Response> ParseAnswer(const Value& body) {
  const auto success = body.Find("success");
  if (!success || success->AsBool() != true) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "success: true was expected");
  }
  Response response;
  response.dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kAnswerFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

chat::VendorError ParseError(std::string_view body) {
  chat::VendorError out;
  json::Document document;
  if (!document.Parse(body)) {
    out.message = wire::Readable(body);
    return out;
  }
  const auto inner = document.Root().Find("error");
  const Value error = inner ? *inner : document.Root();
  out.json = std::string(error.Raw());
  out.message = wire::Readable(error.IsObject() ? wire::LooseText(error, "message") : out.json);
  out.type = wire::LooseText(error, "type");
  out.code = wire::LooseText(error, "code");
  return out;
}

}  // namespace signalbox::simple
