#include "vendors/dialects/bedrock/dialect.h"

#include <cctype>

#include "base/json/writer.h"
#include "vendors/dialects/bedrock/answer.h"
#include "vendors/dialects/bedrock/embeddings.h"
#include "vendors/dialects/bedrock/errors.h"
#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/bedrock/render_request.h"
#include "vendors/dialects/bedrock/stream_parser.h"
#include "vendors/dialects/bedrock/stream_renderer.h"
#include "vendors/dialects/bedrock/thoughts.h"

namespace signalbox::bedrock {
namespace {

using chat::Operation;
using core::Result;
using json::Value;
using wire::RenderedRequest;

// As AWS's SDKs write a model's id or ARN into a path: all but unreserved characters encoded.
void AppendModel(std::string_view model, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : model) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
}

class Bedrock final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  bool TakesTextDocuments() const override { return true; }
  bool TakesUri(std::string_view uri) const override { return uri.starts_with("s3://"); }
  std::string_view title() const override { return "Bedrock Converse"; }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kEmbeddings ||
           operation == Operation::kCountTokens;
  }
  const wire::FeatureTable& features() const override { return Features(); }
  bool HoldsForeign(std::string_view body) const override { return HoldsSeal(body); }
  wire::Framing framing() const override { return wire::Framing::kEventStream; }

  std::string PathOf(Operation operation, std::string_view model, bool streamed) const override {
    std::string path = "/model/";
    AppendModel(model, path);
    switch (operation) {
      case Operation::kEmbeddings:
        return path + "/invoke";
      case Operation::kCountTokens:
        return path + "/count-tokens";
      default:
        return path + (streamed ? "/converse-stream" : "/converse");
    }
  }

  catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view tier) const override {
    return {.usage = usage.tokens,
            .tier = catalog::FindServiceTier(tier).value_or(catalog::ServiceTier::kStandard),
            .stated = {}};
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return bedrock::ParseRequest(body);
  }
  Result<RenderedRequest> RenderRequest(const chat::Request& request,
                                        const wire::RequestTerms& terms) const override {
    return bedrock::RenderRequest(request, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return bedrock::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return bedrock::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return std::make_unique<StreamRenderer>(own);
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return bedrock::ParseError(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return bedrock::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return bedrock::ParseEmbeddingsRequest(body);
  }
  Result<RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return bedrock::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return bedrock::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return bedrock::RenderEmbeddingsAnswer(response);
  }

  Result<chat::Request> ParseCountRequest(const Value& body) const override {
    return bedrock::ParseCountRequest(body);
  }
  Result<RenderedRequest> RenderCountRequest(const chat::Request& request) const override {
    return bedrock::RenderCountRequest(request);
  }
  Result<std::int64_t> ParseCountAnswer(const Value& body) const override {
    const auto tokens = body.Find("inputTokens");
    const auto count = tokens ? tokens->AsInt() : std::nullopt;
    if (!count) {
      return core::Fail(core::ErrorCode::kUpstreamProtocol, "inputTokens: a count was expected");
    }
    return *count;
  }
  std::string RenderCountAnswer(std::int64_t tokens) const override {
    std::string body;
    json::Writer(body).BeginObject().Key("inputTokens").Int(tokens).EndObject();
    return body;
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const Bedrock kBedrock;
  return kBedrock;
}

}  // namespace signalbox::bedrock
