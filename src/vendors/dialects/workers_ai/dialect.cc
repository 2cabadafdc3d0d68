#include "vendors/dialects/workers_ai/dialect.h"

#include "vendors/dialects/workers_ai/answer.h"
#include "vendors/dialects/workers_ai/errors.h"
#include "vendors/dialects/workers_ai/features.h"
#include "vendors/dialects/workers_ai/lists.h"
#include "vendors/dialects/workers_ai/media.h"
#include "vendors/dialects/workers_ai/requests.h"
#include "vendors/dialects/workers_ai/stream_parser.h"
#include "vendors/dialects/workers_ai/stream_renderer.h"

namespace signalbox::workers_ai {
namespace {

using chat::Operation;
using core::Result;
using json::Value;

class WorkersAi final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return "Workers AI"; }
  const wire::FeatureTable& features() const override { return Features(); }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kEmbeddings ||
           operation == Operation::kRerank || operation == Operation::kImages ||
           operation == Operation::kSpeech || operation == Operation::kTranscriptions;
  }
  // The same for all: what is done is the model's to know.
  std::string PathOf(Operation, std::string_view model, bool) const override {
    return std::string("/run/").append(model);
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return workers_ai::ParseRequest(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms& terms) const override {
    return workers_ai::RenderRequest(request, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return workers_ai::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return workers_ai::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return std::make_unique<StreamRenderer>(own);
  }
  chat::VendorError ParseError(std::string_view body) const override {
    return ParseErrorBody(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return workers_ai::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return workers_ai::ParseEmbeddingsRequest(body);
  }
  Result<wire::RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return workers_ai::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return workers_ai::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return workers_ai::RenderEmbeddingsAnswer(response);
  }
  Result<chat::RerankRequest> ParseRerankRequest(const Value& body) const override {
    return workers_ai::ParseRerankRequest(body);
  }
  Result<wire::RenderedRequest> RenderRerankRequest(
      const chat::RerankRequest& request) const override {
    return workers_ai::RenderRerankRequest(request);
  }
  Result<chat::RerankResponse> ParseRerankAnswer(const Value& body) const override {
    return workers_ai::ParseRerankAnswer(body);
  }
  std::string RenderRerankAnswer(const chat::RerankResponse& response) const override {
    return workers_ai::RenderRerankAnswer(response);
  }

  Result<wire::RenderedRequest> RenderImagesRequest(
      const chat::ImagesRequest& request) const override {
    return workers_ai::RenderImagesRequest(request);
  }
  Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body) const override {
    return workers_ai::ParseImagesAnswer(body);
  }
  Result<wire::RenderedRequest> RenderSpeechRequest(
      const chat::SpeechRequest& request) const override {
    return workers_ai::RenderSpeechRequest(request);
  }
  Result<chat::Sound> ParseSpeechAnswer(const Value& body,
                                        const chat::SpeechRequest&) const override {
    return workers_ai::ParseSpeechAnswer(body);
  }
  Result<wire::SoundForm> RenderTranscriptionStart(
      const chat::TranscriptionRequest& request) const override {
    return workers_ai::RenderTranscriptionStart(request);
  }
  Result<wire::RenderedRequest> RenderTranscriptionEnd(const chat::TranscriptionRequest& request,
                                                       const wire::SoundForm& form) const override {
    return workers_ai::RenderTranscriptionEnd(request, form);
  }
  Result<chat::Transcript> ParseTranscript(const Value& body) const override {
    return workers_ai::ParseTranscript(body);
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const WorkersAi dialect;
  return dialect;
}

}  // namespace signalbox::workers_ai
