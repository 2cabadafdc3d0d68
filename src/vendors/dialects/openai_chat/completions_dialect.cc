#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/features.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Operation;
using core::ErrorCode;
using core::Result;
using json::Value;

// What a conversation has no word for is refused, unless it may be left out: those that are extras.
Result<chat::Request> ReadAsConversation(const Value& body) {
  SB_TRY(CompletionRequest completion, ParseCompletionRequest(body));
  if (completion.prompts.size() != 1 || !completion.prompts.front().tokens.empty()) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "prompt: a model that is spoken to in conversations takes one text",
                      "prompt");
  }
  for (const std::string_view field : {"suffix", "echo", "best_of"}) {
    if (wire::FindMember(completion.request.extra, field) != nullptr) {
      return core::Fail(
          ErrorCode::kInvalidRequest,
          std::string(field) + ": a model that is spoken to in conversations cannot be asked that",
          std::string(field));
    }
  }
  chat::Message message{.role = chat::Role::kUser};
  message.parts.push_back(
      {.content = chat::Text{.text = std::move(completion.prompts.front().text), .citations = {}}});
  completion.request.messages.push_back(std::move(message));
  completion.request.dialect = kCompletions;
  return std::move(completion.request);
}

// The older form as callers speak it. An upstream of ChatDialect takes it as it stands; to every
// other one the prompt is a conversation of one message.
class CompletionsDialect final : public wire::Dialect {
 public:
  std::string_view name() const override { return kCompletions; }
  std::string_view title() const override { return "OpenAI Completions"; }
  bool Has(Operation operation) const override { return operation == Operation::kCompletions; }
  const wire::FeatureTable& features() const override { return Features(); }
  std::string PathOf(Operation, std::string_view, bool) const override { return "/completions"; }

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
  Result<chat::Request> ParseRequest(const Value& body) const override {
    return ReadAsConversation(body);
  }
  Result<wire::RenderedRequest> RenderRequest(const chat::Request&,
                                              const wire::RequestTerms&) const override {
    return core::Fail(ErrorCode::kInvalidRequest, "no upstream is asked for completions by name");
  }
  Result<chat::Response> ParseAnswer(const Value& body) const override {
    return ParseCompletionAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return RenderCompletionAnswer(response);
  }
  std::unique_ptr<wire::StreamParser> NewStreamParser() const override {
    return TheDialect().NewStreamParser();
  }
  std::unique_ptr<wire::StreamRenderer> NewStreamRenderer(
      bool, const wire::AnswerTerms& terms) const override {
    return std::make_unique<CompletionStreamRenderer>(terms);
  }
  chat::VendorError ParseError(std::string_view body) const override {
    return ParseErrorBody(body);
  }
  std::string RenderError(const wire::ErrorAnswer& error) const override {
    return openai_chat::RenderError(error);
  }
};

}  // namespace

const wire::Dialect& Completions() {
  static const CompletionsDialect dialect;
  return dialect;
}

}  // namespace signalbox::openai_chat
