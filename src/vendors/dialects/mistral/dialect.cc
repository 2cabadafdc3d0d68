#include "vendors/dialects/mistral/dialect.h"

#include "vendors/dialects/mistral/answer.h"
#include "vendors/dialects/mistral/errors.h"
#include "vendors/dialects/mistral/features.h"
#include "vendors/dialects/mistral/parse_request.h"
#include "vendors/dialects/mistral/render_request.h"
#include "vendors/dialects/mistral/stream_renderer.h"
#include "vendors/dialects/mistral/thoughts.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::mistral {
namespace {

using chat::Operation;
using core::Result;
using json::Value;

const wire::Dialect& Chat() {
  return openai_chat::TheDialect();
}

// What is the same as OpenAI's, to the letter.
bool IsOpenAis(Operation operation) {
  return operation == Operation::kModerations || operation == Operation::kTranscriptions;
}

// The functions of this folder under the names that all dialects have.
class MistralDialect final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return kTitle; }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kEmbeddings ||
           IsOpenAis(operation);
  }
  bool Takes(const wire::Dialect& client, Operation operation) const override {
    return &client == (IsOpenAis(operation) ? &Chat() : this);
  }
  const wire::FeatureTable& features() const override { return Features(); }
  std::string PathOf(Operation operation, std::string_view, bool) const override {
    return operation == Operation::kEmbeddings ? "/embeddings"
           : IsOpenAis(operation)              ? Chat().PathOf(operation, {}, false)
                                               : "/chat/completions";
  }
  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override {
    return Chat().ReadBill(answer, document);
  }
  catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view tier) const override {
    return Chat().BillOf(usage, tier);
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return mistral::ParseRequest(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms& terms) const override {
    return mistral::RenderRequest(request, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return mistral::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return mistral::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return mistral::NewStreamParser();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return own ? NewOwnStreamRenderer() : std::make_unique<StreamRenderer>();
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return Chat().ParseError(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return mistral::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return mistral::ParseEmbeddingsRequest(body);
  }
  Result<wire::RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return mistral::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return mistral::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return mistral::RenderEmbeddingsAnswer(response);
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const MistralDialect dialect;
  return dialect;
}

}  // namespace signalbox::mistral
