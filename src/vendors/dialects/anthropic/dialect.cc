#include "vendors/dialects/anthropic/dialect.h"

#include <memory>

#include "base/json/writer.h"
#include "vendors/dialects/anthropic/answer.h"
#include "vendors/dialects/anthropic/errors.h"
#include "vendors/dialects/anthropic/features.h"
#include "vendors/dialects/anthropic/parse_request.h"
#include "vendors/dialects/anthropic/render_request.h"
#include "vendors/dialects/anthropic/stream_parser.h"
#include "vendors/dialects/anthropic/stream_renderer.h"
#include "vendors/dialects/anthropic/usage.h"

namespace signalbox::anthropic {
namespace {

using chat::Operation;
using core::Result;
using json::Value;
using wire::RenderedRequest;

class AnthropicDialect final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return kTitle; }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kCountTokens;
  }
  const wire::FeatureTable& features() const override { return Features(); }
  bool HoldsForeign(std::string_view body) const override {
    return body.find("signalbox:{") != body.npos;  // a seal, see seal.h
  }
  std::string PathOf(Operation operation, std::string_view, bool) const override {
    return operation == Operation::kCountTokens ? "/messages/count_tokens" : "/messages";
  }

  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override {
    return anthropic::ReadBill(answer, document);
  }
  catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view tier) const override {
    return anthropic::BillOf(usage, tier);
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return anthropic::ParseRequest(body);
  }
  Result<RenderedRequest> RenderRequest(const chat::Request& request,
                                        const wire::RequestTerms& terms) const override {
    return anthropic::RenderRequest(request, terms);
  }
  bool PutsFormsIntoWords() const override { return true; }
  bool TakesTextDocuments() const override { return true; }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return anthropic::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return anthropic::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<AnthropicStreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return std::make_unique<AnthropicStreamRenderer>(own);
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return anthropic::ParseError(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return anthropic::RenderError(error);
  }

  Result<chat::Request> ParseCountRequest(const Value& body) const override {
    return anthropic::ParseRequest(body);
  }
  Result<RenderedRequest> RenderCountRequest(const chat::Request& request) const override {
    return anthropic::RenderCountRequest(request);
  }
  Result<std::int64_t> ParseCountAnswer(const Value& body) const override {
    const auto tokens = body.Find("input_tokens");
    const auto count = tokens ? tokens->AsInt() : std::nullopt;
    if (!count || *count < 0) {
      return core::Fail(core::ErrorCode::kUpstreamProtocol, "input_tokens: a count was expected");
    }
    return *count;
  }
  std::string RenderCountAnswer(std::int64_t tokens) const override {
    std::string body;
    json::Writer(body).BeginObject().Key("input_tokens").Int(tokens).EndObject();
    return body;
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const AnthropicDialect kTheDialect;
  return kTheDialect;
}

}  // namespace signalbox::anthropic
