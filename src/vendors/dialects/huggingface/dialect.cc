#include "vendors/dialects/huggingface/dialect.h"

#include "vendors/dialects/huggingface/answer.h"
#include "vendors/dialects/huggingface/embeddings.h"
#include "vendors/dialects/huggingface/errors.h"
#include "vendors/dialects/huggingface/features.h"
#include "vendors/dialects/huggingface/media.h"
#include "vendors/dialects/huggingface/requests.h"
#include "vendors/dialects/huggingface/stream_parser.h"
#include "vendors/dialects/huggingface/stream_renderer.h"

namespace signalbox::huggingface {
namespace {

using chat::Operation;
using core::Result;
using json::Value;

class HuggingFace final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return kTitle; }
  const wire::FeatureTable& features() const override { return Features(); }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kEmbeddings ||
           operation == Operation::kImages || operation == Operation::kSpeech ||
           operation == Operation::kTranscriptions;
  }
  // The slash of an id stays.
  std::string PathOf(Operation operation, std::string_view model, bool) const override {
    std::string path = std::string("/models/").append(model);
    return operation == Operation::kEmbeddings ? path + "/pipeline/feature-extraction" : path;
  }

  // An answer is a list.
  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override {
    if (!document.Parse(answer, {.unique_keys = false})) {
      return std::nullopt;
    }
    const auto response = huggingface::ParseAnswer(document.Root());
    return response && response->usage ? BillOf(*response->usage, {}) : catalog::Bill{};
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return huggingface::ParseRequest(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms& terms) const override {
    return huggingface::RenderRequest(request, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return huggingface::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return huggingface::RenderAnswer(response);
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
    return huggingface::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return huggingface::ParseEmbeddingsRequest(body);
  }
  Result<wire::RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return huggingface::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return huggingface::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return huggingface::RenderEmbeddingsAnswer(response);
  }

  Result<wire::RenderedRequest> RenderImagesRequest(
      const chat::ImagesRequest& request) const override {
    return huggingface::RenderImagesRequest(request);
  }
  Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body) const override {
    return huggingface::ParseImagesAnswer(body);
  }
  Result<wire::RenderedRequest> RenderSpeechRequest(
      const chat::SpeechRequest& request) const override {
    return huggingface::RenderSpeechRequest(request);
  }
  Result<chat::Sound> ParseSpeechAnswer(const Value&, const chat::SpeechRequest&) const override {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "sound was expected, not JSON");
  }
  bool TranslatesSpeech() const override { return false; }
  Result<wire::SoundForm> RenderTranscriptionStart(
      const chat::TranscriptionRequest& request) const override {
    return huggingface::RenderTranscriptionStart(request);
  }
  Result<wire::RenderedRequest> RenderTranscriptionEnd(const chat::TranscriptionRequest& request,
                                                       const wire::SoundForm& form) const override {
    return huggingface::RenderTranscriptionEnd(request, form);
  }
  Result<chat::Transcript> ParseTranscript(const Value& body) const override {
    return huggingface::ParseTranscript(body);
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const HuggingFace dialect;
  return dialect;
}

}  // namespace signalbox::huggingface
