#include "vendors/dialects/openai_responses/features.h"

namespace signalbox::openai_responses {
namespace {

using wire::Feature;
using wire::Support;

constexpr wire::FeatureTable kTable = {
    {Feature::kSystem, Support::kCarried},
    {Feature::kSystemBetween, Support::kCarried},
    {Feature::kParticipantName, Support::kDropped},
    {Feature::kImageUrl, Support::kCarried},
    {Feature::kImageData, Support::kCarried},
    {Feature::kImageFile, Support::kRefused},  // of another vendor's store
    {Feature::kImageDetail, Support::kCarried},
    {Feature::kDocumentUrl, Support::kCarried},
    {Feature::kDocumentData, Support::kCarried},
    {Feature::kDocumentFile, Support::kRefused},
    {Feature::kAudioUrl, Support::kRefused},
    {Feature::kAudioData, Support::kRefused},
    {Feature::kVideo, Support::kRefused},
    {Feature::kThoughts, Support::kTranslated},  // OpenAI's own; those of others are dropped
    {Feature::kRefusals, Support::kTranslated},  // as a text
    {Feature::kVendorParts, Support::kRefused},
    {Feature::kToolResultMedia, Support::kCarried},
    {Feature::kToolResultError, Support::kDropped},
    {Feature::kCacheMarkers, Support::kDropped},  // OpenAI finds prefixes by itself
    {Feature::kTools, Support::kCarried},
    {Feature::kCustomTools, Support::kCarried},
    {Feature::kVendorTools, Support::kRefused},
    {Feature::kStrictTools, Support::kCarried},
    {Feature::kToolChoiceNone, Support::kCarried},
    {Feature::kToolChoiceRequired, Support::kCarried},
    {Feature::kToolChoiceNamed, Support::kCarried},
    {Feature::kToolChoiceAllowed, Support::kCarried},
    {Feature::kOneCallAtATime, Support::kCarried},
    {Feature::kJsonObject, Support::kCarried},
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kSeveralChoices, Support::kRefused},
    {Feature::kLogprobs, Support::kTranslated},  // by `include`
    {Feature::kAudioOut, Support::kRefused},
    {Feature::kImageOut, Support::kRefused},
    {Feature::kPrediction, Support::kDropped},
    {Feature::kVerbosity, Support::kCarried},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kRefused},
    {Feature::kTemperature, Support::kCarried},
    {Feature::kTopP, Support::kCarried},
    {Feature::kTopK, Support::kDropped},
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kDropped},
    {Feature::kPresencePenalty, Support::kDropped},
    {Feature::kRepetitionPenalty, Support::kDropped},
    {Feature::kSeed, Support::kDropped},
    {Feature::kLogitBias, Support::kRefused},
    {Feature::kReasoningEffort, Support::kCarried},
    {Feature::kReasoningBudget, Support::kTranslated},  // an effort, or dropped
    {Feature::kReasoningSwitch, Support::kTranslated},  // effort none or medium
    {Feature::kReasoningSummary, Support::kCarried},
    {Feature::kReasoningHidden, Support::kTranslated},  // no summary is asked for
    {Feature::kMetadata, Support::kCarried},
    {Feature::kUser, Support::kCarried},
    {Feature::kSafetyIdentifier, Support::kCarried},
    {Feature::kPromptCacheKey, Support::kCarried},
    {Feature::kServiceTier, Support::kTranslated},
    {Feature::kStore, Support::kCarried},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::openai_responses
