#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/features.h"
#include "vendors/dialects/openai_chat/media_forms.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/dialects/openai_chat/render_request.h"
#include "vendors/dialects/openai_chat/stream_parser.h"
#include "vendors/dialects/openai_chat/stream_renderer.h"
#include "vendors/dialects/openai_chat/usage_form.h"

namespace signalbox::openai_chat {
namespace {

using chat::Operation;
using core::Result;
using json::Value;

// The functions of this folder under the names that all dialects have.
class ChatDialect final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return kTitle; }
  bool Has(Operation operation) const override { return !PathFor(operation).empty(); }
  const wire::FeatureTable& features() const override { return Features(); }
  bool Takes(const wire::Dialect& client, Operation) const override {
    return &client == this || &client == &Completions();
  }
  std::string PathOf(Operation operation, std::string_view, bool) const override {
    return std::string(PathFor(operation));
  }

  Result<chat::Envelope> ReadEnvelope(const json::Document& body,
                                      Operation operation) const override {
    return openai_chat::ReadEnvelope(body, operation);
  }
  void PlanEdits(const chat::Envelope& envelope, std::string_view upstream_model,
                 bool ask_for_usage, chat::EditList& out) const override {
    openai_chat::PlanEdits(envelope, upstream_model, ask_for_usage, out);
  }
  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override {
    return openai_chat::ReadBill(answer, document);
  }
  catalog::Bill BillOf(const chat::UsageReport& usage,
                       std::string_view service_tier) const override {
    return openai_chat::BillOf(usage, service_tier);
  }

  bool PutsFormsIntoWords() const override { return true; }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return openai_chat::ParseRequest(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms& terms) const override {
    return openai_chat::RenderRequest(request, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return openai_chat::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return openai_chat::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(
      bool own, const wire::AnswerTerms& terms) const override {
    return std::make_unique<StreamRenderer>(own, terms);
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return ParseErrorBody(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return openai_chat::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return openai_chat::ParseEmbeddingsRequest(body);
  }
  Result<wire::RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return openai_chat::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return openai_chat::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return openai_chat::RenderEmbeddingsAnswer(response);
  }

  Result<chat::ImagesRequest> ParseImagesRequest(const Value& body) const override {
    return openai_chat::ParseImagesRequest(body);
  }
  std::string RenderImagesAnswer(const chat::ImagesResponse& response) const override {
    return openai_chat::RenderImagesAnswer(response);
  }
  Result<chat::SpeechRequest> ParseSpeechRequest(const Value& body) const override {
    return openai_chat::ParseSpeechRequest(body);
  }
  core::Status ReadTranscriptionField(std::string_view name, std::string_view value,
                                      chat::TranscriptionRequest& out) const override {
    return openai_chat::ReadTranscriptionField(name, value, out);
  }
  Result<wire::RenderedTranscript> RenderTranscript(
      const chat::Transcript& transcript,
      const chat::TranscriptionRequest& request) const override {
    return openai_chat::RenderTranscript(transcript, request);
  }

 private:
  static std::string_view PathFor(Operation operation) {
    switch (operation) {
      case Operation::kChat:
        return "/chat/completions";
      case Operation::kEmbeddings:
        return "/embeddings";
      case Operation::kCompletions:
        return "/completions";
      case Operation::kModerations:
        return "/moderations";
      case Operation::kImages:
        return "/images/generations";
      case Operation::kSpeech:
        return "/audio/speech";
      case Operation::kTranscriptions:
        return "/audio/transcriptions";
      default:
        return {};
    }
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const ChatDialect dialect;
  return dialect;
}

}  // namespace signalbox::openai_chat
