#include "vendors/dialects/ollama/expressible.h"

#include <fmt/format.h>

#include "vendors/dialects/ollama/dialect.h"

namespace signalbox::ollama {
namespace {

using wire::Feature;
using wire::Support;

constexpr wire::FeatureTable kTable = {
    {Feature::kSystem, Support::kCarried},
    {Feature::kSystemBetween, Support::kCarried},
    {Feature::kParticipantName, Support::kDropped},
    {Feature::kImageUrl, Support::kFetched},
    {Feature::kImageData, Support::kCarried},
    {Feature::kImageDetail, Support::kDropped},
    {Feature::kThoughts, Support::kCarried},
    {Feature::kRefusals, Support::kTranslated},      // as text
    {Feature::kToolResultMedia, Support::kCarried},  // pictures
    {Feature::kToolResultError, Support::kDropped},  // its text says so
    {Feature::kCacheMarkers, Support::kDropped},
    {Feature::kTools, Support::kCarried},
    {Feature::kStrictTools, Support::kDropped},
    {Feature::kToolChoiceNone, Support::kTranslated},     // no tools
    {Feature::kToolChoiceAllowed, Support::kTranslated},  // those tools alone
    {Feature::kOneCallAtATime, Support::kDropped},
    {Feature::kJsonObject, Support::kCarried},
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kLogprobs, Support::kCarried},
    {Feature::kPrediction, Support::kDropped},
    {Feature::kVerbosity, Support::kDropped},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kCarried},
    {Feature::kTopP, Support::kCarried},
    {Feature::kTopK, Support::kCarried},
    {Feature::kMinP, Support::kCarried},
    {Feature::kFrequencyPenalty, Support::kCarried},
    {Feature::kPresencePenalty, Support::kCarried},
    {Feature::kRepetitionPenalty, Support::kCarried},
    {Feature::kSeed, Support::kCarried},
    {Feature::kLogitBias, Support::kDropped},
    {Feature::kReasoningEffort, Support::kTranslated},  // think: a level for gpt-oss, else true
    {Feature::kReasoningBudget, Support::kTranslated},  // think: true
    {Feature::kReasoningSwitch, Support::kCarried},
    {Feature::kReasoningSummary, Support::kDropped},
    {Feature::kReasoningHidden, Support::kDropped},
    {Feature::kMetadata, Support::kDropped},
    {Feature::kUser, Support::kDropped},
    {Feature::kSafetyIdentifier, Support::kDropped},
    {Feature::kPromptCacheKey, Support::kDropped},
    {Feature::kServiceTier, Support::kDropped},
    {Feature::kStore, Support::kDropped},
};

std::unexpected<core::Error> Cannot(const std::string& path, std::string_view what) {
  return core::Fail(core::ErrorCode::kInvalidRequest,
                    fmt::format("{}: Ollama cannot carry {}", path, what), path);
}

// A URL should have been fetched before; a thought without words says nothing here.
core::Status CheckPart(const chat::Part& part, const std::string& path,
                       std::vector<std::string>& dropped) {
  if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    return media->data.empty() ? Cannot(path, "an image that was not fetched") : core::Status{};
  }
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    if (thought->text.empty()) {
      dropped.push_back(path);
    }
  } else if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
    for (const chat::Part& inner : result->parts) {
      SB_CHECK_OK(CheckPart(inner, path, dropped));
    }
  }
  return {};
}

// What of a generate request no conversation can say.
core::Status CheckNoRaw(const chat::Request& request) {
  for (const chat::Message& message : request.messages) {
    for (const chat::Part& part : message.parts) {
      if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
        return core::Fail(core::ErrorCode::kInvalidRequest,
                          raw->type + ": Ollama's chat cannot carry it", raw->type);
      }
    }
  }
  return {};
}

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

core::Status CheckExpressible(const chat::Request& request, Form form,
                              std::vector<std::string>& dropped) {
  if (request.dialect == kDialect) {
    return form == Form::kChat ? CheckNoRaw(request) : core::Status{};
  }
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, kTable, "Ollama", dropped));
  if (request.tool_choice.mode == chat::ToolChoiceMode::kAllowed && request.tool_choice.required) {
    return Cannot("tool_choice", "tool choice: any tool");
  }
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    for (std::size_t j = 0; j < request.messages[i].parts.size(); ++j) {
      const std::string path = fmt::format("messages[{}].content[{}]", i, j);
      SB_CHECK_OK(CheckPart(request.messages[i].parts[j], path, dropped));
    }
  }
  return {};
}

}  // namespace signalbox::ollama
