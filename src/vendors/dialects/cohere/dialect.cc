#include "vendors/dialects/cohere/dialect.h"

#include "vendors/dialects/cohere/answer.h"
#include "vendors/dialects/cohere/embeddings.h"
#include "vendors/dialects/cohere/errors.h"
#include "vendors/dialects/cohere/features.h"
#include "vendors/dialects/cohere/parse_request.h"
#include "vendors/dialects/cohere/render_request.h"
#include "vendors/dialects/cohere/rerank.h"
#include "vendors/dialects/cohere/stream_parser.h"
#include "vendors/dialects/cohere/stream_renderer.h"
#include "vendors/dialects/cohere/usage.h"

namespace signalbox::cohere {
namespace {

using chat::Operation;
using core::Result;

class CohereDialect final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return kTitle; }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kEmbeddings ||
           operation == Operation::kRerank;
  }
  const wire::FeatureTable& features() const override { return Features(); }
  std::string PathOf(Operation operation, std::string_view, bool) const override {
    return operation == Operation::kEmbeddings ? "/embed"
           : operation == Operation::kRerank   ? "/rerank"
                                               : "/chat";
  }

  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override;
  catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view) const override {
    return {.usage = BilledOf(usage), .tier = {}, .stated = {}};
  }

  Result<chat::Request> ParseRequest(const json::Value& body) const override {
    return cohere::ParseRequest(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms& terms) const override {
    return cohere::RenderRequest(request, terms);
  }
  Result<chat::Response> ParseAnswer(const json::Value& body) const override {
    return cohere::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return cohere::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<cohere::StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return std::make_unique<cohere::StreamRenderer>(own);
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return cohere::ParseError(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return cohere::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const json::Value& body) const override {
    return cohere::ParseEmbeddingsRequest(body);
  }
  Result<wire::RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return cohere::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const json::Value& body) const override {
    return cohere::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return cohere::RenderEmbeddingsAnswer(response);
  }
  Result<chat::RerankRequest> ParseRerankRequest(const json::Value& body) const override {
    return cohere::ParseRerankRequest(body);
  }
  Result<wire::RenderedRequest> RenderRerankRequest(
      const chat::RerankRequest& request) const override {
    return cohere::RenderRerankRequest(request);
  }
  Result<chat::RerankResponse> ParseRerankAnswer(const json::Value& body) const override {
    return cohere::ParseRerankAnswer(body);
  }
  std::string RenderRerankAnswer(const chat::RerankResponse& response) const override {
    return cohere::RenderRerankAnswer(response);
  }
};

// `usage` of a chat, `meta` of the others, `usage` again of other rerankers.
std::optional<catalog::Bill> CohereDialect::ReadBill(std::string_view answer,
                                                     json::Document& document) const {
  if (!document.Parse(answer, {.unique_keys = false}) || !document.Root().IsObject()) {
    return std::nullopt;
  }
  const json::Value root = document.Root();
  const auto usage = root.Find("usage");
  const auto meta = root.Find("meta");
  if (root.Find("results") && usage) {
    const auto ranked = cohere::ParseRerankAnswer(root);
    return ranked && ranked->usage ? BillOf(*ranked->usage, {}) : catalog::Bill{};
  }
  return usage  ? BillOf(ParseUsage(*usage), {})
         : meta ? BillOf(ParseUsage(*meta), {})
                : catalog::Bill{};
}

}  // namespace

const wire::Dialect& TheDialect() {
  static const CohereDialect dialect;
  return dialect;
}

}  // namespace signalbox::cohere
