#include "vendors/dialects/workers_ai/features.h"

namespace signalbox::workers_ai {
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
    {Feature::kThoughts, Support::kDropped},
    {Feature::kRefusals, Support::kTranslated},         // as text
    {Feature::kToolResultMedia, Support::kTranslated},  // a user's message after the results
    {Feature::kToolResultError, Support::kDropped},     // its text says so
    {Feature::kCacheMarkers, Support::kDropped},
    {Feature::kTools, Support::kCarried},
    {Feature::kStrictTools, Support::kDropped},
    {Feature::kToolChoiceNone, Support::kCarried},
    {Feature::kToolChoiceRequired, Support::kCarried},
    {Feature::kToolChoiceNamed, Support::kTranslated},    // that tool alone, and any of them
    {Feature::kToolChoiceAllowed, Support::kTranslated},  // those tools alone
    {Feature::kOneCallAtATime, Support::kCarried},
    {Feature::kJsonObject, Support::kCarried},
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kLogprobs, Support::kCarried},  // by the models that answer in OpenAI's form
    {Feature::kPrediction, Support::kDropped},
    {Feature::kVerbosity, Support::kDropped},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kCarried},
    {Feature::kTopP, Support::kCarried},
    {Feature::kTopK, Support::kCarried},
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kCarried},
    {Feature::kPresencePenalty, Support::kCarried},
    {Feature::kRepetitionPenalty, Support::kCarried},
    {Feature::kSeed, Support::kCarried},
    {Feature::kLogitBias, Support::kDropped},
    {Feature::kReasoningEffort, Support::kCarried},
    {Feature::kReasoningBudget, Support::kDropped},
    {Feature::kReasoningSwitch, Support::kTranslated},  // chat_template_kwargs.enable_thinking
    {Feature::kReasoningSummary, Support::kDropped},
    {Feature::kReasoningHidden, Support::kDropped},
    {Feature::kMetadata, Support::kDropped},
    {Feature::kUser, Support::kDropped},
    {Feature::kSafetyIdentifier, Support::kDropped},
    {Feature::kPromptCacheKey, Support::kDropped},
    {Feature::kServiceTier, Support::kDropped},
    {Feature::kStore, Support::kDropped},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::workers_ai
