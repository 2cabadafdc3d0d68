#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/simple/form.h"
#include "vendors/dialects/simple/stream.h"

namespace signalbox::simple {
namespace {

using chat::Operation;
using core::ErrorCode;
using core::Result;
using json::Value;

// One prompt and what tunes its answer; the rest would make another request of it.
constexpr wire::FeatureTable kTable = {
    {wire::Feature::kSystem, wire::Support::kTranslated},  // in front of the prompt
    {wire::Feature::kThoughts, wire::Support::kDropped},
    {wire::Feature::kCacheMarkers, wire::Support::kDropped},
    {wire::Feature::kParticipantName, wire::Support::kDropped},
    {wire::Feature::kVerbosity, wire::Support::kDropped},
    {wire::Feature::kMaxTokens, wire::Support::kCarried},
    {wire::Feature::kTemperature, wire::Support::kCarried},
    {wire::Feature::kTopP, wire::Support::kDropped},
    {wire::Feature::kTopK, wire::Support::kDropped},
    {wire::Feature::kMinP, wire::Support::kDropped},
    {wire::Feature::kFrequencyPenalty, wire::Support::kDropped},
    {wire::Feature::kPresencePenalty, wire::Support::kDropped},
    {wire::Feature::kRepetitionPenalty, wire::Support::kDropped},
    {wire::Feature::kSeed, wire::Support::kDropped},
    {wire::Feature::kReasoningEffort, wire::Support::kDropped},
    {wire::Feature::kReasoningBudget, wire::Support::kDropped},
    {wire::Feature::kReasoningSwitch, wire::Support::kDropped},
    {wire::Feature::kReasoningSummary, wire::Support::kDropped},
    {wire::Feature::kReasoningHidden, wire::Support::kDropped},
    {wire::Feature::kMetadata, wire::Support::kDropped},
    {wire::Feature::kUser, wire::Support::kDropped},
    {wire::Feature::kSafetyIdentifier, wire::Support::kDropped},
    {wire::Feature::kPromptCacheKey, wire::Support::kDropped},
    {wire::Feature::kServiceTier, wire::Support::kDropped},
    {wire::Feature::kStore, wire::Support::kDropped},
};

Result<std::string> TextIn(const Value& body, std::string_view key) {
  const auto member = body.Find(key);
  if (!member || member->IsNull()) {
    return std::string();
  }
  auto text = member->AsString();
  if (!text) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      std::string(key).append(": a string was expected"), std::string(key));
  }
  return *std::move(text);
}

class SimpleDialect final : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return "the simple form"; }
  bool Has(Operation operation) const override { return operation == Operation::kChat; }
  const wire::FeatureTable& features() const override { return Features(); }
  std::string PathOf(Operation, std::string_view, bool) const override { return "/ai"; }

  Result<chat::Envelope> ReadEnvelope(const json::Document& body,
                                      Operation operation) const override {
    SB_TRY(chat::Envelope envelope, Dialect::ReadEnvelope(body, operation));
    SB_TRY(const std::string provider, TextIn(body.Root(), "provider"));
    const auto prompt = body.Root().Find("prompt");
    if (!prompt || !prompt->IsString() || prompt->Raw() == "\"\"") {
      return core::Fail(ErrorCode::kInvalidRequest, "prompt: a text was expected", "prompt");
    }
    envelope.model = ModelOf(provider, envelope.model);
    return envelope;
  }

  Result<chat::Request> ParseRequest(const Value& body) const override {
    return simple::ParseRequest(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                              const wire::RequestTerms&) const override {
    return simple::RenderRequest(request);
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return simple::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return simple::RenderAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return std::make_unique<StreamParser>();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(bool own,
                                                          const wire::AnswerTerms&) const override {
    return std::make_unique<StreamRenderer>(own);
  }

  chat::VendorError ParseError(std::string_view body) const override {
    return simple::ParseError(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return simple::RenderError(error);
  }
  bool TellsServed() const override { return true; }
  void AddServed(const wire::Served& served, chat::Response& response) const override {
    simple::AddServed(served, response);
  }
  void AddServed(const wire::Served& served, chat::EventBatch& events) const override {
    simple::AddServed(served, events);
  }
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

const wire::Dialect& TheDialect() {
  static const SimpleDialect dialect;
  return dialect;
}

}  // namespace signalbox::simple
