#include "vendors/dialects/openai_responses/dialect.h"

#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/errors.h"
#include "vendors/dialects/openai_responses/features.h"
#include "vendors/dialects/openai_responses/parse_request.h"
#include "vendors/dialects/openai_responses/render_request.h"
#include "vendors/dialects/openai_responses/stream_parser.h"
#include "vendors/dialects/openai_responses/stream_renderer.h"
#include "vendors/dialects/openai_responses/usage.h"

namespace signalbox::openai_responses {
namespace {

class Responses : public wire::Dialect {
 public:
  std::string_view name() const override { return kDialect; }
  std::string_view title() const override { return "OpenAI Responses"; }
  bool Has(chat::Operation operation) const override { return operation == chat::Operation::kChat; }
  const wire::FeatureTable& features() const override { return Features(); }
  bool HoldsForeign(std::string_view body) const override {
    return body.find("\"sb1.") != body.npos;  // somebody else's signature, see the README
  }
  std::string PathOf(chat::Operation, std::string_view, bool) const override {
    return "/responses";
  }

  // The usage alone is understood; the rest of the answer is only looked over.
  std::optional<catalog::Bill> ReadBill(std::string_view answer,
                                        json::Document& document) const override {
    if (!document.Parse(answer, {.unique_keys = false}) || !document.Root().IsObject()) {
      return std::nullopt;
    }
    const auto usage = document.Root().Find("usage");
    const auto tier = document.Root().Find("service_tier");
    std::string scratch;
    const std::string_view served = tier ? tier->AsText(scratch).value_or("") : "";
    return usage && usage->IsObject() ? BillOf(ParseUsage(*usage), served) : catalog::Bill{};
  }
  catalog::Bill BillOf(const chat::UsageReport& usage,
                       std::string_view service_tier) const override {
    return openai_responses::BillOf(usage, service_tier);
  }

  core::Result<chat::Request> ParseRequest(const json::Value& body) const override {
    return openai_responses::ParseRequest(body);
  }
  core::Result<wire::RenderedRequest> RenderRequest(
      const chat::Request& request, const wire::RequestTerms& terms) const override {
    return openai_responses::RenderRequest(request, terms);
  }
  core::Result<chat::Response> ParseAnswer(const json::Value& body) const override {
    return openai_responses::ParseAnswer(body);
  }
  std::string RenderAnswer(const chat::Response& response) const override {
    return openai_responses::RenderAnswer(response);
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
    return RenderErrorBody(error);
  }
};

}  // namespace

const wire::Dialect& TheDialect() {
  static const Responses kResponses;
  return kResponses;
}

}  // namespace signalbox::openai_responses
