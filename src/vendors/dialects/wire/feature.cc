#include "vendors/dialects/wire/feature.h"

namespace signalbox::wire {
namespace {

struct Row {
  Feature feature;
  std::string_view name;
};

constexpr Row kRows[] = {
    {Feature::kSystem, "system prompts"},
    {Feature::kSystemBetween, "a system prompt between turns"},
    {Feature::kParticipantName, "names of participants"},
    {Feature::kImageUrl, "images by URL"},
    {Feature::kImageData, "images inline"},
    {Feature::kImageFile, "images by file id"},
    {Feature::kImageDetail, "the detail of an image"},
    {Feature::kDocumentUrl, "documents by URL"},
    {Feature::kDocumentData, "documents inline"},
    {Feature::kDocumentFile, "documents by file id"},
    {Feature::kAudioUrl, "audio by URL"},
    {Feature::kAudioData, "audio inline"},
    {Feature::kVideo, "video"},
    {Feature::kThoughts, "thoughts of earlier turns"},
    {Feature::kRefusals, "refusals of earlier turns"},
    {Feature::kVendorParts, "parts of a vendor's own kind"},
    {Feature::kToolResultMedia, "media in tool results"},
    {Feature::kToolResultError, "tool results that failed"},
    {Feature::kCacheMarkers, "prompt-cache markers"},
    {Feature::kTools, "tools"},
    {Feature::kCustomTools, "tools with free text"},
    {Feature::kVendorTools, "tools that the vendor runs"},
    {Feature::kStrictTools, "strict tool arguments"},
    {Feature::kToolChoiceNone, "tool choice: none"},
    {Feature::kToolChoiceRequired, "tool choice: any tool"},
    {Feature::kToolChoiceNamed, "tool choice: one tool"},
    {Feature::kToolChoiceAllowed, "tool choice: some tools"},
    {Feature::kOneCallAtATime, "one call at a time"},
    {Feature::kJsonObject, "JSON answers"},
    {Feature::kJsonSchema, "answers by JSON schema"},
    {Feature::kSeveralChoices, "several choices"},
    {Feature::kLogprobs, "log probabilities"},
    {Feature::kAudioOut, "spoken answers"},
    {Feature::kImageOut, "images in answers"},
    {Feature::kPrediction, "predicted outputs"},
    {Feature::kVerbosity, "verbosity"},
    {Feature::kMaxTokens, "a bound on output"},
    {Feature::kStop, "stop sequences"},
    {Feature::kTemperature, "temperature"},
    {Feature::kTopP, "top_p"},
    {Feature::kTopK, "top_k"},
    {Feature::kMinP, "min_p"},
    {Feature::kFrequencyPenalty, "frequency penalty"},
    {Feature::kPresencePenalty, "presence penalty"},
    {Feature::kRepetitionPenalty, "repetition penalty"},
    {Feature::kSeed, "seed"},
    {Feature::kLogitBias, "logit bias"},
    {Feature::kReasoningEffort, "reasoning effort"},
    {Feature::kReasoningBudget, "reasoning budget"},
    {Feature::kReasoningSwitch, "reasoning on or off"},
    {Feature::kReasoningSummary, "reasoning summaries"},
    {Feature::kReasoningHidden, "hidden reasoning"},
    {Feature::kMetadata, "metadata"},
    {Feature::kUser, "user"},
    {Feature::kSafetyIdentifier, "safety identifier"},
    {Feature::kPromptCacheKey, "prompt-cache key"},
    {Feature::kServiceTier, "service tier"},
    {Feature::kStore, "store"},
};
static_assert(std::size(kRows) == kFeatures);

}  // namespace

std::string_view Name(Feature feature) {
  for (const Row& row : kRows) {
    if (row.feature == feature) {
      return row.name;
    }
  }
  return {};
}

std::string_view Name(Support support) {
  switch (support) {
    case Support::kRefused:
      return "refused";
    case Support::kDropped:
      return "dropped";
    case Support::kTranslated:
      return "translated";
    case Support::kFetched:
      return "fetched";
    case Support::kCarried:
      return "carried";
  }
  return {};
}

}  // namespace signalbox::wire
