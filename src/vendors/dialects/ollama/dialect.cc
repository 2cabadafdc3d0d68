#include "vendors/dialects/ollama/dialect.h"

#include "vendors/dialects/ollama/answer.h"
#include "vendors/dialects/ollama/embeddings.h"
#include "vendors/dialects/ollama/errors.h"
#include "vendors/dialects/ollama/expressible.h"
#include "vendors/dialects/ollama/parse_request.h"
#include "vendors/dialects/ollama/render_request.h"
#include "vendors/dialects/ollama/stream_parser.h"
#include "vendors/dialects/ollama/stream_renderer.h"

namespace signalbox::ollama {
namespace {

using chat::Operation;
using core::Result;
using json::Value;

std::int64_t CountIn(const Value& root, std::string_view key) {
  const auto count = root.Find(key);
  const std::int64_t number = count ? count->AsInt().value_or(-1) : -1;
  return number < 0 ? -1 : number;
}

class Ollama final : public wire::Dialect {
 public:
  explicit Ollama(Form form) : form_(form) {}

  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return "Ollama"; }
  wire::Framing framing() const override { return wire::Framing::kLines; }
  const wire::FeatureTable& features() const override { return Features(); }

  bool Has(Operation operation) const override {
    switch (form_) {
      case Form::kChat:
        return operation == Operation::kChat || operation == Operation::kGenerate ||
               operation == Operation::kEmbeddings;
      case Form::kGenerate:
        return operation == Operation::kChat || operation == Operation::kGenerate;
      case Form::kOldEmbeddings:
        return operation == Operation::kEmbeddings;
    }
    return false;
  }
  std::string PathOf(Operation operation, std::string_view, bool) const override {
    if (operation == Operation::kEmbeddings) {
      return form_ == Form::kOldEmbeddings ? "/api/embeddings" : "/api/embed";
    }
    const bool generate = operation == Operation::kGenerate || form_ == Form::kGenerate;
    return generate ? "/api/generate" : "/api/chat";
  }
  // Both ask for the operation at its own path.
  bool Takes(const Dialect& client, Operation operation) const override {
    if (this == &client) {
      return true;
    }
    return form_ == Form::kChat && &client == &DialectOf(Form::kGenerate) &&
           operation == Operation::kGenerate;
  }

  // A stream is what Ollama sends unless it is told not to.
  Result<chat::Envelope> ReadEnvelope(const json::Document& body,
                                      Operation operation) const override {
    SB_TRY(chat::Envelope envelope, Dialect::ReadEnvelope(body, operation));
    const auto stream = body.Root().Find("stream");
    const bool stated = stream && !stream->IsNull();
    envelope.stream = operation != Operation::kEmbeddings && (!stated || envelope.stream);
    return envelope;
  }
  // The counts stand in the answer itself, whichever it is.
  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override {
    if (!document.Parse(answer, {.unique_keys = false}) || !document.Root().IsObject()) {
      return std::nullopt;
    }
    catalog::Bill bill;
    bill.usage.input = CountIn(document.Root(), "prompt_eval_count");
    bill.usage.output = CountIn(document.Root(), "eval_count");
    return bill;
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return form_ == Form::kGenerate ? ParseGenerate(body) : ParseChat(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms& terms) const override {
    return form_ == Form::kGenerate ? RenderGenerate(request, terms) : RenderChat(request, terms);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return ollama::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return ollama::RenderAnswer(response, form_);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return std::make_unique<StreamRenderer>(form_, own);
  }
  chat::VendorError ParseError(std::string_view body) const override {
    return ParseErrorBody(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return RenderVendorError(error.vendor, error.error.message);
  }

  Result<chat::EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) const override {
    return ollama::ParseEmbeddingsRequest(body);
  }
  Result<wire::RenderedRequest> RenderEmbeddingsRequest(
      const chat::EmbeddingsRequest& request) const override {
    return ollama::RenderEmbeddingsRequest(request);
  }
  Result<chat::EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) const override {
    return ollama::ParseEmbeddingsAnswer(body);
  }
  std::string RenderEmbeddingsAnswer(const chat::EmbeddingsResponse& response) const override {
    return ollama::RenderEmbeddingsAnswer(response, form_);
  }

 private:
  Form form_;
};

}  // namespace

const wire::Dialect& DialectOf(Form form) {
  static const Ollama kChat(Form::kChat);
  static const Ollama kGenerate(Form::kGenerate);
  static const Ollama kOldEmbeddings(Form::kOldEmbeddings);
  return form == Form::kChat ? kChat : form == Form::kGenerate ? kGenerate : kOldEmbeddings;
}

const wire::Dialect& TheDialect() {
  return DialectOf(Form::kChat);
}

}  // namespace signalbox::ollama
