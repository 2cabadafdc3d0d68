#include "vendors/dialects/gemini/dialect.h"

#include "base/json/writer.h"
#include "vendors/dialects/gemini/embeddings.h"
#include "vendors/dialects/gemini/errors.h"
#include "vendors/dialects/gemini/features.h"
#include "vendors/dialects/gemini/media.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/parse_answer.h"
#include "vendors/dialects/gemini/parse_request.h"
#include "vendors/dialects/gemini/render_answer.h"
#include "vendors/dialects/gemini/render_request.h"
#include "vendors/dialects/gemini/stream_parser.h"
#include "vendors/dialects/gemini/stream_renderer.h"
#include "vendors/dialects/gemini/usage_form.h"

#include "vendors/dialects/gemini/seal.h"

namespace signalbox::gemini {
namespace {

using chat::Operation;
using core::Result;
using json::Value;
using wire::RenderedRequest;

// Of a request whose tokens are to be counted.
void TakeInnerModel(const Value& body, chat::Envelope& out) {
  const auto inner = Find(body, "generateContentRequest");
  const auto model = inner ? Find(*inner, "model") : std::nullopt;
  if (model && model->IsString()) {
    out.model = *model->AsString();
    out.model_value = {model->offset(), model->offset() + model->Raw().size()};
  }
}

class Dialect final : public wire::Dialect {
 public:
  explicit Dialect(Host host) : host_(host) {}

  std::string_view name() const override { return kDialect; }
  std::string_view title() const override {
    return host_ == Host::kVertex ? "Vertex AI" : "Gemini";
  }
  bool Has(Operation operation) const override {
    return operation == Operation::kChat || operation == Operation::kEmbeddings ||
           operation == Operation::kCountTokens || operation == Operation::kImages ||
           operation == Operation::kSpeech;
  }
  // Embeddings name their model inside the body, once per input.
  bool Takes(const wire::Dialect& client, Operation operation) const override {
    return this == &client &&
           (operation == Operation::kChat || operation == Operation::kCountTokens);
  }
  const wire::FeatureTable& features() const override { return FeaturesAt(host_); }
  bool HoldsForeign(std::string_view body) const override { return HoldsSeal(body); }
  bool TakesTextDocuments() const override { return true; }
  bool TakesUri(std::string_view uri) const override { return gemini::TakesUri(uri); }
  std::string PathOf(Operation operation, std::string_view model, bool streamed) const override {
    std::string path = "/" + ModelPath(model);
    switch (operation) {
      case Operation::kEmbeddings:
        return path + (host_ == Host::kVertex ? ":predict" : ":batchEmbedContents");
      case Operation::kCountTokens:
        return path + ":countTokens";
      case Operation::kImages:
        return path + (IsImagen(model) ? ":predict" : ":generateContent");
      case Operation::kSpeech:
        return path + ":generateContent";
      default:
        return path + (streamed ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }
  }

  // The model stands in the URL; one that the body names as well is said in Google's way.
  Result<chat::Envelope> ReadEnvelope(const json::Document& body,
                                      Operation operation) const override {
    SB_TRY(chat::Envelope envelope, wire::Dialect::ReadEnvelope(body, operation));
    if (operation == Operation::kCountTokens && envelope.model_value.empty()) {
      TakeInnerModel(body.Root(), envelope);
    }
    if (envelope.model.starts_with("models/")) {
      envelope.model.erase(0, std::string_view("models/").size());
    }
    envelope.stream = false;
    return envelope;
  }
  void PlanEdits(const chat::Envelope& envelope, std::string_view upstream_model, bool,
                 chat::EditList& out) const override {
    if (!envelope.model_value.empty()) {
      std::string text;
      json::AppendQuoted(text, "models/" + std::string(upstream_model));
      out.Add(envelope.model_value, std::move(text));
    }
  }
  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override;
  catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view tier) const override {
    return {.usage = usage.tokens,
            .tier = catalog::FindServiceTier(tier).value_or(catalog::ServiceTier::kStandard),
            .stated = {}};
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return gemini::ParseRequest(body);
  }
  Result<RenderedRequest> RenderRequest(const chat::Request& request,
                                        const wire::RequestTerms& terms) const override {
    return gemini::RenderRequest(request, host_, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return gemini::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return gemini::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(
      bool own, const wire::AnswerTerms& terms) const override {
    return std::make_unique<StreamRenderer>(own, terms.framing);
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return gemini::ParseError(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return gemini::RenderError(error);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return gemini::ParseEmbeddingsRequest(body);
  }
  Result<RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return gemini::RenderEmbeddingsRequest(request, host_);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return gemini::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return gemini::RenderEmbeddingsAnswer(response, host_);
  }

  Result<RenderedRequest> RenderImagesRequest(const chat::ImagesRequest& request) const override {
    return gemini::RenderImagesRequest(request, host_);
  }
  Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body) const override {
    if (body.json == nullptr) {
      return core::Fail(core::ErrorCode::kUpstreamProtocol, "the answer is not JSON");
    }
    return gemini::ParseImagesAnswer(*body.json);
  }
  Result<RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request) const override {
    return gemini::RenderSpeechRequest(request);
  }
  Result<chat::Sound> ParseSpeechAnswer(const Value& body,
                                        const chat::SpeechRequest& request) const override {
    return gemini::ParseSpeechAnswer(body, request);
  }

  Result<chat::Request> ParseCountRequest(const Value& body) const override {
    return gemini::ParseCountRequest(body);
  }
  Result<RenderedRequest> RenderCountRequest(const chat::Request& request) const override {
    return gemini::RenderCountRequest(request, host_);
  }
  Result<std::int64_t> ParseCountAnswer(const Value& body) const override;
  std::string RenderCountAnswer(std::int64_t tokens) const override {
    return "{\"totalTokens\":" + std::to_string(tokens) + "}";
  }

 private:
  const Host host_;
};

// The usage alone: the rest of the answer is not looked at.
std::optional<catalog::Bill> Dialect::ReadBill(std::string_view answer,
                                               json::Document& document) const {
  if (!document.Parse(answer, {.unique_keys = false}) || !document.Root().IsObject()) {
    return std::nullopt;
  }
  const auto usage = document.Root().Find("usageMetadata");
  return usage && usage->IsObject() ? BillOf(ParseUsage(*usage), TierOf(*usage)) : catalog::Bill{};
}

Result<std::int64_t> Dialect::ParseCountAnswer(const Value& body) const {
  const auto total = Find(body, "totalTokens");
  const auto tokens = total ? total->AsInt() : std::optional<std::int64_t>(0);  // proto JSON: 0
  if (!body.IsObject() || !tokens) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "totalTokens was expected");
  }
  return *tokens;
}

}  // namespace

const wire::Dialect& TheDialect() {
  static const Dialect kGemini(Host::kGemini);
  return kGemini;
}

const wire::Dialect& Vertex() {
  static const Dialect kVertex(Host::kVertex);
  return kVertex;
}

}  // namespace signalbox::gemini
